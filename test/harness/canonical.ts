import type { LogsData, MetricsData, TracesData } from "@clew/protocol/otlp/model";
import type { Signal } from "@clew/protocol/signal";

type Plain = Record<string, unknown>;

/** A record with everything that is said about it further out. */
export interface Flat {
  readonly resource: unknown;
  readonly resourceSchemaUrl: unknown;
  readonly scope: unknown;
  readonly scopeSchemaUrl: unknown;
  /** Of metrics: all of the metric but its data points. */
  readonly metric?: unknown;
  readonly record: unknown;
}

/** Members of a oneof and proto3's `optional`: their default is a value too. */
const EXPLICIT =
  /^(stringValue|boolValue|intValue|doubleValue|bytesValue|arrayValue|kvlistValue|asInt|asDouble|sum|min|max)$/;
/** Messages that say the same when they are empty as when they are absent. */
const EMPTY_IS_ABSENT = /^(status|resource|scope|positive|negative)$/;
const IDS = /^(traceId|spanId|parentSpanId)$/;
/** 64-bit integers, which senders of JSON write as numbers or as text. */
const INTEGERS = /^(intValue|asInt|zeroCount|count|bucketCounts|.*UnixNano)$/;

/**
 * OTLP/JSON of any sender in one form, made without Clew's own reader: defaults absent, ids in lower case, 64-bit
 * integers as text. The order of attributes, events, links and values stays.
 */
function normalise(name: string, value: unknown): unknown {
  if (value === null) return undefined;
  if (Array.isArray(value)) {
    const items = value.map((item) => normalise(name, item));
    return items.length === 0 && name !== "values" ? undefined : items;
  }
  if (typeof value === "object") {
    const entries = Object.entries(value)
      // The SDK's JSON puts a field into the resource that OTLP has one level further out.
      .filter(([key]) => name !== "resource" || key !== "schemaUrl")
      .map(([key, inner]) => [key, normalise(key, inner)] as const)
      .filter(([key, inner]) => inner !== undefined && (EXPLICIT.test(key) || !isDefault(inner)))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    if (entries.length === 0 && EMPTY_IS_ABSENT.test(name)) return undefined;
    // By protobuf's own words, no value and a value with none of its fields set are both the empty value.
    const hasValue = entries.some(([key]) => key === "value");
    const isKeyValue = name === "attributes" || name === "filteredAttributes" || name === "metadata";
    return Object.fromEntries(isKeyValue && !hasValue ? [...entries, ["value", {}]] : entries);
  }
  if (INTEGERS.test(name)) return String(BigInt(value as string | number));
  if (IDS.test(name)) return String(value).toLowerCase();
  return value;
}

function isDefault(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === 0 ? !Object.is(value, -0) : value === "" || value === false || value === "0";
}

const LEVELS = {
  traces: ["resourceSpans", "scopeSpans", "spans"],
  logs: ["resourceLogs", "scopeLogs", "logRecords"],
  metrics: ["resourceMetrics", "scopeMetrics", "metrics"],
} as const;

/**
 * Every span, log record or data point of OTLP/JSON with its resource and scope, in an order of its own: however
 * records are grouped and wherever they stand, two exports of the same records are deeply equal.
 */
export function flatten(signal: Signal, ...documents: object[]): Flat[] {
  const [outer, middle, inner] = LEVELS[signal];
  const flat: Flat[] = [];
  for (const group of documents.flatMap((document) => list(document, outer))) {
    for (const scoped of list(group, middle)) {
      const around = {
        resource: normalise("resource", group.resource ?? null),
        resourceSchemaUrl: group.schemaUrl || undefined,
        scope: normalise("scope", scoped.scope ?? null),
        scopeSchemaUrl: scoped.schemaUrl || undefined,
      };
      for (const record of list(scoped, inner)) {
        if (signal !== "metrics") flat.push({ ...around, record: normalise("record", record) });
        else for (const point of pointsOf(record)) flat.push({ ...around, ...point });
      }
    }
  }
  return flat.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

const KINDS = ["gauge", "sum", "histogram", "exponentialHistogram", "summary"];

function pointsOf(metric: Plain): { metric: unknown; record: unknown }[] {
  const kind = KINDS.find((name) => metric[name] !== undefined);
  if (kind === undefined) return [];
  const { dataPoints, ...data } = metric[kind] as Plain;
  const head = normalise("metric", { ...metric, [kind]: data });
  return ((dataPoints ?? []) as Plain[]).map((point) => ({
    metric: head,
    record: normalise("record", point),
  }));
}

function list(from: object, name: string): Plain[] {
  return ((from as Plain)[name] ?? []) as Plain[];
}

function keyOf({ record, metric, resource, scope }: Flat): string {
  const { traceId = "", spanId = "" } = record as Plain;
  return `${traceId} ${spanId} ${JSON.stringify([metric, record, resource, scope])}`;
}

/** JSON text in which a negative zero stays one, as protobuf's own JSON printers write it. */
export function jsonText(data: TracesData | LogsData | MetricsData): string {
  const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };
  return JSON.stringify(data, (_, value) => (Object.is(value, -0) ? rawJSON("-0.0") : value));
}
