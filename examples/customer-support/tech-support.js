/** The internal service that looks into problems. python/tech_support.py does the same. */
import { setTimeout as sleep } from "node:timers/promises";
import { Hono } from "hono";
import { listen } from "../listen.js";

const app = new Hono();

app.post("/tickets", async (c) => {
  const { problem } = await c.req.json();
  await sleep(90);
  console.log(`looked into: ${problem}`);
  return c.json({ resolution: "the account was locked and is open again" });
});

listen(app);
