/** Takes whole products only. */
import { Hono } from "hono";
import { listen } from "../listen.js";

const FIELDS = ["id", "name", "price", "stock", "title", "description"];

const app = new Hono();

app.post("/products", async (c) => {
  const product = await c.req.json();
  const missing = FIELDS.filter((field) => product[field] === undefined);
  if (missing.length > 0) return c.json({ error: `missing fields: ${missing.join(", ")}` }, 422);
  return c.json({ id: product.id }, 201);
});

listen(app);
