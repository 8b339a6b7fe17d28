import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { encodeOtlp } from "@clew/protocol/otlp/encode";
import type { AnyValue, KeyValue, Metric } from "@clew/protocol/otlp/model";
import { type ClickHouseStore, openEmbedded } from "../../store/clickhouse-store.ts";
import { inspect } from "../inspect.ts";
import { KeyTable } from "./key-table.ts";
import { MetricEncoder } from "./metrics.ts";
import { Origins } from "./origins.ts";
import { TextCache } from "./text-cache.ts";

const SQL = new URL("../../../sql/schema/0011-metric-points.sql", import.meta.url);
const DAY = 20_600;
const DAY_TEXT = "2026-05-27";
const START = "1779840000000000001";
const TIME = "1779840060123456789";
const START_TEXT = "2026-05-27 00:00:00.000000001";
const TIME_TEXT = "2026-05-27 00:01:00.123456789";
const TRACE = "0102030405060708090a0b0c0d0e0f10";
const SPAN = "a1a2a3a4a5a6a7a8";

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
let store: ClickHouseStore;
let batches = 0n;

const dataDir = mkdtempSync(join(tmpdir(), "clew-metrics-"));

before(async () => {
  store = await openEmbedded({ dataDir, log: silent });
  await store.command(readFileSync(SQL, "utf8"));
});

after(async () => {
  await store?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

type Row = Record<string, unknown>;

function newEncoder(): MetricEncoder {
  const keys = new KeyTable();
  return new MetricEncoder({
    context: { keys, texts: new TextCache() },
    resources: new Origins("resource", keys, () => []),
    scopes: new Origins("scope", keys, () => []),
  });
}

async function insertAndRead(encoder: MetricEncoder): Promise<Row[]> {
  const batch = ++batches;
  await store.insert({
    table: "metric_points",
    rows: encoder.rows,
    chunks: encoder.block(DAY, batch),
    deduplicationToken: String(batch),
  });
  return await store.query<Row>(
    `SELECT * REPLACE (arrayMap(id -> lower(hex(id)), exemplars.trace_id) AS \`exemplars.trace_id\`,
       arrayMap(id -> lower(hex(id)), exemplars.span_id) AS \`exemplars.span_id\`)
     FROM metric_points WHERE batch_id = {batch:UInt64} ORDER BY name, time`,
    { parameters: { batch: Number(batch) }, settings: { output_format_json_quote_denormals: 1 } },
  );
}

async function rowsOf(...bodies: Uint8Array[]): Promise<Row[]> {
  const encoder = newEncoder();
  for (const body of bodies) {
    const buffer = Buffer.from(body);
    inspect("metrics", buffer);
    encoder.add(buffer, DAY);
  }
  return await insertAndRead(encoder);
}

function attribute(key: string, value: AnyValue): KeyValue {
  return { key, value };
}

const SERVICE = { attributes: [attribute("service.name", { stringValue: "planner" })] };
const SCOPE = { name: "agent-meter", version: "1.2.0" };

function request(...metrics: Metric[]): Uint8Array {
  return encodeOtlp("metrics", {
    resourceMetrics: [{ resource: SERVICE, scopeMetrics: [{ scope: SCOPE, metrics }] }],
  });
}

/** A row with nothing but what every row of these tests has. */
const PLAIN: Row = {
  received_day: DAY_TEXT,
  name: "",
  kind: "gauge",
  unit: "",
  description: "",
  metadata: {},
  metadata_types: "",
  service_name: "planner",
  attributes: {},
  attribute_types: "",
  start_time: "1970-01-01 00:00:00.000000000",
  time: "1970-01-01 00:00:00.000000000",
  flags: 0,
  aggregation_temporality: 0,
  is_monotonic: 0,
  value: 0,
  value_int: "0",
  value_type: "",
  count: "0",
  sum: 0,
  min: 0,
  max: 0,
  present: 0,
  explicit_bounds: [],
  bucket_counts: [],
  scale: 0,
  zero_count: "0",
  zero_threshold: 0,
  positive_offset: 0,
  positive_bucket_counts: [],
  negative_offset: 0,
  negative_bucket_counts: [],
  quantiles: [],
  quantile_values: [],
  "exemplars.time": [],
  "exemplars.value": [],
  "exemplars.value_int": [],
  "exemplars.value_type": [],
  "exemplars.trace_id": [],
  "exemplars.span_id": [],
  "exemplars.attributes": [],
  "exemplars.attribute_types": [],
};

/** Every column is compared; the ids of batch, resource and scope are checked by their presence. */
function assertRows(actual: Row[], expected: Row[]): void {
  const rest = actual.map(({ batch_id, resource_id, scope_id, ...row }) => {
    assert.equal(batch_id, String(batches));
    assert.match(String(resource_id), /^[1-9]\d+$/);
    assert.match(String(scope_id), /^[1-9]\d+$/);
    return row;
  });
  assert.deepEqual(
    rest,
    expected.map((row) => ({ ...PLAIN, ...row })),
  );
}

test("a gauge keeps the double of each point, its attributes, metadata and exemplars", async () => {
  const rows = await rowsOf(
    request({
      name: "agent.queue.depth",
      description: "Tasks that wait",
      unit: "{task}",
      gauge: {
        dataPoints: [
          {
            attributes: [
              attribute("agent", { stringValue: "planner" }),
              attribute("attempt", { intValue: "3" }),
              attribute("tags", { arrayValue: { values: [{ stringValue: "a" }, { intValue: "1" }] } }),
            ],
            startTimeUnixNano: START,
            timeUnixNano: TIME,
            asDouble: 0.1,
            flags: 1,
            exemplars: [
              {
                filteredAttributes: [attribute("user", { stringValue: "u1" })],
                timeUnixNano: TIME,
                asDouble: -2.5,
                traceId: TRACE,
                spanId: SPAN,
              },
              { asInt: "-7" },
            ],
          },
        ],
      },
      metadata: [attribute("source", { stringValue: "prometheus" }), attribute("good", { boolValue: true })],
    }),
  );
  assertRows(rows, [
    {
      name: "agent.queue.depth",
      description: "Tasks that wait",
      unit: "{task}",
      metadata: { source: "prometheus", good: "true" },
      metadata_types: "sb",
      attributes: { agent: "planner", attempt: "3", tags: '["a",1]' },
      attribute_types: "sia",
      start_time: START_TEXT,
      time: TIME_TEXT,
      flags: 1,
      value: 0.1,
      value_type: "d",
      "exemplars.time": [TIME_TEXT, "1970-01-01 00:00:00.000000000"],
      "exemplars.value": [-2.5, -7],
      "exemplars.value_int": ["0", "-7"],
      "exemplars.value_type": ["d", "i"],
      "exemplars.trace_id": [TRACE, "0".repeat(32)],
      "exemplars.span_id": [SPAN, "0".repeat(16)],
      "exemplars.attributes": [{ user: "u1" }, {}],
      "exemplars.attribute_types": ["s", ""],
    },
  ]);
});

test("a sum keeps exact ints, temporality and monotonicity, and points without a value", async () => {
  const dataPoints = [
    { timeUnixNano: "1", asInt: "9223372036854775807" },
    { timeUnixNano: "2", asInt: "-9007199254740993" },
    { timeUnixNano: "3", asInt: "0" },
    { timeUnixNano: "4", asDouble: "NaN" as const },
    { timeUnixNano: "5", flags: 1 },
  ];
  const rows = await rowsOf(
    request({ name: "tokens", unit: "1", sum: { dataPoints, aggregationTemporality: 2, isMonotonic: true } }),
  );
  const sum = { name: "tokens", unit: "1", kind: "sum", aggregation_temporality: 2, is_monotonic: 1 };
  const at = (nano: number) => `1970-01-01 00:00:00.00000000${nano}`;
  assertRows(rows, [
    { ...sum, time: at(1), value: 2 ** 63, value_int: "9223372036854775807", value_type: "i" },
    { ...sum, time: at(2), value: -9007199254740992, value_int: "-9007199254740993", value_type: "i" },
    { ...sum, time: at(3), value_type: "i" },
    { ...sum, time: at(4), value: "nan", value_type: "d" },
    { ...sum, time: at(5), flags: 1 },
  ]);
});

test("a histogram says which of sum, min and max were sent", async () => {
  const full = {
    timeUnixNano: "1",
    count: "18446744073709551615",
    sum: 12.5,
    min: -1,
    max: 0,
    bucketCounts: ["1", "18446744073709551615", "0"],
    explicitBounds: [0.005, "Infinity" as const],
    attributes: [attribute("k", { stringValue: "v" })],
    exemplars: [{ asInt: "5", traceId: TRACE }],
    flags: 4,
  };
  const rows = await rowsOf(
    request({
      name: "h",
      histogram: { dataPoints: [full, { timeUnixNano: "2", max: 3 }], aggregationTemporality: 1 },
    }),
  );
  const histogram = { name: "h", kind: "histogram", aggregation_temporality: 1 };
  assertRows(rows, [
    {
      ...histogram,
      time: "1970-01-01 00:00:00.000000001",
      count: "18446744073709551615",
      sum: 12.5,
      min: -1,
      max: 0,
      present: 7,
      bucket_counts: ["1", "18446744073709551615", "0"],
      explicit_bounds: [0.005, "inf"],
      attributes: { k: "v" },
      attribute_types: "s",
      flags: 4,
      "exemplars.time": ["1970-01-01 00:00:00.000000000"],
      "exemplars.value": [5],
      "exemplars.value_int": ["5"],
      "exemplars.value_type": ["i"],
      "exemplars.trace_id": [TRACE],
      "exemplars.span_id": ["0".repeat(16)],
      "exemplars.attributes": [{}],
      "exemplars.attribute_types": [""],
    },
    { ...histogram, time: "1970-01-01 00:00:00.000000002", max: 3, present: 4 },
  ]);
});

test("an exponential histogram keeps negative scale and offsets and 64-bit counts", async () => {
  const rows = await rowsOf(
    request({
      name: "e",
      exponentialHistogram: {
        aggregationTemporality: 1,
        dataPoints: [
          {
            attributes: [attribute("k", { doubleValue: 2 })],
            startTimeUnixNano: START,
            timeUnixNano: TIME,
            count: "10",
            sum: -3,
            scale: -10,
            zeroCount: "7",
            zeroThreshold: 0.25,
            positive: { offset: -2147483648, bucketCounts: ["0", "300", "18446744073709551615"] },
            negative: { offset: 5, bucketCounts: ["1"] },
            flags: 1,
            exemplars: [{ asDouble: 1 }],
            min: -9,
            max: 9,
          },
        ],
      },
    }),
  );
  assertRows(rows, [
    {
      name: "e",
      kind: "exponential_histogram",
      aggregation_temporality: 1,
      attributes: { k: "2" },
      attribute_types: "d",
      start_time: START_TEXT,
      time: TIME_TEXT,
      flags: 1,
      count: "10",
      sum: -3,
      min: -9,
      max: 9,
      present: 7,
      scale: -10,
      zero_count: "7",
      zero_threshold: 0.25,
      positive_offset: -2147483648,
      positive_bucket_counts: ["0", "300", "18446744073709551615"],
      negative_offset: 5,
      negative_bucket_counts: ["1"],
      "exemplars.time": ["1970-01-01 00:00:00.000000000"],
      "exemplars.value": [1],
      "exemplars.value_int": ["0"],
      "exemplars.value_type": ["d"],
      "exemplars.trace_id": ["0".repeat(32)],
      "exemplars.span_id": ["0".repeat(16)],
      "exemplars.attributes": [{}],
      "exemplars.attribute_types": [""],
    },
  ]);
});

test("a summary keeps its quantiles, and its sum counts as sent", async () => {
  const rows = await rowsOf(
    request({
      name: "s",
      summary: {
        dataPoints: [
          {
            timeUnixNano: TIME,
            count: "4",
            sum: 8.5,
            quantileValues: [{ value: 1 }, { quantile: 0.5, value: 2 }, { quantile: 1 }],
            attributes: [attribute("k", { boolValue: false })],
            flags: 1,
          },
        ],
      },
    }),
  );
  assertRows(rows, [
    {
      name: "s",
      kind: "summary",
      time: TIME_TEXT,
      count: "4",
      sum: 8.5,
      present: 1,
      quantiles: [0, 0.5, 1],
      quantile_values: [1, 2, 0],
      attributes: { k: "false" },
      attribute_types: "b",
      flags: 1,
    },
  ]);
});

test("a metric without points leaves no row, and one of unknown kind neither", () => {
  const encoder = newEncoder();
  encoder.add(Buffer.from(request({ name: "none" }, { name: "empty", gauge: {} })), DAY);
  assert.equal(encoder.rows, 0);
});

test("after a reset the encoder writes the next block anew", async () => {
  const encoder = newEncoder();
  const point = { dataPoints: [{ asInt: "1", attributes: [attribute("k", { stringValue: "v" })] }] };
  encoder.add(Buffer.from(request({ name: "first", gauge: point })), DAY);
  await insertAndRead(encoder);
  encoder.reset();
  encoder.add(Buffer.from(request({ name: "second", gauge: point })), DAY);
  assertRows(await insertAndRead(encoder), [
    {
      name: "second",
      value: 1,
      value_int: "1",
      value_type: "i",
      attributes: { k: "v" },
      attribute_types: "s",
    },
  ]);
});
