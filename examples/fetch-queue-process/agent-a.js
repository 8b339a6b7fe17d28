/** Agent A: fetches data and sends it on. */
import { Hono } from "hono";
import { ask } from "../ask.js";
import { listen } from "../listen.js";
import { openQueue } from "./queue.js";

const queue = await openQueue();
const app = new Hono();

app.post("/fetch_data_from_api", async (c) => {
  const { id } = await c.req.json();
  const data = await ask(`${process.env.API_URL}/data/${id}`);
  await queue.send({ data });
  console.log(`fetched ${id}, sent to agent B`);
  return c.json({ sent: true }, 202);
});

listen(app);
process.once("SIGTERM", () => queue.close());
