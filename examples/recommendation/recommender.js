/** Recommends products to a user: fetches what is known of the user, and has the model choose. */
import { Hono } from "hono";
import OpenAI from "openai";
import { ask } from "../ask.js";
import { listen } from "../listen.js";

const INSTRUCTIONS =
  "You recommend products. Fetch the user's data, have recommendations made of it, and name them.";

const tool = (name, description, properties, work) => ({
  type: "function",
  function: {
    name,
    description,
    parameters: { type: "object", properties, required: Object.keys(properties) },
    parse: JSON.parse,
    function: work,
  },
});

const client = new OpenAI();
const app = new Hono();

const TOOLS = [
  tool("fetch_user_data", "What a user has bought", { user: { type: "string" } }, ({ user }) =>
    ask(`${process.env.USER_DATA_URL}/users/${user}`),
  ),
  tool(
    "generate_recommendations",
    "Products that go with others",
    { products: { type: "array", items: { type: "string" } } },
    async ({ products }) => {
      const { output_text } = await client.responses.create({
        model: "gpt-5-mini",
        instructions: "Name two products that go with those of the user, separated by a comma.",
        input: products.join(", "),
      });
      return { recommendations: output_text.split(", ") };
    },
  ),
];

app.post("/recommend_products", async (c) => {
  const { user } = await c.req.json();
  const run = client.chat.completions.runTools({
    model: "gpt-5-mini",
    messages: [
      { role: "system", content: INSTRUCTIONS },
      { role: "user", content: `What do you recommend to ${user}?` },
    ],
    tools: TOOLS,
  });
  return c.json({ answer: await run.finalContent() });
});

listen(app);
