/** Takes records at once and publishes them when it comes to it: has a description written, and adds them. */
import Anthropic from "@anthropic-ai/sdk";
import { Hono } from "hono";
import { post } from "../ask.js";
import { listen } from "../listen.js";

const client = new Anthropic();

async function publish(record) {
  const { content } = await client.messages.create({
    model: "claude-sonnet-5",
    max_tokens: 200,
    system: "Describe the product in a sentence.",
    messages: [{ role: "user", content: record.title }],
  });
  const [{ text: description }] = content;
  const response = await fetch(`${process.env.CATALOGUE_URL}/products`, post({ ...record, description }));
  const { error } = await response.json();
  console.log(`record ${record.id}: ${error ?? "published"}.`);
}

const app = new Hono();

app.post("/records", async (c) => {
  const record = await c.req.json();
  publish(record).catch((error) => console.error(error));
  return c.json({ accepted: true }, 202);
});

listen(app);
