/** `node services.js payment|tech|inventory`: what the agents ask. None of the three calls anybody. */
import { setTimeout as sleep } from "node:timers/promises";
import { Hono } from "hono";
import { listen } from "../listen.js";

const app = new Hono();
const [service] = process.argv.slice(2);

if (service === "payment") {
  app.post("/verify", async (c) => {
    const { order } = await c.req.json();
    await sleep(60);
    return c.json({ order, paid: true, charges: 1 });
  });
}
if (service === "tech") {
  app.post("/tickets", async (c) => {
    await sleep(40);
    return c.json({ found: "the account was locked and is open again" });
  });
}
if (service === "inventory") {
  app.get("/stock/:sku", async (c) => {
    await sleep(30);
    return c.json({ sku: c.req.param("sku"), pieces: 7 });
  });
}

listen(app);
