/** Where customers write to. */
import { Hono } from "hono";
import { ask } from "../ask.js";
import { listen } from "../listen.js";

const app = new Hono();

app.post("/chat", async (c) => {
  const { message } = await c.req.json();
  try {
    const { answer } = await ask(`${process.env.MAIN_AGENT_URL}/requests`, { message });
    return c.json({ answer });
  } catch {
    return c.json({ answer: "Sorry, something went wrong. Please try again later." }, 502);
  }
});

listen(app);
