/** Agent 2: answers technical questions. */
import { Hono } from "hono";
import { ask } from "../ask.js";
import { listen } from "../listen.js";
import { converse } from "./converse.js";
import { passedOn } from "./pass-on.js";

const app = new Hono();

app.post("/questions", async (c) => {
  const { question } = await c.req.json();
  const headers = passedOn(c);
  const answer = await converse({
    instructions: "You are the support agent of a shop. Ask tech support about accounts.",
    question,
    headers,
    tools: [
      {
        name: "ask_tech_support",
        description: "What tech support finds",
        parameter: "problem",
        work: async (problem) => {
          const { found } = await ask(`${process.env.GATEWAY_URL}/tech/tickets`, problem, headers);
          return found;
        },
      },
    ],
  });
  return c.json({ answer });
});

listen(app);
