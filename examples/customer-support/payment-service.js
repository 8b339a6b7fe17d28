/** An external service. */
import { setTimeout as sleep } from "node:timers/promises";
import { Hono } from "hono";
import { listen } from "../listen.js";

const app = new Hono();

app.post("/payments/verify", async (c) => {
  const { order } = await c.req.json();
  await sleep(60);
  console.log(`payment of order ${order} is verified`);
  return c.json({ order, paid: true, charges: 1 });
});

listen(app);
