/**
 * Starts three agents, three services and the model that they use, sends a customer's request through the gateway, prints
 * the answer and where its trace is, and stops everything. The gateway runs already: `clew gateway --config clew.yaml`.
 */
import { randomUUID } from "node:crypto";
import { post } from "../ask.js";
import { beside, withFleet } from "../fleet.js";

const { env } = process;
const { GATEWAY_URL = "http://127.0.0.1:4320", SESSION = randomUUID(), TASK = randomUUID() } = env;
const QUESTION = "Order 1001: was I charged twice? I cannot log in either. When does it arrive?";

const here = (file) => beside(import.meta.url, file);
const at = (name, usual) => ({ GATEWAY_URL, LISTEN_PORT: env[`${name}_PORT`] ?? usual });
const service = (name) => [process.execPath, here("services.js"), name];
const agent = (name) => [process.execPath, here(`${name}-agent.js`)];

await withFleet(async (fleet) => {
  await Promise.all([
    fleet.startModel(here("../customer-support/model.js"), at("MODEL", "9100")),
    fleet.start("main-agent", agent("main"), at("MAIN", "9101")),
    fleet.start("support-agent", agent("support"), at("SUPPORT", "9102")),
    fleet.start("orders-agent", agent("orders"), at("ORDERS", "9103")),
    fleet.start("payment-service", service("payment"), at("PAYMENT", "9104")),
    fleet.start("tech-support", service("tech"), at("TECH", "9105")),
    fleet.start("inventory", service("inventory"), at("INVENTORY", "9106")),
  ]);
  console.log(`customer: ${QUESTION}`);
  const ids = { "x-session-id": SESSION, "x-task-id": TASK };
  const response = await fetch(`${GATEWAY_URL}/agents/main/requests`, post({ message: QUESTION }, ids));
  const { answer } = await response.json();
  console.log(`main-agent: ${answer}`);
  console.log(`trace: ${response.headers.get("x-trace-id")}`);
  if (!response.ok) process.exitCode = 1;
});
