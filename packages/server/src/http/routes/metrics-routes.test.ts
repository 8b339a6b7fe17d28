import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LiveTraces } from "../../query/live-traces.ts";
import { Queries } from "../../query/queries.ts";
import { insertSpans, spanIdOf, traceIdOf } from "../../query/testing/insert-spans.ts";
import { openTestStore, type TestStore } from "../../query/testing/test-store.ts";
import { openEmbedded } from "../../store/clickhouse-store.ts";
import { raw, refusal, type Served, serveApi } from "../testing/serve-api.ts";

const T0 = 1_790_000_100_000;

let opened: TestStore;
let served: Served;

before(async () => {
  opened = await openTestStore(openEmbedded);
  const spans = ["a", "b", "c"].map((name, at) => ({
    trace_id: traceIdOf(name),
    span_id: spanIdOf(name),
    start_ns: BigInt(T0 + at * 30_000 + 1) * 1_000_000n,
    duration_ns: BigInt(at + 1) * 1_000_000_000n,
    agent_name: name === "c" ? "" : "planner",
  }));
  await insertSpans(opened.store, spans);
  served = await serveApi({ queries: new Queries(opened.store), live: new LiveTraces(opened.store) });
});

after(async () => {
  await served?.close();
  await opened?.close();
});

test("series have labels, a value for each point of time, and exemplars", async () => {
  const { timesMs, series, partial, truncated, tookMs } = await served.client.metrics({
    q: "{ } | max_over_time(duration) by (agent:name)",
    from: T0 + 1000,
    to: T0 + 90_000,
    step: "30s",
    exemplars: 1,
  });
  assert.deepEqual(timesMs, [T0, T0 + 30_000, T0 + 60_000, T0 + 90_000]);
  const exemplar = (name: string, timeMs: number, value: number) => {
    return { traceId: traceIdOf(name), spanId: spanIdOf(name), timeMs, value };
  };
  assert.deepEqual(series, [
    {
      labels: [{ key: "agent:name" }],
      values: [null, null, null, 3],
      exemplars: [exemplar("c", T0 + 60_001, 3)],
    },
    {
      labels: [{ key: "agent:name", value: { stringValue: "planner" } }],
      values: [null, 1, 2, null],
      exemplars: [exemplar("b", T0 + 30_001, 2)],
    },
  ]);
  assert.deepEqual([partial, truncated], [undefined, undefined]);
  assert.ok(tookMs >= 0);
});

test("without a step there is one point, and without a time it is the hour before now", async () => {
  const whole = await served.client.metrics({
    q: "{ } | count_over_time()",
    from: T0,
    to: T0 + 90_000,
    step: "none",
  });
  assert.deepEqual([whole.timesMs, whole.series[0]?.values], [[T0 + 90_000], [3]]);
  const now = await served.client.metrics({ q: "{ } | rate()" });
  const length = now.timesMs.at(-1)! - now.timesMs[0]!;
  assert.ok(length >= 3_600_000 && length <= 3_720_000, String(length));
});

test("a query that is none is refused with the position of the fault and what to write", async () => {
  const error = await refusal(served.client.metrics({ q: "{ status = eror } | rate()" }));
  assert.deepEqual(
    [error.status, error.code, error.position, error.hint],
    [400, "invalid_query", { offset: 11, length: 4 }, "Did you mean error?"],
  );
  for (const q of ["", "{", "{ }", "{ } | rate", "{ name =~ `\\pL{1000}` } | rate()"]) {
    assert.equal((await refusal(served.client.metrics({ q }))).code, "invalid_query", q);
  }
});

test("parameters that are not allowed are refused with what they may be", async () => {
  const refused: readonly (readonly [query: string, message: RegExp])[] = [
    ["", /^q is missing/],
    ["q={}|rate()&step=soon", /^step is "soon", .* none, or a length of time/],
    ["q={}|rate()&step=0", /^step is "0"/],
    ["q={}|rate()&from=2&to=1", /^from is not before to/],
    ["q={}|rate()&exemplars=101", /^exemplars .* from 0 to 100/],
    ["q={}|rate()&limit=5", /^limit is not known here; known are q, from, to, step, exemplars/],
  ];
  for (const [query, message] of refused) {
    const { status, body } = await raw(`${served.url}/api/v1/metrics/query?${query}`);
    const { error } = JSON.parse(String(body));
    assert.deepEqual([status, error.code], [400, "invalid_parameter"], query);
    assert.match(error.message, message);
  }
});
