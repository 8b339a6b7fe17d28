/** Agent 1: finds out what a customer needs, and whom to ask for it. */
import { Hono } from "hono";
import OpenAI from "openai";
import { ask } from "../ask.js";
import { listen } from "../listen.js";

const INSTRUCTIONS = `You are the main agent of a shop's support. Verify the payment of an order first. Hand technical
problems to support, and questions about delivery to orders. Then answer in one message.`;
const { PAYMENT_URL, SUPPORT_URL, ORDERS_URL } = process.env;

const tool = (name, description, parameter, work) => ({
  type: "function",
  function: {
    name,
    description,
    parameters: { type: "object", properties: { [parameter]: { type: "string" } }, required: [parameter] },
    parse: JSON.parse,
    function: work,
  },
});

const TOOLS = [
  tool("verify_payment", "Whether an order is paid", "order", ({ order }) =>
    ask(`${PAYMENT_URL}/payments/verify`, { order }),
  ),
  tool("ask_support", "What support says about a technical problem", "question", ({ question }) =>
    ask(`${SUPPORT_URL}/support/questions`, { question }),
  ),
  tool("ask_orders", "When an order arrives", "order", ({ order }) =>
    ask(`${ORDERS_URL}/orders/questions`, { order }),
  ),
];

const client = new OpenAI();
const app = new Hono();

app.post("/requests", async (c) => {
  const { message } = await c.req.json();
  const run = client.chat.completions.runTools({
    model: "gpt-5-mini",
    stream: true,
    stream_options: { include_usage: true },
    messages: [
      { role: "system", content: INSTRUCTIONS },
      { role: "user", content: message },
    ],
    tools: TOOLS,
  });
  return c.json({ answer: await run.finalContent() });
});

listen(app);
