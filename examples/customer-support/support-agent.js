/** Agent 2: answers technical questions with the help of tech support. python/support_agent.py does the same. */
import Anthropic from "@anthropic-ai/sdk";
import { Hono } from "hono";
import { ask } from "../ask.js";
import { listen } from "../listen.js";

const INSTRUCTIONS = "You are the support agent of a shop. Let tech support look into every problem.";
const TOOL = {
  name: "ask_tech_support",
  description: "Has tech support look into a problem",
  input_schema: { type: "object", properties: { problem: { type: "string" } }, required: ["problem"] },
};

const client = new Anthropic();
const app = new Hono();

app.post("/support/questions", async (c) => {
  const { question } = await c.req.json();
  const messages = [{ role: "user", content: question }];
  for (;;) {
    const { content } = await client.messages
      .stream({
        model: "claude-sonnet-5",
        max_tokens: 500,
        system: INSTRUCTIONS,
        messages,
        tools: [TOOL],
      })
      .finalMessage();
    const calls = content.filter(({ type }) => type === "tool_use");
    if (calls.length === 0) return c.json({ answer: content.map(({ text }) => text).join("") });
    const results = [];
    for (const { id, input } of calls) {
      const { resolution } = await ask(`${process.env.TECH_SUPPORT_URL}/tickets`, input);
      results.push({ type: "tool_result", tool_use_id: id, content: resolution });
    }
    messages.push({ role: "assistant", content }, { role: "user", content: results });
  }
});

listen(app);
