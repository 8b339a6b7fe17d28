import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { KNOWN_TRACES, START_S } from "../testing/known-traces.ts";
import { recorded, type ServedCompatible, serveCompatible } from "../testing/serve-compatible.ts";

let empty: ServedCompatible;
let server: ServedCompatible;

before(async () => {
  [empty, server] = await Promise.all([serveCompatible(), serveCompatible()]);
  await server.send(KNOWN_TRACES);
});

after(() => Promise.all([empty?.close(), server?.close()]));

/** From just before the first trace to just behind the second. */
const WHOLE = { start: `${START_S - 10}`, end: `${START_S + 80}` };

const range = (parameters: Record<string, string>) =>
  `/tempo/api/metrics/query_range?${new URLSearchParams(parameters)}`;
const instant = (parameters: Record<string, string>) =>
  `/tempo/api/metrics/query?${new URLSearchParams(parameters)}`;

interface Told {
  readonly series: readonly {
    readonly labels: readonly { readonly key: string; readonly value: object }[];
    readonly samples: readonly { readonly timestampMs: string; readonly value?: number }[];
    readonly exemplars?: readonly { readonly timestampMs: string }[];
    readonly value?: number;
  }[];
}

const told = async (path: string) => (await server.json(path)) as Told;

test("series over time are as documented: labels with types, times as text, exemplars with their ids", async () => {
  const q = "{ } | quantile_over_time(duration, .5) by (resource.service.name)";
  assert.deepEqual(
    await server.json(range({ q, ...WHOLE, step: "30s", exemplars: "4" })),
    recorded(import.meta.url, "metrics-range"),
  );
});

test("a query of one number each has no times", async () => {
  const q = "{ } | count_over_time() by (status, span.server.port)";
  assert.deepEqual(await server.json(instant({ q, ...WHOLE })), recorded(import.meta.url, "metrics-instant"));
});

test("a comparison tells how the selected spans differ, field by field", async () => {
  const q = "{ .service.name = `Search-Agent` } | compare({ status = error })";
  const { series } = await told(instant({ q, ...WHOLE }));
  const sides = series
    .filter(({ labels }) => labels[1]!.key === "name")
    .map(({ labels, value }) => [...labels.map((label) => Object.values(label.value)[0]), value]);
  assert.deepEqual(sides, [
    ["baseline", "chat gpt-5", 1],
    ["baseline_total", "nil", 1],
    ["selection", "POST /search", 1],
    ["selection_total", "nil", 1],
  ]);
});

test("an empty store has no series but the zeros of a count that is not grouped", async () => {
  const none = { series: [], metrics: { completedJobs: 1, totalJobs: 1 } };
  const grouped = "{ } | rate() by (name)";
  assert.deepEqual(await empty.json(range({ q: grouped })), none);
  assert.deepEqual(await empty.json(instant({ q: grouped, since: "15m" })), none);
  const zeros = { ...none, series: [{ labels: [{ key: "__name__", value: { stringValue: "rate" } }] }] };
  assert.deepEqual(await empty.json(instant({ q: "{ } | rate()" })), zeros);
});

test("points are at multiples of the step, to the end rounded up", async () => {
  const at = async (parameters: Record<string, string>) => {
    const { series } = await told(range({ q: "{ } | count_over_time()", ...WHOLE, ...parameters }));
    return series[0]!.samples.map(({ timestampMs, value = 0 }) => [
      Number(timestampMs) / 1000 - START_S,
      value,
    ]);
  };
  assert.deepEqual(await at({ step: "40" }), [
    [-40, 0],
    [0, 1],
    [40, 3],
    [80, 1],
  ]);
  assert.deepEqual(await at({ step: "1m", start: `${START_S}000000000` }), [
    [-20, 0],
    [40, 4],
    [100, 1],
  ]);
  assert.equal((await at({})).length, 91);
});

test("exemplars are told unless none are wanted", async () => {
  const count = async (parameters: Record<string, string>) => {
    const { series } = await told(
      range({ q: "{ } | rate() by (name)", ...WHOLE, step: "30s", ...parameters }),
    );
    return series.flatMap(({ exemplars = [] }) => exemplars).length;
  };
  assert.equal(await count({}), 5);
  assert.equal(await count({ exemplars: "2" }), 2);
  assert.equal(await count({ exemplars: "100000" }), 5);
  assert.equal(await count({ exemplars: "0" }), 0);
  assert.equal(await count({ q: "{ } | rate() by (name) with (exemplars=false)" }), 0);
});

test("the query may be called query, and q counts before it", async () => {
  const name = async (parameters: Record<string, string>) => {
    const { series } = await told(instant({ ...parameters, ...WHOLE }));
    return series[0]?.labels[0]?.value;
  };
  assert.deepEqual(await name({ query: "{ } | rate()" }), { stringValue: "rate" });
  const both = { query: "{ } | rate()", q: "{ } | count_over_time()" };
  assert.deepEqual(await name(both), { stringValue: "count_over_time" });
});

test("what is wrong is told as text", async () => {
  const q = "{ } | rate()";
  for (const [path, message] of [
    [range({}), /^q is required\n$/],
    [instant({ query: "" }), /^q is required\n$/],
    [range({ q: "{ } | rat()" }), /"rat".*did you mean rate/],
    [range({ q: "{ }" }), /^this query finds traces; series need a metrics function/],
    [instant({ q: "{ status = eror } | rate()" }), /found "eror"/],
    [
      range({ q, start: "1 hour ago" }),
      /^start is "1 hour ago"; it must be seconds or nanoseconds since 1970/,
    ],
    [range({ q, start: "20", end: "10" }), /^start must be before end\n$/],
    [range({ q, step: "0s" }), /^step must be longer than 0\n$/],
    [range({ q, step: "1ms", since: "1h" }), /at most 5000 points, these would be 3600000; take a step of/],
    [range({ q, exemplars: "-1" }), /^exemplars is "-1"/],
    [instant({ q, since: "long" }), /^since is "long"/],
  ] as const) {
    const answer = await server.ask(path);
    assert.equal(answer.status, 400, `${path}: ${answer.body}`);
    assert.match(answer.type, /^text\/plain/);
    assert.match(answer.body, message);
  }
  assert.deepEqual(server.logged, []);
});
