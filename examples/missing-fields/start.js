/**
 * Starts two agents that move records from an old system into a catalogue, has them move some, and stops everything.
 * Some records arrive with fields missing: `SEED` says which ones come late, `LATE_MS` how late.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { ask } from "../ask.js";
import { beside, withFleet } from "../fleet.js";

const { RECORDS = "10", SEED = "5", LATE_MS = "300" } = process.env;
const node = (file) => [process.execPath, beside(import.meta.url, file)];

await withFleet(async (fleet) => {
  const [model, legacy, catalogue] = await Promise.all([
    fleet.startModel(beside(import.meta.url, "model.js")),
    fleet.start("legacy-system", node("legacy-system.js"), { SEED, LATE_MS }),
    fleet.start("catalogue", node("catalogue.js")),
  ]);
  const models = {
    OPENAI_BASE_URL: `${model}/v1`,
    OPENAI_API_KEY: "none",
    ANTHROPIC_BASE_URL: model,
    ANTHROPIC_API_KEY: "none",
  };
  const publisher = await fleet.start("publishing-agent", node("publishing-agent.js"), {
    ...models,
    CATALOGUE_URL: catalogue,
  });
  const transformer = await fleet.start("transforming-agent", node("transforming-agent.js"), {
    ...models,
    LEGACY_URL: legacy,
    PUBLISHER_URL: publisher,
  });
  for (let record = 1; record <= Number(RECORDS); record++) {
    const published = fleet.until(`record ${record}:`);
    await ask(`${transformer}/transfers`, { record });
    await published;
  }
  // The rest of the last one may be on its way.
  await sleep(Number(LATE_MS));
});
