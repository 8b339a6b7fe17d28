/**
 * Starts the agents and services of a shop's support, lets two customers ask, prints the answers and stops
 * everything. `--serve` waits for customers of yours instead, until Ctrl-C. The support agent and tech support run in
 * Python where `PYTHON` or `python3` has what python/requirements.txt lists, else in Node.
 */
import { post } from "../ask.js";
import { withFleet } from "../fleet.js";
import { startShop } from "./shop.js";

const CUSTOMERS = [
  { name: "ana", message: "Order 1001: was I charged twice? I cannot log in either. When does it arrive?" },
  { name: "ben", message: "Order 1002: is my payment through? I cannot log in. When does it arrive?" },
];

await withFleet(async (fleet, ended) => {
  const chatbot = await startShop(fleet);
  if (process.argv.includes("--serve")) {
    console.log(`The chatbot is at ${chatbot}`);
    return await ended;
  }
  for (const { name, message } of CUSTOMERS) {
    console.log(`${name}: ${message}`);
    const response = await fetch(`${chatbot}/chat`, post({ message }, { baggage: `user.id=${name}` }));
    console.log(`chatbot: ${(await response.json()).answer}`);
  }
});
