import { beside, pythonWith } from "../fleet.js";

const here = (file) => beside(import.meta.url, file);
const node = (file) => [process.execPath, here(file)];

/** Starts everything, whom others need first; the chatbot's address. */
export async function startShop(fleet) {
  const python = pythonWith("fastapi", "uvicorn", "httpx", "anthropic");
  const either = (module, file) =>
    python === undefined
      ? node(file)
      : [
          python,
          "-m",
          "uvicorn",
          `${module}:app`,
          "--no-access-log",
          "--port",
          "0",
          "--app-dir",
          here("python"),
        ];

  const [model, payment, techSupport, inventory] = await Promise.all([
    fleet.startModel(here("model.js")),
    fleet.start("payment-service", node("payment-service.js")),
    fleet.start("tech-support", either("tech_support", "tech-support.js")),
    fleet.start("inventory", node("inventory.js")),
  ]);
  const models = {
    OPENAI_BASE_URL: `${model}/v1`,
    OPENAI_API_KEY: "none",
    ANTHROPIC_BASE_URL: model,
    ANTHROPIC_API_KEY: "none",
  };
  const [support, orders] = await Promise.all([
    fleet.start("support-agent", either("support_agent", "support-agent.js"), {
      ...models,
      TECH_SUPPORT_URL: techSupport,
    }),
    fleet.start("orders-agent", node("orders-agent.js"), { ...models, INVENTORY_URL: inventory }),
  ]);
  const main = await fleet.start("main-agent", node("main-agent.js"), {
    ...models,
    PAYMENT_URL: payment,
    SUPPORT_URL: support,
    ORDERS_URL: orders,
  });
  return await fleet.start("chatbot", node("chatbot.js"), { MAIN_AGENT_URL: main });
}
