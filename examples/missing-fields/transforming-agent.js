/** Takes records from the old system, has the model write a title for each, and pushes them to the next agent. */
import { Hono } from "hono";
import OpenAI from "openai";
import { post } from "../ask.js";
import { listen } from "../listen.js";

const { LEGACY_URL, PUBLISHER_URL } = process.env;
const client = new OpenAI();

/** Resolves as soon as the record has a name. That the rest may come later is the mistake. */
async function fetchRecord(id) {
  const response = await fetch(`${LEGACY_URL}/records/${id}`);
  const record = {};
  const { promise, resolve, reject } = Promise.withResolvers();
  const read = async () => {
    for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
      for (const [, key, value] of piece.matchAll(/^(\w+): (.*)$/gm)) record[key] = value;
      if (record.name !== undefined) resolve(record);
    }
  };
  read().catch(reject);
  return await promise;
}

const app = new Hono();

app.post("/transfers", async (c) => {
  const record = await fetchRecord((await c.req.json()).record);
  const fields = { ...record };
  const { choices } = await client.chat.completions.create({
    model: "gpt-5-mini",
    messages: [
      { role: "system", content: "Write a title for the product in one line." },
      { role: "user", content: JSON.stringify(fields) },
    ],
  });
  await fetch(`${PUBLISHER_URL}/records`, post({ ...fields, title: choices[0].message.content }));
  console.log("Data pushed to downstream agent.");
  return c.json({ moved: true });
});

listen(app);
