/** Where the data comes from. */
import { setTimeout as sleep } from "node:timers/promises";
import { Hono } from "hono";
import { listen } from "../listen.js";

const app = new Hono();

app.get("/data/:id", async (c) => {
  await sleep(20);
  return c.json({ id: c.req.param("id"), value: "some_value" });
});

listen(app);
