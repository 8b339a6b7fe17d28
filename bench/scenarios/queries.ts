import { readFileSync } from "node:fs";
import type { Figure, FigureName } from "../figures.ts";
import { say } from "../progress.ts";
import { median, quantile } from "../quantiles.ts";
import { type RunningLoad, runLoad, startLoad } from "../run-load.ts";
import type { Scenario } from "../scenario.ts";
import { ServerProcess } from "../server-process.ts";
import type { SentTrace } from "../template.ts";

const DAY_MS = 86_400_000;
const RATE_MEANWHILE = 10_000;
const LONGEST_MEANWHILE_S = 300;
const RED = readFileSync(new URL("../red.sql", import.meta.url), "utf8");

/** A question with what its answer has to have. */
interface Question {
  readonly name: FigureName;
  /** Throws when the answer is not right. */
  ask(trace: SentTrace): Promise<void>;
}

/** Questions to a store that has a day of spans, while more arrive. */
export const queries: Scenario = {
  gives: ["by-id", "by-session", "newest", "red"],
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
      return await askAll(server, loaded.kept, quick ? 20 : 100);
    } finally {
      await ended(meanwhile);
    }
  },
};

async function ended(load: RunningLoad): Promise<void> {
  load.stop();
  await load.result.catch((error: Error) => say(error.message));
}

async function askAll(
  server: ServerProcess,
  traces: readonly SentTrace[],
  rounds: number,
): Promise<Figure[]> {
  const questions = questionsTo(server);
  const times = new Map<FigureName, number[]>(questions.map(({ name }) => [name, []]));
  const failures = new Map<FigureName, string>();
  for (let round = -3; round < rounds; round++) {
    const trace = traces[(round + 3) % traces.length]!;
    for (const { name, ask } of questions) {
      const begunAt = performance.now();
      try {
        await ask(trace);
      } catch (error) {
        failures.set(name, (error as Error).message.split("\n")[0]!.slice(0, 120));
      }
      // The first rounds load marks and compile code.
      if (round >= 0) times.get(name)!.push(performance.now() - begunAt);
    }
  }
  return questions.map(({ name }) => {
    const of = times.get(name)!;
    const failure = failures.get(name);
    if (failure !== undefined) return { name, value: Number.NaN, note: failure };
    return { name, value: median(of), note: `p95 ${quantile(of, 0.95).toFixed(1)} ms, ${of.length} times` };
  });
}

function questionsTo({ api, engine }: ServerProcess): Question[] {
  return [
    {
      name: "by-id",
      async ask(trace) {
        const { n } = await api.trace(trace.traceId);
        expect(n === trace.spans, `${n} of ${trace.spans} spans`);
      },
    },
    {
      name: "by-session",
      async ask(trace) {
        const { items } = await api.traces({ session: trace.session });
        expect(
          items.some(({ traceId }) => traceId === trace.traceId),
          "the trace is not among its session's",
        );
      },
    },
    {
      name: "newest",
      async ask() {
        const { items } = await api.traces({ limit: 50 });
        expect(items.length === 50, `${items.length} traces`);
      },
    },
    {
      name: "red",
      async ask() {
        const to = Math.ceil(Date.now() / 1000);
        const rows = await engine.query<{ calls: number }>(RED, { from: to - 86_400, to });
        expect(rows.length > 1000, `${rows.length} buckets`);
      },
    },
  ];
}

function expect(isRight: boolean, otherwise: string): void {
  if (!isRight) throw new Error(otherwise);
}
