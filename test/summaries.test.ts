import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { KeyValue, Span } from "@clew/protocol/otlp/model";
import { Random } from "../bench/random.ts";
import { ingest } from "../packages/server/src/query/testing/ingest.ts";
import { openTestStore, type TestStore } from "../packages/server/src/query/testing/test-store.ts";
import { openEmbedded } from "../packages/server/src/store/clickhouse-store.ts";

/*
 * What a span adds to the sums is said twice: by ingest, for every batch, and in SQL, for when a crash came between
 * spans and sums. Both must say the same, of odd spans too.
 */

const SPANS = 6000;
const TRACES = 300;

const random = new Random(21);

function below(limit: number): number {
  return random.word() % limit;
}

function oneOf<T>(...items: readonly T[]): T {
  return items[below(items.length)]!;
}

function hex(bytes: number, number: number): string {
  return number.toString(16).padStart(bytes * 2, "0");
}

/** Later times are refused. */
const LAST = 9_223_372_036_854_775_807n;

const TIMES = [
  0n,
  1n,
  59_999_999_999n,
  299_999_999_999n,
  300_000_000_000n,
  1_763_712_000_000_000_000n,
  1_763_711_999_999_999_999n,
  4_294_967_295_000_000_000n,
  4_294_967_300_123_456_789n,
  LAST,
] as const;

function time(): bigint {
  if (below(8) === 0) return oneOf(...TIMES);
  return 1_763_700_000_000_000_000n + BigInt(below(1 << 30)) * BigInt(oneOf(1, 1000, 1_000_000));
}

function end(start: bigint): bigint {
  if (below(12) === 0) return time();
  // One nanosecond below powers of two too, where the buckets of durations begin.
  const length = below(3) === 0 ? (1n << BigInt(below(50))) - 1n : BigInt(below(1 << 30));
  return start + length > LAST ? LAST : start + length;
}

function attributes(): KeyValue[] {
  const text = (key: string, ...values: string[]): KeyValue[] =>
    below(3) === 0 ? [{ key, value: { stringValue: oneOf(...values) } }] : [];
  const count = (key: string): KeyValue[] =>
    below(2) === 0 ? [{ key, value: { intValue: String(below(100_000)) } }] : [];
  return [
    ...text("gen_ai.operation.name", "chat", "execute_tool", "invoke_agent", "embeddings"),
    ...text("gen_ai.agent.name", "planner", "réviseur", "writer"),
    ...text("gen_ai.request.model", "gpt-4o", "claude-sonnet-4-5"),
    ...text("gen_ai.tool.name", "search", "pay"),
    ...text("gen_ai.provider.name", "openai", "anthropic"),
    ...count("gen_ai.usage.input_tokens"),
    ...count("gen_ai.usage.output_tokens"),
    ...text("session.id", "a", "b", "\u{10400}", "\uffee", "z".repeat(200)),
    ...text("gen_ai.conversation.id", "1", "é"),
    ...text("test.case.id", "case 1", "case 2"),
    ...text("user.id", "ana", "Ana", "ánа"),
    ...(below(10) === 0 ? [{ key: "clew.running", value: { boolValue: true } }] : []),
  ];
}

function span(number: number): Span {
  const start = time();
  const linked = Array.from({ length: below(4) === 0 ? below(3) : 0 }, () => ({
    traceId: hex(16, 1 + below(TRACES)),
    spanId: hex(8, 1),
  }));
  return {
    traceId: hex(16, 1 + below(TRACES)),
    spanId: hex(8, number + 1),
    ...(below(4) > 0 && { parentSpanId: hex(8, below(3)) }),
    name: oneOf("chat", "GET /", "\u{10400}", "\uffee", ""),
    kind: below(6),
    startTimeUnixNano: String(start),
    ...(below(10) > 0 && { endTimeUnixNano: String(end(start)) }),
    attributes: attributes(),
    links: linked,
    status: { code: below(3) },
  };
}

const TABLES = {
  traces: `SELECT * REPLACE (arraySort(services) AS services, arraySort(agents) AS agents,
    arraySort(models) AS models, round(cost_usd, 9) AS cost_usd) FROM traces ORDER BY trace_id`,
  "span-stats": `SELECT * REPLACE (round(cost_usd, 9) AS cost_usd) FROM span_stats
    ORDER BY bucket, service_name, agent_name, model, tool_name, span_type, kind, duration_bucket`,
} as const;

let opened: TestStore;

before(async () => {
  opened = await openTestStore(openEmbedded);
  const services = ["", "planner", "оркестратор"];
  const resourceSpans = services.map((name, at) => ({
    resource: { attributes: name === "" ? [] : [{ key: "service.name", value: { stringValue: name } }] },
    scopeSpans: [
      {
        scope: { name: "test" },
        spans: Array.from({ length: SPANS / 3 }, (_, number) => span(number * 3 + at)),
      },
    ],
  }));
  await ingest(opened.store, "traces", { resourceSpans });
});

after(() => opened.close());

for (const [file, query] of Object.entries(TABLES)) {
  test(`ingest adds up what sql/summaries/${file}.sql does`, async () => {
    const { store } = opened;
    const table = file.replace("-", "_");
    const ingested = await store.query<Record<string, unknown>>(query);
    assert.ok(ingested.length >= TRACES / 2);
    await store.command(`TRUNCATE TABLE ${table}`);
    const sql = readFileSync(
      new URL(`../packages/server/sql/summaries/${file}.sql`, import.meta.url),
      "utf8",
    );
    await store.command(sql.replace("/*:which*/", "true"));
    assert.deepEqual(ingested, await store.query(query));
  });
}

test("ingest notes each link between two traces once", async () => {
  const pairs = "SELECT DISTINCT hex(trace_id) AS trace, hex(arrayJoin(links.trace_id)) AS linked FROM spans";
  const expected = `SELECT trace, linked FROM (${pairs}) WHERE trace != linked ORDER BY trace, linked`;
  const noted =
    "SELECT hex(trace_id) AS trace, hex(linked_trace_id) AS linked FROM trace_links ORDER BY trace, linked";
  const rows = await opened.store.query(noted);
  assert.ok(rows.length > 100);
  assert.deepEqual(rows, await opened.store.query(expected));
});
