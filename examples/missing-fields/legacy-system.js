/** An old system that sends a record as lines, and sometimes the second half of it later. */
import { setTimeout as sleep } from "node:timers/promises";
import { Hono } from "hono";
import { stream } from "hono/streaming";
import { listen } from "../listen.js";
import { luck } from "../luck.js";

const LATE_SHARE = 0.3;
const next = luck(Number(process.env.SEED));

const app = new Hono();

app.get("/records/:record", (c) => {
  const record = c.req.param("record");
  const isLate = next() < LATE_SHARE;
  return stream(c, async (out) => {
    const [first, second] = [`id: ${record}\nname: lamp ${record}\n`, `price: 40\nstock: 7\n`];
    if (!isLate) return void (await out.write(first + second));
    await out.write(first);
    await sleep(Number(process.env.LATE_MS));
    await out.write(second);
  });
});

listen(app);
