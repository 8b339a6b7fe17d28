import type * as api from "@clew/protocol/api/ingest-event";
import type { Signal } from "@clew/protocol/signal";
import type { Accepted, Source } from "./intake.ts";

/** What became of a request, or of several alike that came within a moment. */
export interface IngestEvent extends api.IngestEvent {
  /** How many requests this event stands for. */
  readonly requests: number;
  readonly protocol: Source["protocol"] | "unknown";
  /** Name of the gRPC status, e.g. `INVALID_ARGUMENT`; empty over HTTP. */
  readonly grpcStatus: string;
  readonly peer: string;
  readonly userAgent: string;
  /** Stable name of why it was refused, e.g. `malformed_otlp`; empty when it was accepted. */
  readonly reason: string;
  /** What the sender was told; empty when there was nothing to say. */
  readonly message: string;
}

/** What a receiver reports about a request that it did not accept. */
export interface Refusal {
  readonly source: Source | (Omit<Source, "protocol"> & { readonly protocol: "unknown" });
  readonly code: number;
  readonly grpcStatus?: string;
  readonly signal?: Signal;
  readonly contentType?: string;
  readonly reason: string;
  readonly message: string;
  /** What to change; empty when nothing can be said. */
  readonly hint: string;
}

export interface SignalCounters extends api.SignalCounters {
  /** Bytes of OTLP protobuf, as they went into the log. */
  readonly bytes: number;
}

/** All refusals with one reason and hint that came from one address. */
export interface RefusalGroup {
  readonly code: number;
  readonly reason: string;
  /** Of the latest one, as are `message` and `path`. */
  readonly peer: string;
  readonly path: string;
  readonly message: string;
  readonly hint: string;
  readonly count: number;
  readonly lastAtMs: number;
}

export interface SourceCounters {
  readonly service: string;
  readonly requests: number;
  readonly records: number;
  readonly rejected: number;
  readonly lastAtMs: number;
}

/** Sums since the server started; the latest first in the lists. */
export interface IngestCounters extends api.IngestCounters {
  readonly signals: Readonly<Record<Signal, SignalCounters>>;
  readonly refused: number;
  readonly refusals: readonly RefusalGroup[];
  readonly sources: readonly SourceCounters[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Events of one kind, of which those that come too soon after another become one. */
interface Held {
  emittedMs: number;
  /** What came since and is to be emitted. */
  next: Mutable<IngestEvent> | undefined;
}

interface SourceState {
  readonly sums: Mutable<SourceCounters>;
  readonly held: Partial<Record<Signal, Held>>;
}

interface GroupState {
  readonly sums: Mutable<RefusalGroup>;
  readonly held: Held;
}

const KEPT_EVENTS = 500;
const MAX_SOURCES = 1_000;
const MAX_GROUPS = 200;
/** Least time between two events of one service or refusal group; what comes between them is summed up. */
const COALESCE_MS = 250;

/** Counts what is received and tells who listens. Costs well under a microsecond a request. */
export class IngestEvents {
  readonly #nowMs: () => number;
  readonly #sinceMs: number;
  readonly #signals: Record<Signal, Mutable<SignalCounters>> = {
    traces: { requests: 0, records: 0, rejected: 0, bytes: 0 },
    logs: { requests: 0, records: 0, rejected: 0, bytes: 0 },
    metrics: { requests: 0, records: 0, rejected: 0, bytes: 0 },
  };
  /** Both in the order in which they were last seen, give or take `COALESCE_MS`. */
  readonly #sources = new Map<string, SourceState>();
  readonly #groups = new Map<string, GroupState>();
  readonly #ring: IngestEvent[] = [];
  readonly #listeners = new Set<(event: IngestEvent) => void>();
  readonly #held = new Set<Held>();
  #refused = 0;
  #seq = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs;
    this.#sinceMs = nowMs();
  }

  /** A request that was taken, wholly or in part. `bytes` is the length of its protobuf. */
  accepted(signal: Signal, bytes: number, source: Source, contentType: string, result: Accepted): void {
    const atMs = this.#nowMs();
    const { records, rejected, service } = result;
    const sums = this.#signals[signal];
    sums.requests++;
    sums.records += records;
    sums.rejected += rejected;
    sums.bytes += bytes;
    const state = this.#sources.get(service) ?? {
      sums: { service, requests: 0, records: 0, rejected: 0, lastAtMs: 0 },
      held: {},
    };
    touch(this.#sources, service, state, atMs, MAX_SOURCES);
    state.sums.requests++;
    state.sums.records += records;
    state.sums.rejected += rejected;
    const held = (state.held[signal] ??= { emittedMs: 0, next: undefined });
    const next = held.next;
    // Most requests end here when there are many.
    if (next !== undefined) {
      next.atMs = atMs;
      next.requests++;
      next.records += records;
      next.rejected += rejected;
      if (result.message !== "") next.message = result.message;
      return;
    }
    this.#report(held, atMs, {
      seq: 0,
      atMs,
      ok: true,
      code: 200,
      transport: source.protocol === "grpc" ? "grpc" : "http",
      path: source.path,
      contentType,
      signal,
      records,
      rejected,
      service,
      hint: "",
      requests: 1,
      protocol: source.protocol,
      grpcStatus: source.protocol === "grpc" ? "OK" : "",
      peer: source.peer,
      userAgent: source.userAgent,
      reason: "",
      message: result.message,
    });
  }

  /** A request, or a whole connection, that was turned away. */
  refused(refusal: Refusal): void {
    const atMs = this.#nowMs();
    const { source, code, reason, message, hint } = refusal;
    const { peer, path } = source;
    this.#refused++;
    const key = `${reason}\n${peer.slice(0, peer.lastIndexOf(":"))}\n${hint}`;
    const state = this.#groups.get(key) ?? {
      sums: { code, reason, peer, path, message, hint, count: 0, lastAtMs: 0 },
      held: { emittedMs: 0, next: undefined },
    };
    touch(this.#groups, key, state, atMs, MAX_GROUPS);
    state.sums.count++;
    Object.assign(state.sums, { code, peer, path, message });
    this.#report(state.held, atMs, {
      seq: 0,
      atMs,
      ok: false,
      code,
      transport: source.protocol === "grpc" ? "grpc" : "http",
      path,
      contentType: refusal.contentType ?? "",
      ...(refusal.signal === undefined ? {} : { signal: refusal.signal }),
      records: 0,
      rejected: 0,
      service: "",
      hint,
      requests: 1 + (state.held.next?.requests ?? 0),
      protocol: source.protocol,
      grpcStatus: refusal.grpcStatus ?? "",
      peer,
      userAgent: source.userAgent,
      reason,
      message,
    });
  }

  /** Calls `listener` with every event from now on, until the returned function is called. */
  subscribe(listener: (event: IngestEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The latest events, oldest first; only those after `seq` when it is given. */
  recent(seq = 0): IngestEvent[] {
    return this.#ring.filter((event) => event.seq > seq);
  }

  counters(): IngestCounters {
    return {
      sinceMs: this.#sinceMs,
      signals: structuredClone(this.#signals),
      refused: this.#refused,
      refusals: newestFirst(this.#groups),
      sources: newestFirst(this.#sources),
    };
  }

  /** Emits `event` now, or together with those that follow within `COALESCE_MS`. */
  #report(held: Held, atMs: number, event: Mutable<IngestEvent>): void {
    if (held.next === undefined && atMs - held.emittedMs >= COALESCE_MS) {
      held.emittedMs = atMs;
      this.#emit(event);
      return;
    }
    held.next = event;
    this.#held.add(held);
    this.#timer ??= setTimeout(() => this.flush(), COALESCE_MS).unref();
  }

  /** Emits what is held to be summed up. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const atMs = this.#nowMs();
    for (const held of this.#held) {
      const event = held.next!;
      held.next = undefined;
      held.emittedMs = atMs;
      this.#emit(event);
    }
    this.#held.clear();
  }

  #emit(event: Mutable<IngestEvent>): void {
    event.seq = ++this.#seq;
    if (this.#ring.length >= KEPT_EVENTS) this.#ring.shift();
    this.#ring.push(event);
    for (const listener of this.#listeners) listener(event);
  }
}

/** Notes that `key` was seen, moves it to the end of the map, and drops the first where there are too many. */
function touch<T extends { sums: { lastAtMs: number } }>(
  map: Map<string, T>,
  key: string,
  value: T,
  atMs: number,
  max: number,
): void {
  if (atMs - value.sums.lastAtMs >= COALESCE_MS) {
    map.delete(key);
    map.set(key, value);
    if (map.size > max) map.delete(map.keys().next().value!);
  }
  value.sums.lastAtMs = atMs;
}

function newestFirst<T extends { lastAtMs: number }>(map: Map<string, { sums: T }>): T[] {
  return Array.from(map.values(), ({ sums }) => ({ ...sums })).sort((a, b) => b.lastAtMs - a.lastAtMs);
}
