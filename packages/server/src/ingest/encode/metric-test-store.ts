import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { encodeOtlp } from "@clew/protocol/otlp/encode";
import type { AnyValue, KeyValue, Metric } from "@clew/protocol/otlp/model";
import { type ClickHouseStore, openEmbedded } from "../../store/clickhouse-store.ts";
import { inspect } from "../inspect.ts";
import { KeyTable } from "./key-table.ts";
import { MetricEncoder } from "./metrics.ts";
import { Origins } from "./origins.ts";
import { TextCache } from "./text-cache.ts";

const SQL = new URL("../../../sql/schema/0011-metric-points.sql", import.meta.url);
export const DAY = 20_600;
const DAY_TEXT = "2026-05-27";
export const START = "1779840000000000001";
export const TIME = "1779840060123456789";
export const START_TEXT = "2026-05-27 00:00:00.000000001";
export const TIME_TEXT = "2026-05-27 00:01:00.123456789";
export const TRACE = "0102030405060708090a0b0c0d0e0f10";
export const SPAN = "a1a2a3a4a5a6a7a8";

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
let store: ClickHouseStore;
let batches = 0n;

/** Gives the tests of the calling file an engine that has the table `metric_points`. */
export function useMetricStore(): void {
  const dataDir = mkdtempSync(join(tmpdir(), "clew-metrics-"));

  before(async () => {
    store = await openEmbedded({ dataDir, log: silent });
    await store.command(readFileSync(SQL, "utf8"));
  });

  after(async () => {
    await store?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
}

type Row = Record<string, unknown>;

export function newEncoder(): MetricEncoder {
  const keys = new KeyTable();
  return new MetricEncoder({
    context: { keys, texts: new TextCache() },
    resources: new Origins("resource", keys, () => []),
    scopes: new Origins("scope", keys, () => []),
  });
}

export async function insertAndRead(encoder: MetricEncoder): Promise<Row[]> {
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

export async function rowsOf(...bodies: Uint8Array[]): Promise<Row[]> {
  const encoder = newEncoder();
  for (const body of bodies) {
    const buffer = Buffer.from(body);
    inspect("metrics", buffer);
    encoder.add(buffer, DAY);
  }
  return await insertAndRead(encoder);
}

export function attribute(key: string, value: AnyValue): KeyValue {
  return { key, value };
}

const SERVICE = { attributes: [attribute("service.name", { stringValue: "planner" })] };
const SCOPE = { name: "agent-meter", version: "1.2.0" };

export function request(...metrics: Metric[]): Uint8Array {
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
export function assertRows(actual: Row[], expected: Row[]): void {
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
