import type { LogRelation, LogSurroundings } from "@clew/protocol/api/logs";
import type { AnyValue } from "@clew/protocol/otlp/model";
import type { Store } from "../../store/store.ts";
import { Origins } from "../origins.ts";
import { POINT_LOOKUP } from "../query-settings.ts";
import { resolveTrace } from "../resolve-trace.ts";
import { InvalidSpanId, SpanNotFound } from "../span-detail.ts";
import { andAll, fragment, Parameters, statement } from "../sql.ts";

/** A span, what it ran on, and the time around it. */
export interface Surroundings {
  readonly traceId: string;
  readonly spanId: string;
  readonly service: string;
  /** Attributes of its resource that tell the instance; none where it has none that does. */
  readonly instance: readonly (readonly [key: string, value: string])[];
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

export interface AroundRequest {
  /** A reference as `resolveTrace` takes it. */
  readonly trace: string;
  readonly span: string;
  readonly beforeNs: bigint;
  readonly afterNs: bigint;
}

interface SpanRow {
  readonly start_ns: string;
  readonly duration_ns: string;
  readonly is_running: number;
  readonly service_name: string;
  readonly resource_id: string;
  readonly scope_id: string;
}

/** Each alone tells an instance of a service, by OpenTelemetry's conventions for resources. */
const INSTANCE_KEYS: readonly (readonly string[])[] = [
  ["service.instance.id"],
  ["k8s.pod.uid"],
  ["host.name", "process.pid"],
  ["host.id", "process.pid"],
];

/** Rejects as `resolveTrace` does, and with `SpanNotFound` or `InvalidSpanId`. */
export async function surroundingsOf(
  store: Store,
  { trace: reference, span, beforeNs, afterNs }: AroundRequest,
  signal?: AbortSignal,
): Promise<Surroundings> {
  const spanId = span.toLowerCase();
  if (!/^[0-9a-f]{16}$/.test(spanId)) throw new InvalidSpanId(span);
  const trace = await resolveTrace(store, reference, signal);
  const parameters = new Parameters();
  const traceId = fragment`toFixedString(unhex(${parameters.bind("String", trace.id)}), 16)`;
  const rows = andAll([
    fragment`start_time >= fromUnixTimestamp64Nano(${parameters.bind("Int64", trace.startNs)}, 'UTC')`,
    fragment`start_time <= fromUnixTimestamp64Nano(${parameters.bind("Int64", trace.endNs)}, 'UTC')`,
    fragment`xxHash32(trace_id) = xxHash32(${traceId})`,
    fragment`trace_id = ${traceId}`,
    fragment`span_id = toFixedString(unhex(${parameters.bind("String", spanId)}), 8)`,
  ]);
  const [row] = await store.query<SpanRow>(statement("logs-span", { rows }), {
    parameters: parameters.values,
    settings: POINT_LOOKUP,
    ...(signal && { signal }),
  });
  if (row === undefined) throw new SpanNotFound(trace.id, spanId);
  const startNs = BigInt(row.start_ns);
  const endNs = row.is_running ? nowNs() : startNs + BigInt(row.duration_ns);
  return {
    traceId: trace.id,
    spanId,
    service: row.service_name,
    instance: await instanceOf(store, row, signal),
    fromNs: within(startNs - beforeNs),
    toNs: within((endNs > startNs ? endNs : startNs) + afterNs + 1n),
  };
}

/** How a record belongs to the span around which it was looked for. */
export function relationOf(
  { traceId, spanId }: { readonly traceId: string; readonly spanId: string },
  around: Surroundings,
): LogRelation {
  if (traceId !== around.traceId) return "instance";
  return spanId === around.spanId ? "span" : "trace";
}

export function shownSurroundings(around: Surroundings): LogSurroundings {
  const { traceId, spanId, service, instance, fromNs, toNs } = around;
  return {
    traceId,
    spanId,
    service,
    instance: instance.map(([key, value]) => ({ key, value: { stringValue: value } })),
    fromNanos: String(fromNs),
    toNanos: String(toNs),
  };
}

async function instanceOf(
  store: Store,
  row: SpanRow,
  signal: AbortSignal | undefined,
): Promise<Surroundings["instance"]> {
  const origins = new Origins(store, signal);
  await origins.load([row]);
  const attributes = new Map(
    (origins.resource(row.resource_id).message?.attributes ?? []).map(({ key, value }) => [
      key,
      textOf(value),
    ]),
  );
  for (const keys of INSTANCE_KEYS) {
    const found = keys.map((key) => [key, attributes.get(key) ?? ""] as const);
    if (found.every(([, value]) => value !== "")) return found;
  }
  return [];
}

/** As the store has it; empty for what tells nothing apart. */
function textOf(value: AnyValue | undefined): string {
  return value?.stringValue ?? value?.intValue ?? "";
}

function nowNs(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}

function within(nanos: bigint): bigint {
  const most = 2n ** 63n - 1n;
  return nanos < 0n ? 0n : nanos > most ? most : nanos;
}
