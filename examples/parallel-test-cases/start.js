/**
 * Starts the agents of ../customer-support, runs all test cases of cases.json against them at the same time, says
 * which passed, and stops everything. Every case says who it is in the W3C header `baggage`.
 */
import { readFileSync } from "node:fs";
import { post } from "../ask.js";
import { startShop } from "../customer-support/shop.js";
import { beside, withFleet } from "../fleet.js";

const { RUN = "run-1" } = process.env;
const CASES = JSON.parse(readFileSync(beside(import.meta.url, "cases.json"), "utf8"));

await withFleet(async (fleet) => {
  const chatbot = await startShop(fleet);
  const results = await Promise.all(
    CASES.map(async ({ id, message, expect }) => {
      const baggage = `test.case.id=${id},test.suite.run.id=${RUN}`;
      const response = await fetch(`${chatbot}/chat`, post({ message }, { baggage }));
      const { answer } = await response.json();
      return { id, passed: answer.includes(expect), answer };
    }),
  );
  for (const { id, passed, answer } of results) console.log(`${passed ? "pass" : "FAIL"}  ${id}  ${answer}`);
});
