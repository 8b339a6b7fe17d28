import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { openEmbedded } from "../../../store/clickhouse-store.ts";
import { insertSpans, spanIdOf, traceIdOf } from "../../testing/insert-spans.ts";
import { openTestStore, type TestStore } from "../../testing/test-store.ts";
import { type MetricsRequest, type MetricsResult, metrics } from "./metrics.ts";

const SECOND = 1_000_000_000n;
/** A whole hour. */
const T0 = 1_789_999_200n * SECOND;
const TRACES = 3000;
const SPANS_PER_TRACE = 20;
const SPANS = TRACES * SPANS_PER_TRACE;
const all = { fromNs: T0, toNs: T0 + BigInt(TRACES) * SECOND, stepNs: 300n * SECOND };

let opened: TestStore;

/** A trace each second, of spans below one another; every span has an agent, every fourth is an error. */
const MANY_SPANS = `INSERT INTO spans (received_day, start_time, duration_ns, trace_id, span_id, parent_span_id, name, status_code, agent_name)
SELECT
  toDate('2026-01-01'),
  fromUnixTimestamp64Nano({t0:Int64} + intDiv(number, {per:Int64}) * 1000000000 + number % {per:Int64} * 1000 + 1, 'UTC'),
  number, MD5(toString(intDiv(number, {per:Int64}))), reinterpretAsFixedString(number + 1),
  if(number % {per:Int64} = 0, toFixedString('', 8), reinterpretAsFixedString(number)),
  concat('step ', toString(number % {per:Int64})), if(number % 4 = 0, 2, 0), concat('agent ', toString(number % 3))
FROM numbers({count:UInt64})`;

before(async () => {
  opened = await openTestStore(openEmbedded);
  await opened.store.command(MANY_SPANS, { parameters: { t0: T0, per: SPANS_PER_TRACE, count: SPANS } });
  for (const name of ["traces", "span-stats"]) {
    const file = new URL(`../../../../sql/summaries/${name}.sql`, import.meta.url);
    await opened.store.command(readFileSync(file, "utf8").replace("/*:which*/", "true"));
  }
});

after(() => opened?.close());

function ask(query: string, more: Partial<MetricsRequest> = {}): Promise<MetricsResult> {
  return metrics(opened.store, { query, ...all, ...more });
}

/** All numbers added up. */
function sumOf({ series }: MetricsResult): number {
  return series.flatMap(({ values }) => values).reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

const WAYS = {
  "sums over five minutes": "{ } | count_over_time() by (agent:name)",
  "one statement": "{ } | count_over_time() by (name)",
  "whole traces": '{ name = "step 3" } >> { } | count_over_time() by (name)',
  "comparison of whole traces": "{ status = error } | compare({ agent:name = `agent 1` }, 5)",
  "two pipelines": '({ name = "step 3" } >> { } | rate()) / ({ } | rate())',
};

for (const [way, query] of Object.entries(WAYS)) {
  test(`a budget that does not suffice is told, and the points that are told are whole: ${way}`, {
    timeout: 300_000,
  }, async () => {
    const whole = await ask(query, { timeoutMs: 120_000 });
    assert.equal(whole.partial, undefined);
    assert.ok(sumOf(whole) > 0);
    const values = new Map(whole.series.map((one) => [JSON.stringify(one.labels), one.values]));
    for (const budget of ["timeoutMs", "maxBytes"] as const) {
      let parts = 0;
      for (let amount = 1; ; amount *= 4) {
        const answer = await ask(query, { timeoutMs: 120_000, [budget]: amount });
        if (query !== WAYS["comparison of whole traces"]) {
          for (const { labels, values: told } of answer.series) {
            const known = values.get(JSON.stringify(labels));
            assert.ok(told.every((value, at) => value === null || value === known?.[at]));
          }
        }
        if (answer.partial === undefined) break;
        assert.equal(answer.partial.reason, budget === "timeoutMs" ? "time" : "size");
        parts += 1;
      }
      assert.ok(parts > 0, `a budget of one suffices: ${budget}`);
    }
  });
}

test("of whole traces the newest points are told when the budget does not suffice for all", async () => {
  const query = WAYS["whole traces"];
  let some: MetricsResult | undefined;
  for (let maxBytes = 1024; ; maxBytes *= 1.3) {
    const answer = await ask(query, { maxBytes: Math.floor(maxBytes), timeoutMs: 120_000 });
    if (answer.partial === undefined) break;
    if (answer.series.length > 0) some = answer;
  }
  assert.ok(some, "no budget suffices for a part");
  for (const { values } of some.series) {
    const first = values.findIndex((value) => value !== null);
    assert.ok(first > 0);
    assert.ok(values.slice(first).every((value) => value !== null));
  }
});

test("more series than an answer has are counted, and the first of them told", async () => {
  const { series, truncated } = await ask("{ } | count_over_time() by (trace:id)");
  assert.deepEqual([series.length, truncated], [1000, { total: TRACES, shown: 1000 }]);
  const ids = series.map(({ labels }) => labels[0]?.value?.stringValue ?? "");
  assert.deepEqual(ids, ids.toSorted());
  const ranked = await ask("{ } | count_over_time() by (trace:id) | topk(2)", { stepNs: "none" });
  assert.deepEqual([ranked.series.length, ranked.truncated], [2, undefined]);
});

test("more series than can be held are refused, whatever the way", { timeout: 300_000 }, async () => {
  for (const query of ["{ } | rate() by (span:id)", "{ } >> { } | max_over_time(duration) by (span:id)"]) {
    await assert.rejects(ask(query, { timeoutMs: 120_000 }), {
      code: "query_too_large",
      message: /more than 20000 series.*group by fewer values, or filter/,
    });
  }
  const short = { stepNs: SECOND, timeoutMs: 120_000 };
  await assert.rejects(ask("{ } | quantile_over_time(duration, .5) by (trace:id)", short), {
    code: "query_too_large",
  });
});

test("a query that asks for too much or for no series is refused with where that is", async () => {
  const rate = "({ } | rate())";
  const refused: readonly (readonly [query: string, offset: number, message: RegExp])[] = [
    ["{ status = error }", 0, /finds traces/],
    ["{ } | rate(", 11, /./],
    [Array.from({ length: 9 }, () => rate).join(" + "), 137, /at most 8 pipelines/],
    [`${rate}${" + 1".repeat(300)}`, 0, /at most 200 times/],
    [`{ } | quantile_over_time(duration${", .5".repeat(21)})`, 6, /at most 20 quantiles/],
    [`{ } | rate() by (.a${", .a".repeat(20)})`, 97, /at most 20 fields/],
    [`${"{ } | ".repeat(17)}rate()`, 96, /at most 16 filters/],
  ];
  for (const [query, offset, message] of refused) {
    await assert.rejects(
      ask(query),
      (error: { code?: string; position?: { offset: number }; message: string }) => {
        assert.equal(error.code, "invalid_query", query);
        assert.match(error.message, message);
        assert.equal(error.position?.offset, offset, query);
        return true;
      },
    );
  }
  const times: readonly (readonly [more: Partial<MetricsRequest>, message: RegExp])[] = [
    [{ stepNs: SECOND / 10n }, /at most 5000 points, these would be 30000; take a step of at least 601ms/],
    [{ toNs: T0 }, /ends before it begins/],
    [{ stepNs: 0n }, /longer than 0/],
  ];
  for (const [more, message] of times)
    await assert.rejects(ask("{ } | rate()", more), { code: "invalid_query", message });
});

test("a query of the greatest length ends with an answer or a refusal", async () => {
  const rate = "({ } | rate())";
  for (const query of [`${rate}${" + 1".repeat(16_000)}`, `${"(".repeat(20_000)}${rate}`]) {
    await assert.rejects(ask(query), { code: "invalid_query" });
  }
});

test("without a step points are some sixty", async () => {
  const { fromNs } = all;
  const stepOf = async (seconds: bigint) => {
    const { timesMs } = await metrics(opened.store, {
      query: "{ } | rate()",
      fromNs,
      toNs: fromNs + seconds * SECOND,
    });
    assert.ok(timesMs.length >= 30 && timesMs.length <= 62, String(timesMs.length));
    return timesMs[1]! - timesMs[0]!;
  };
  assert.deepEqual(
    [await stepOf(3600n), await stepOf(86_400n), await stepOf(30n * 86_400n)],
    [60_000, 1_800_000, 43_200_000],
  );
});

test("exemplars are spans of their series, oldest first, at most as many as asked for", async () => {
  for (const [query, most] of [
    ["{ status = error } | rate() by (agent:name)", 7],
    ['{ name = "step 3" } >> { status = error } | rate() by (agent:name)', 7],
    ["{ status = error } | max_over_time(duration) by (agent:name) with (exemplars=3)", 3],
    ["{ status = error } | quantile_over_time(duration, .5, .9) with (exemplars=true)", 10],
  ] as const) {
    const { series } = await ask(query, { exemplars: 7 });
    assert.ok(series.length > 1);
    for (const { labels, exemplars } of series) {
      assert.ok(exemplars.length > 0 && exemplars.length <= most, `${query}: ${exemplars.length}`);
      const times = exemplars.map(({ timeMs }) => timeMs);
      assert.deepEqual(times, times.toSorted());
      const rows = await opened.store.query<{ agent: string; ns: string; status: number }>(
        `SELECT toString(agent_name) AS agent, duration_ns AS ns, status_code AS status FROM spans
         WHERE (lower(hex(trace_id)), lower(hex(span_id))) IN
           (SELECT arrayJoin(arrayZip({traces:Array(String)}, {spans:Array(String)})))`,
        {
          parameters: {
            traces: exemplars.map(({ traceId }) => traceId),
            spans: exemplars.map(({ spanId }) => spanId),
          },
        },
      );
      assert.equal(rows.length, exemplars.length);
      const agent = labels.find(({ key }) => key === "agent:name")?.value?.stringValue;
      assert.ok(rows.every((row) => row.status === 2 && (agent === undefined || row.agent === agent)));
      const told = query.includes("duration") ? rows.map((row) => Number(row.ns) / 1e9).toSorted() : [];
      assert.deepEqual(exemplars.flatMap(({ value }) => value ?? []).toSorted(), told);
    }
  }
  const none = await ask("{ } | rate() with (exemplars=false)", { exemplars: 9 });
  assert.deepEqual(none.series[0]?.exemplars, []);
});

test("what is told of a span while it runs counts until the span has ended, whatever the way", async () => {
  const start_ns = T0 + 86_400n * SECOND;
  const time = { fromNs: start_ns, toNs: start_ns + 300n * SECOND };
  const span = {
    trace_id: traceIdOf("a"),
    span_id: spanIdOf("a"),
    start_ns: start_ns + 1n,
    agent_name: "runner",
  };
  const ended = { ...span, duration_ns: 5n, usage_counts: 1, input_tokens: 7 };
  const counted = async (filter: string) => {
    const of = async (query: string, stepNs: bigint) =>
      sumOf(await ask(`${query} | count_over_time() by (agent:name)`, { ...time, stepNs }));
    const answers = [
      await of(filter, 300n * SECOND),
      await of(filter, 60n * SECOND),
      await of(`${filter} | count() > 0`, 60n * SECOND),
    ];
    assert.equal(new Set(answers).size, 1, `${filter}: ${answers}`);
    return answers[0];
  };
  await insertSpans(opened.store, [{ ...span, duration_ns: -start_ns, is_running: 1 }]);
  assert.deepEqual([await counted("{ }"), await counted("{ agent:running }")], [1, 1]);
  await insertSpans(opened.store, [ended]);
  assert.deepEqual([await counted("{ }"), await counted("{ agent:running }")], [1, 0]);
  for (const stepNs of [60n * SECOND, 300n * SECOND])
    assert.equal(sumOf(await ask("{ } | sum_over_time(agent:tokens)", { ...time, stepNs })), 7);
});

test("a span that is stored twice counts once", async () => {
  const start_ns = T0 + 3n * 86_400n * SECOND;
  const time = { fromNs: start_ns, toNs: start_ns + 300n * SECOND, stepNs: 60n * SECOND };
  const span = { trace_id: traceIdOf("twice"), span_id: spanIdOf("twice"), start_ns: start_ns + 1n };
  await insertSpans(opened.store, [span]);
  await insertSpans(opened.store, [span]);
  // Another one, under the same id.
  await insertSpans(opened.store, [{ ...span, duration_ns: 7n }]);
  for (const spans of ["{ }", "{ } | count() > 1", "{ name = `span` } | by(kind)"]) {
    for (const [series, sum] of [
      ["count_over_time()", 2],
      ["sum_over_time(duration)", 0.001000007],
      ["histogram_over_time(duration)", 2],
    ] as const)
      assert.equal(sumOf(await ask(`${spans} | ${series}`, time)), sum, `${spans} ${series}`);
  }
});

test("tokens and cost are those of the span itself", async () => {
  const start_ns = T0 + 2n * 86_400n * SECOND;
  const time = { fromNs: start_ns, toNs: start_ns + 300n * SECOND };
  const trace_id = traceIdOf("usage");
  const agent = {
    trace_id,
    span_id: spanIdOf("agent"),
    start_ns: start_ns + 1n,
    input_tokens: 30,
    cost_usd: 0.5,
  };
  const call = { parent_span_id: agent.span_id, usage_counts: 1, span_type: "llm" };
  await insertSpans(opened.store, [
    agent,
    { ...agent, ...call, span_id: spanIdOf("one"), input_tokens: 10, cost_usd: 0.2 },
    { ...agent, ...call, span_id: spanIdOf("two"), input_tokens: 20, cost_usd: 0.3 },
  ]);
  for (const stepNs of [300n * SECOND, 60n * SECOND]) {
    for (const spans of ["{ }", "{ } | count() > 1"]) {
      const of = async (field: string) =>
        sumOf(await ask(`${spans} | sum_over_time(${field})`, { ...time, stepNs }));
      assert.deepEqual([await of("agent:tokens"), await of("agent:cost")], [30, 0.5], spans);
    }
  }
});
