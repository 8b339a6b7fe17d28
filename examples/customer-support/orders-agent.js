/** Agent 3: answers questions about orders. */
import { Hono } from "hono";
import OpenAI from "openai";
import { ask } from "../ask.js";
import { listen } from "../listen.js";

const ORDERS = { 1001: "lamp-brass", 1002: "mug-blue" };
const TOOL = {
  type: "function",
  name: "check_stock",
  description: "Whether a product is there",
  strict: false,
  parameters: { type: "object", properties: { sku: { type: "string" } }, required: ["sku"] },
};

const client = new OpenAI();
const app = new Hono();

app.post("/orders/questions", async (c) => {
  const { order } = await c.req.json();
  const request = {
    model: "gpt-5-mini",
    instructions: "You are the orders agent of a shop. Check the stock before you say when an order arrives.",
    input: [
      { role: "user", content: `When does order ${order} (product ${ORDERS[order] ?? "none"}) arrive?` },
    ],
    tools: [TOOL],
  };
  const response = await client.responses.create(request);
  for (const item of response.output) {
    if (item.type !== "function_call") continue;
    const stock = await ask(`${process.env.INVENTORY_URL}/stock/${JSON.parse(item.arguments).sku}`);
    const result = { type: "function_call_output", call_id: item.call_id, output: JSON.stringify(stock) };
    request.input.push(item, result);
  }
  let answer = "";
  for await (const event of await client.responses.create({ ...request, stream: true })) {
    if (event.type === "response.output_text.delta") answer += event.delta;
  }
  return c.json({ answer });
});

listen(app);
