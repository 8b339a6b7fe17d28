/** Agent 1: finds out what a customer needs, and whom to ask for it. */
import { Hono } from "hono";
import { ask } from "../ask.js";
import { listen } from "../listen.js";
import { converse } from "./converse.js";
import { passedOn } from "./pass-on.js";

const { GATEWAY_URL } = process.env;
const app = new Hono();

app.post("/requests", async (c) => {
  const { message } = await c.req.json();
  const headers = passedOn(c);
  const answer = await converse({
    instructions: "You are the main agent of a shop's support. Verify the payment of an order first.",
    question: message,
    headers,
    tools: [
      {
        name: "verify_payment",
        description: "Whether an order is paid",
        parameter: "order",
        work: (order) => ask(`${GATEWAY_URL}/payment/verify`, order, headers),
      },
      {
        name: "ask_support",
        description: "What support says about a technical problem",
        parameter: "question",
        work: (question) => ask(`${GATEWAY_URL}/agents/support/questions`, question, headers),
      },
      {
        name: "ask_orders",
        description: "When an order arrives",
        parameter: "order",
        work: (order) => ask(`${GATEWAY_URL}/agents/orders/questions`, order, headers),
      },
    ],
  });
  return c.json({ answer });
});

listen(app);
