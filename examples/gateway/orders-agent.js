/** Agent 3: answers questions about orders. */
import { Hono } from "hono";
import { ask } from "../ask.js";
import { listen } from "../listen.js";
import { converse } from "./converse.js";
import { passedOn } from "./pass-on.js";

const app = new Hono();

app.post("/questions", async (c) => {
  const { order } = await c.req.json();
  const headers = passedOn(c);
  const answer = await converse({
    instructions: "You are the orders agent of a shop. Check the stock before you say when an order arrives.",
    question: `When does order ${order} (product lamp-brass) arrive?`,
    headers,
    tools: [
      {
        name: "check_stock",
        description: "Whether a product is there",
        parameter: "sku",
        work: ({ sku }) => ask(`${process.env.GATEWAY_URL}/inventory/stock/${sku}`, undefined, headers),
      },
    ],
  });
  return c.json({ answer });
});

listen(app);
