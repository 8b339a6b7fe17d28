import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { MetricsSeries } from "@clew/protocol/api/metrics";
import { evaluateMetrics } from "@clew/protocol/traceql/naive/evaluate-metrics";
import { type TraceView, viewTrace } from "@clew/protocol/traceql/naive/trace-view";
import { parse } from "@clew/protocol/traceql/parse";
import { seededRandom } from "@clew/protocol/traceql/testing/seeded-random";
import { TraceQlError } from "@clew/protocol/traceql/traceql-error";
import { shownValue } from "../shown-value.ts";
import { METRICS_QUERIES } from "../testing/metrics-queries.ts";
import { type OddStore, openOddStore } from "../testing/odd-store.ts";
import { randomMetrics } from "../testing/random-metrics.ts";
import { type MetricsRequest, metrics } from "./metrics.ts";

const SEED = 20_262;
const TRACES = 5000;
const RANDOM_QUERIES = 60;
const SECOND = 1_000_000_000n;

let opened: OddStore;
let views: readonly TraceView[];
let times: readonly (readonly [name: string, time: Omit<MetricsRequest, "query">])[];

before(async () => {
  opened = await openOddStore(SEED, TRACES);
  views = opened.traces.map(viewTrace);
  const first = opened.traces[0]!.spans[0]!.start;
  const last = opened.traces.at(-1)!.spans[0]!.start;
  times = [
    ["all, five minutes", { fromNs: first, toNs: last, stepNs: 300n * SECOND }],
    [
      "a part, 97 s",
      { fromNs: first + 700n * SECOND, toNs: last - 900n * SECOND, stepNs: 97n * SECOND, onceUpTo: 0 },
    ],
    ["all, twenty minutes", { fromNs: first - 3600n * SECOND, toNs: last, stepNs: 1200n * SECOND }],
    ["one point", { fromNs: first + 1000n * SECOND, toNs: last - 1000n * SECOND, stepNs: "none" }],
  ];
});

after(() => opened?.close());

/** Series by their labels as text; points without a value are null. */
type Shown = ReadonlyMap<string, readonly (number | null)[]>;

function keyOf(labels: MetricsSeries["labels"]): string {
  return JSON.stringify(labels.toSorted((a, b) => ((a.key ?? "") < (b.key ?? "") ? -1 : 1)));
}

async function answered(text: string, time: Omit<MetricsRequest, "query">): Promise<Shown> {
  const { series, partial, truncated, timesMs } = await metrics(opened.store, {
    query: text,
    ...time,
    timeoutMs: 60_000,
  });
  assert.deepEqual([partial, truncated], [undefined, undefined], text);
  for (const { values } of series) assert.ok([0, timesMs.length].includes(values.length));
  return new Map(series.map(({ labels, values }) => [keyOf(labels), values]));
}

function expected(text: string, { fromNs, toNs, stepNs }: Omit<MetricsRequest, "query">): Shown {
  const query = parse(text);
  assert.ok(query.kind === "metrics");
  const step = stepNs === "none" ? undefined : stepNs;
  const series = evaluateMetrics(query, views, { start: fromNs, end: toNs, step });
  return new Map(
    series.map(({ labels, values }) => [
      keyOf(
        labels.map(({ name, value }) => {
          const shown = shownValue(value);
          return { key: name, ...(shown && { value: shown }) };
        }),
      ),
      values.map((value) => (Number.isFinite(value) ? value : null)),
    ]),
  );
}

/** What differs first; undefined when nothing does. */
function difference(answer: Shown, wanted: Shown): string | undefined {
  for (const key of wanted.keys()) if (!answer.has(key)) return `lacks ${key}`;
  for (const [key, values] of answer) {
    const others = wanted.get(key);
    if (others === undefined) return `has ${key}`;
    const at = values.findIndex((value, place) => !isClose(value, others[place] ?? null));
    if (at >= 0) return `${key} is ${values[at]} at ${at}, not ${others[at]}`;
  }
  return undefined;
}

function isClose(a: number | null, b: number | null): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}

/** Which of the queries are answered otherwise; so many of them have an answer at all. */
async function compareAll(queries: readonly string[], share: number): Promise<readonly string[]> {
  const differing: string[] = [];
  let telling = 0;
  const left = [...queries.entries()];
  const work = async () => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const [index, text] = next;
      const [name, time] = times[index % times.length]!;
      const wanted = expected(text, time);
      if (wanted.size > 0) telling += 1;
      const found = await answered(text, time).then(
        (answer) => difference(answer, wanted),
        (error: unknown) => String(error),
      );
      if (found !== undefined) differing.push(`${text} (${name}): ${found}`);
    }
  };
  await Promise.all([work(), work()]);
  assert.ok(telling > queries.length * share, `only ${telling} queries have an answer`);
  return differing;
}

test("the store answers as the evaluator does, query by query", { timeout: 600_000 }, async () => {
  assert.ok(METRICS_QUERIES.length > 150);
  assert.deepEqual(await compareAll(METRICS_QUERIES, 0.9), []);
});

test("random queries are answered as the evaluator does", { timeout: 600_000 }, async () => {
  const random = seededRandom(SEED);
  const queries: string[] = [];
  while (queries.length < RANDOM_QUERIES) {
    const text = randomMetrics(random);
    if (isValid(text)) queries.push(text);
  }
  assert.deepEqual(await compareAll(queries, 0.6), []);
});

function isValid(text: string): boolean {
  try {
    return parse(text).kind === "metrics";
  } catch (error) {
    if (error instanceof TraceQlError) return false;
    throw error;
  }
}
