import { encodeOtlp } from "@clew/protocol/otlp/encode";
import type { OtlpData } from "@clew/protocol/otlp/model";
import type { Signal } from "@clew/protocol/signal";

/** One request to the server. */
export interface Batch {
  readonly signal: Signal;
  readonly records: number;
  readonly body: Uint8Array<ArrayBuffer>;
}

export interface BatchLimits {
  readonly records: number;
  readonly bytes: number;
}

type Group = Readonly<Record<string, unknown>>;

const LEVELS: Readonly<Record<Signal, readonly [string, string, string]>> = {
  traces: ["resourceSpans", "scopeSpans", "spans"],
  logs: ["resourceLogs", "scopeLogs", "logRecords"],
  metrics: ["resourceMetrics", "scopeMetrics", "metrics"],
};

/** A record with the groups it is in, by identity. */
interface Placed {
  readonly resource: Group;
  readonly scope: Group;
  readonly record: unknown;
}

/**
 * Cuts data into requests that hold at most `records` records and `bytes` bytes; a single record may be larger.
 * Order is kept, and so are the resource and scope of every record.
 */
export function* batches<S extends Signal>(
  signal: S,
  data: OtlpData[S],
  limits: BatchLimits,
): Generator<Batch, void, undefined> {
  let placed: Placed[] = [];
  for (const next of records(signal, data)) {
    placed.push(next);
    if (placed.length < limits.records) continue;
    yield* encoded(signal, placed, limits.bytes);
    placed = [];
  }
  if (placed.length > 0) yield* encoded(signal, placed, limits.bytes);
}

function* records(signal: Signal, data: object): Generator<Placed, void, undefined> {
  const [resources, scopes, items] = LEVELS[signal];
  for (const resource of listOf(data as Group, resources)) {
    for (const scope of listOf(resource, scopes)) {
      for (const record of listOf(scope, items)) yield { resource, scope, record };
    }
  }
}

function listOf(group: Group, key: string): readonly Group[] {
  return (group[key] as readonly Group[] | undefined) ?? [];
}

function* encoded(
  signal: Signal,
  placed: readonly Placed[],
  bytes: number,
): Generator<Batch, void, undefined> {
  const body = encodeOtlp(signal, grouped(signal, placed));
  if (body.length <= bytes || placed.length === 1) {
    yield { signal, records: placed.length, body };
    return;
  }
  const half = Math.ceil(placed.length / 2);
  yield* encoded(signal, placed.slice(0, half), bytes);
  yield* encoded(signal, placed.slice(half), bytes);
}

function grouped(signal: Signal, placed: readonly Placed[]): OtlpData[Signal] {
  const [resources, scopes, items] = LEVELS[signal];
  const found: { resource: Group; scopes: { scope: Group; records: unknown[] }[] }[] = [];
  for (const { resource, scope, record } of placed) {
    let last = found.at(-1);
    if (last?.resource !== resource) found.push((last = { resource, scopes: [] }));
    const group = last.scopes.at(-1);
    if (group?.scope === scope) group.records.push(record);
    else last.scopes.push({ scope, records: [record] });
  }
  return {
    [resources]: found.map((each) => ({
      ...each.resource,
      [scopes]: each.scopes.map(({ scope, records }) => ({ ...scope, [items]: records })),
    })),
  };
}
