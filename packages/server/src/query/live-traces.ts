import { randomBytes } from "node:crypto";
import type { TraceUpdate } from "@clew/protocol/api/live";
import type { TraceItem } from "@clew/protocol/api/trace-item";
import { bytesToHex } from "@clew/protocol/ids";
import type { Store } from "../store/store.ts";
import { traceHeads } from "./find-traces.ts";
import { RecentChanges } from "./recent-changes.ts";
import type { TraceConditions } from "./trace-conditions.ts";

export interface LiveTracesOptions {
  /** Least time between two updates in milliseconds, default 100; they come slower where looking takes long. */
  readonly intervalMs?: number;
  /** How long changes are remembered for readers that come back, default a minute. */
  readonly rememberMs?: number;
  /** Told when looking fails; the traces are looked at again. */
  readonly onError?: (error: unknown) => void;
}

/** Traces in one update; of more, the ones that changed last are shown. */
const MOST_IN_UPDATE = 200;
/** Changed traces remembered between updates, and items kept for a reader that is slow. */
const MOST_HELD = 2000;
/** Looking may take one part in so many of the time. */
const REST_FACTOR = 3;

interface Subscriber {
  readonly conditions: TraceConditions;
  /** By trace id, oldest change first. */
  readonly items: Map<string, TraceItem>;
  skipped: number;
  /** Up to where it was told. */
  seq: number;
  hasMissed: boolean;
  wake: () => void;
}

/**
 * Tells who watches which traces change. Whoever stores spans says which traces got some; their lines are read
 * once for all watchers without conditions, at most ten times a second, and not at all while nobody watches. Whoever
 * comes back within a minute is told what changed meanwhile.
 */
export class LiveTraces {
  readonly #store: Store;
  readonly #intervalMs: number;
  readonly #onError: (error: unknown) => void;
  readonly #subscribers = new Set<Subscriber>();
  readonly #changed = new Set<string>();
  readonly #recent = new RecentChanges(MOST_HELD);
  readonly #rememberMs: number;
  /** Names this server's updates. */
  readonly #run = randomBytes(4).toString("hex");
  /** When the last watcher left. */
  #unwatchedMs: number | undefined = Number.NEGATIVE_INFINITY;
  /** Those that are being read. */
  #looking: readonly string[] = [];
  #skipped = 0;
  #timer: NodeJS.Timeout | undefined;
  #nextMs = 0;
  #isLooking = false;

  constructor(store: Store, options: LiveTracesOptions = {}) {
    this.#store = store;
    this.#intervalMs = options.intervalMs ?? 100;
    this.#rememberMs = options.rememberMs ?? 60_000;
    this.#onError = options.onError ?? (() => undefined);
  }

  /** These traces got spans, and queries see them. Ids of 16 bytes one after the other. Costs nothing unwatched. */
  changed(traceIds: Uint8Array): void {
    if (this.#isForgotten()) return;
    for (let at = 0; at + 16 <= traceIds.length; at += 16) {
      const id = bytesToHex(traceIds, at, at + 16);
      this.#changed.delete(id);
      this.#changed.add(id);
    }
    this.#skipped += forgetOldest(this.#changed, MOST_HELD);
    if (this.#subscribers.size > 0) this.#schedule();
  }

  /**
   * Changes from now on, or since the update with the id `after`, until the signal is aborted. A slow reader gets the
   * latest state of each trace.
   */
  async *updates(
    conditions: TraceConditions,
    signal: AbortSignal,
    after?: string,
  ): AsyncGenerator<TraceUpdate, void> {
    const since = after === undefined ? undefined : this.#since(after);
    const subscriber: Subscriber = {
      ...{ conditions, items: new Map(), skipped: 0, wake: () => undefined },
      seq: this.#recent.seq,
      hasMissed: after !== undefined && since === undefined,
    };
    const onAbort = () => subscriber.wake();
    signal.addEventListener("abort", onAbort);
    this.#watch(subscriber, since);
    try {
      while (!signal.aborted) {
        if (subscriber.items.size === 0 && !subscriber.hasMissed) {
          const { promise, resolve } = Promise.withResolvers<void>();
          subscriber.wake = resolve;
          await promise;
          continue;
        }
        const items = [...subscriber.items.values()];
        const { skipped, seq, hasMissed } = subscriber;
        subscriber.items.clear();
        subscriber.skipped = 0;
        subscriber.hasMissed = false;
        yield { items, skipped, id: `${this.#run}-${seq}`, ...(hasMissed && { missed: true }) };
      }
    } finally {
      this.#subscribers.delete(subscriber);
      signal.removeEventListener("abort", onAbort);
      if (this.#subscribers.size === 0) this.#stop();
    }
  }

  /** The changes after the update of this id; undefined where they are not known. */
  #since(id: string): readonly string[] | undefined {
    const [run, seq] = id.split("-");
    if (run !== this.#run || this.#isForgotten()) return undefined;
    return this.#recent.since(Number(seq));
  }

  #watch(subscriber: Subscriber, since: readonly string[] | undefined): void {
    // What happened while nobody watched is for those who come back.
    if (this.#subscribers.size === 0 && since === undefined) this.#forget();
    this.#subscribers.add(subscriber);
    this.#unwatchedMs = undefined;
    if (since === undefined) return;
    // What is being read now is told to those who watched when that began.
    for (const traceId of [...since, ...this.#looking]) this.#changed.add(traceId);
    this.#schedule();
  }

  /** Whether nobody watches nor is expected back. */
  #isForgotten(): boolean {
    if (this.#unwatchedMs === undefined) return false;
    if (performance.now() - this.#unwatchedMs < this.#rememberMs) return false;
    this.#forget();
    return true;
  }

  #forget(): void {
    this.#changed.clear();
    this.#recent.clear();
    this.#skipped = 0;
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#unwatchedMs = performance.now();
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#isLooking || this.#changed.size === 0) return;
    const pauseMs = Math.max(0, this.#nextMs - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#look();
    }, pauseMs);
  }

  async #look(): Promise<void> {
    const ids = [...this.#changed];
    const shown = ids.slice(-MOST_IN_UPDATE);
    const skipped = this.#skipped + ids.length - shown.length;
    this.#changed.clear();
    this.#skipped = 0;
    this.#isLooking = true;
    this.#looking = shown;
    const seq = this.#recent.next();
    const startedMs = performance.now();
    try {
      await this.#tellAll(shown, skipped, seq);
      this.#recent.add(shown, seq);
    } catch (error) {
      for (const id of shown) this.#changed.add(id);
      this.#onError(error);
    } finally {
      const tookMs = performance.now() - startedMs;
      this.#nextMs = performance.now() + Math.max(this.#intervalMs - tookMs, tookMs * REST_FACTOR);
      this.#isLooking = false;
      this.#looking = [];
      if (this.#subscribers.size > 0) this.#schedule();
    }
  }

  async #tellAll(ids: readonly string[], skipped: number, seq: number): Promise<void> {
    let all: TraceItem[] | undefined;
    for (const subscriber of [...this.#subscribers]) {
      const isForAll = Object.keys(subscriber.conditions).length === 0;
      const items =
        (isForAll ? all : undefined) ?? (await traceHeads(this.#store, ids, subscriber.conditions));
      if (isForAll) all = items;
      // A line's order is by start; the one that changed last is to be kept longest.
      for (const item of [...items].reverse()) {
        subscriber.items.delete(item.traceId);
        subscriber.items.set(item.traceId, item);
      }
      subscriber.seq = seq;
      subscriber.skipped += skipped + forgetOldest(subscriber.items, MOST_HELD);
      if (items.length > 0) subscriber.wake();
    }
  }
}

/** Removes the entries that were added first until at most so many are left; says how many it removed. */
function forgetOldest(held: Set<string> | Map<string, unknown>, most: number): number {
  let removed = 0;
  for (const key of held.keys()) {
    if (held.size <= most) break;
    held.delete(key);
    removed += 1;
  }
  return removed;
}
