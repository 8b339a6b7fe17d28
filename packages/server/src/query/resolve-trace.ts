import { PublicError } from "../errors.ts";
import type { Store } from "../store/store.ts";
import { goBackInTime } from "./back-in-time.ts";
import { POINT_LOOKUP } from "./query-settings.ts";
import { statement } from "./sql.ts";
import type { IdName } from "./trace-conditions.ts";
import { TraceSearch } from "./trace-search.ts";

/** No span of this trace is stored: never sent, not stored yet, or expired. */
export class TraceNotFound extends PublicError {
  readonly code = "trace_not_found";
  readonly status = 404;

  constructor(reference: string) {
    super(reference === "last" ? "No trace is stored yet" : `No trace ${reference} is stored`);
  }
}

/** Several stored traces have ids that begin like this. */
export class TraceAmbiguous extends PublicError {
  readonly code = "trace_ambiguous";
  readonly status = 409;
  /** The first of them, sorted. */
  readonly candidates: readonly string[];

  constructor(prefix: string, candidates: readonly string[]) {
    super(`Several traces have an id that begins with ${prefix}; give more of it`);
    this.candidates = candidates;
  }
}

/** What was given is neither a trace id, nor the beginning of one, nor `last`. */
export class InvalidTraceId extends PublicError {
  readonly code = "invalid_trace_id";
  readonly status = 400;

  constructor(reference: string) {
    super(`${JSON.stringify(reference)} is no trace id: give 4 to 32 hexadecimal digits, or last`);
  }
}

/** A trace that is stored, and between which moments its spans start and end. */
export interface ResolvedTrace {
  /** 32 lower-case hex digits. */
  readonly id: string;
  readonly startNs: bigint;
  readonly endNs: bigint;
  /** Spans that were sent twice count twice. */
  readonly spanCount: number;
  /** Those its own spans carry; empty text for none. */
  readonly ids: Readonly<Record<IdName, string>>;
}

interface BoundsRow extends Record<IdName, string> {
  readonly start_ns: string;
  readonly end_ns: string;
  readonly is_stored: number;
  readonly span_count: string;
}

const MOST_CANDIDATES = 10;

/**
 * The trace that is meant by an id, by the beginning of one (at least 4 digits), or by `last`, which is the
 * one that began latest. Rejects with `TraceNotFound`, `TraceAmbiguous` or `InvalidTraceId`.
 */
export async function resolveTrace(
  store: Store,
  reference: string,
  signal?: AbortSignal,
): Promise<ResolvedTrace> {
  if (reference === "last") return lastTrace(store, signal);
  const id = await traceIdOf(store, reference, signal);
  const [bounds] = await store.query<BoundsRow>(statement("trace-bounds"), {
    parameters: { trace_id: id },
    settings: POINT_LOOKUP,
    ...(signal && { signal }),
  });
  if (bounds === undefined || bounds.is_stored === 0) throw new TraceNotFound(id);
  const { start_ns, end_ns, is_stored: _, span_count, ...ids } = bounds;
  return { id, startNs: BigInt(start_ns), endNs: BigInt(end_ns), spanCount: Number(span_count), ids };
}

/** The id alone, of 32 lower-case hex digits. A whole one costs nothing: whether it is stored is not looked up. */
export async function traceIdOf(store: Store, reference: string, signal?: AbortSignal): Promise<string> {
  if (reference === "last") return (await lastTrace(store, signal)).id;
  const digits = reference.toLowerCase();
  if (!/^[0-9a-f]{4,32}$/.test(digits)) throw new InvalidTraceId(reference);
  return digits.length === 32 ? digits : idWithPrefix(store, digits, signal);
}

async function lastTrace(store: Store, signal: AbortSignal | undefined): Promise<ResolvedTrace> {
  const search = await TraceSearch.prepare(store, {}, signal);
  const [last] = await goBackInTime(search, undefined, 1);
  if (last === undefined) throw new TraceNotFound("last");
  return last;
}

async function idWithPrefix(store: Store, prefix: string, signal: AbortSignal | undefined): Promise<string> {
  const rows = await store.query<{ id: string }>(statement("traces-with-prefix"), {
    parameters: { first: prefix.padEnd(32, "0"), last: prefix.padEnd(32, "f"), most: MOST_CANDIDATES },
    settings: POINT_LOOKUP,
    ...(signal && { signal }),
  });
  const [first, second] = rows;
  if (first === undefined) throw new TraceNotFound(prefix);
  if (second !== undefined) {
    throw new TraceAmbiguous(
      prefix,
      rows.map((row) => row.id),
    );
  }
  return first.id;
}
