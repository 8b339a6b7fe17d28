/** What is known of users. Its database is slow at times, and its log says nothing of it. */
import { setTimeout as sleep } from "node:timers/promises";
import { Hono } from "hono";
import { listen } from "../listen.js";
import { luck } from "../luck.js";

const SLOW_SHARE = 0.15;
const next = luck(Number(process.env.SEED));

const app = new Hono();

app.get("/users/:user", async (c) => {
  const user = c.req.param("user");
  await sleep(next() < SLOW_SHARE ? Number(process.env.SLOW_MS) : 5);
  console.log(`fetched ${user}`);
  return c.json({ user, products: ["product1", "product2"] });
});

listen(app);
