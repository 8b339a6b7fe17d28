/** Stock and availability. Nobody has told it yet on which shelves the mugs are. */
import { setTimeout as sleep } from "node:timers/promises";
import { Hono } from "hono";
import { listen } from "../listen.js";

const STOCK = {
  "lamp-brass": { shelves: [{ pieces: 3 }, { pieces: 4 }] },
  "mug-blue": { name: "mug, blue" },
};

const app = new Hono();

app.get("/stock/:sku", async (c) => {
  const sku = c.req.param("sku");
  await sleep(30);
  const pieces = STOCK[sku].shelves.reduce((sum, shelf) => sum + shelf.pieces, 0);
  return c.json({ sku, pieces });
});

listen(app);
