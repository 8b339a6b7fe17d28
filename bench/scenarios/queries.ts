import { askAll } from "../ask-all.ts";
import { say } from "../progress.ts";
import { questionsTo } from "../questions.ts";
import { type RunningLoad, runLoad, startLoad } from "../run-load.ts";
import type { Scenario } from "../scenario.ts";
import { ServerProcess } from "../server-process.ts";

const DAY_MS = 86_400_000;
const RATE_MEANWHILE = 10_000;
const LONGEST_MEANWHILE_S = 300;

/** Questions to a store that has a day of spans, while more arrive. */
export const queries: Scenario = {
  gives: [
    "by-id",
    "by-session",
    "newest",
    "red",
    "attribute",
    "attribute-often",
    "structure",
    "rate-by-agent",
  ],
  async run({ quick }) {
    await using server = await ServerProcess.start();
    const port = server.ports.grpc;
    const spans = quick ? 500_000 : 10_000_000;
    const toMs = Date.now();
    const clock = { fromMs: toMs - DAY_MS, toMs };
    say(`loading ${spans} spans of 24 hours`);
    const loaded = await runLoad({ port, spansPerRequest: 100, spans, clock, keep: 500 });
    await server.whenStored(loaded.acknowledgedSpans, 900_000);
    say(`loaded in ${loaded.seconds.toFixed(0)} s; waiting for merges`);
    await server.whenQuiet(quick ? 20_000 : 120_000);
    say(`asking while ${RATE_MEANWHILE} spans/s arrive`);
    const meanwhile = await startLoad({
      port,
      spansPerRequest: 100,
      rate: RATE_MEANWHILE,
      seconds: LONGEST_MEANWHILE_S,
      inFlight: 400,
      seed: 2000,
    });
    try {
      return await askAll(await questionsTo(server), loaded.kept, quick ? 20 : 100);
    } finally {
      await ended(meanwhile);
    }
  },
};

async function ended(load: RunningLoad): Promise<void> {
  load.stop();
  await load.result.catch((error: Error) => say(error.message));
}
