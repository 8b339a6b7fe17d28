/**
 * Starts a recommendation agent and the service with its users' data, asks for recommendations for one user after
 * the other, and stops everything. Fetching a user's data is sometimes slow: `SEED` says when, `SLOW_MS` how slow.
 */
import { ask } from "../ask.js";
import { beside, withFleet } from "../fleet.js";

const { USERS = "20", SEED = "15", SLOW_MS = "800" } = process.env;
const node = (file) => [process.execPath, beside(import.meta.url, file)];

await withFleet(async (fleet) => {
  const [model, userData] = await Promise.all([
    fleet.startModel(beside(import.meta.url, "model.js")),
    fleet.start("user-data", node("user-data.js"), { SEED, SLOW_MS }),
  ]);
  const recommender = await fleet.start("recommender", node("recommender.js"), {
    OPENAI_BASE_URL: `${model}/v1`,
    OPENAI_API_KEY: "none",
    USER_DATA_URL: userData,
  });
  for (let user = 1; user <= Number(USERS); user++) {
    const started = performance.now();
    const headers = { baggage: `user.id=user-${user}` };
    const { answer } = await ask(`${recommender}/recommend_products`, { user: `user-${user}` }, headers);
    console.log(`user-${user}: ${answer} (${Math.round(performance.now() - started)} ms)`);
  }
});
