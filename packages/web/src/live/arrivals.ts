import type { TraceItem } from "@clew/protocol/api/trace-item";

const WINDOW_MS = 5000;
const REMEMBERED = 4000;

/** How much comes, and how late. */
export interface Flow {
  readonly tracesPerS: number;
  /** Undefined where nothing came in the last seconds. */
  readonly lagMs: number | undefined;
}

/** What came in the last five seconds. */
export class Arrivals {
  /** When each trace was told of for the first time, oldest first. */
  readonly #known = new Set<string>();
  #batches: { readonly atMs: number; readonly fresh: number; readonly lagMs: number | undefined }[] = [];

  add(items: readonly TraceItem[], skipped: number, nowMs: number): void {
    let fresh = skipped;
    for (const { traceId } of items) {
      if (this.#known.has(traceId)) continue;
      this.#known.add(traceId);
      fresh += 1;
    }
    for (const traceId of this.#known) {
      if (this.#known.size <= REMEMBERED) break;
      this.#known.delete(traceId);
    }
    this.#batches.push({ atMs: nowMs, fresh, lagMs: lagOf(items, nowMs) });
    this.#forget(nowMs);
  }

  clear(): void {
    this.#known.clear();
    this.#batches = [];
  }

  /** The flow at a moment; `old` itself where nothing has changed that people see. */
  flow(nowMs: number, old?: Flow): Flow {
    this.#forget(nowMs);
    const fresh = this.#batches.reduce((sum, batch) => sum + batch.fresh, 0);
    const lags = this.#batches.flatMap(({ lagMs }) => (lagMs === undefined ? [] : [lagMs]));
    const flow = { tracesPerS: fresh / (WINDOW_MS / 1000), lagMs: median(lags) };
    return old !== undefined && old.tracesPerS === flow.tracesPerS && old.lagMs === flow.lagMs ? old : flow;
  }

  #forget(nowMs: number): void {
    while (nowMs - (this.#batches[0]?.atMs ?? nowMs) > WINDOW_MS) this.#batches.shift();
  }
}

/** From the latest end of the trace that ended last; a clock that is ahead has no lag. */
function lagOf(items: readonly TraceItem[], nowMs: number): number | undefined {
  const ends = items.filter(({ spanCount }) => spanCount > 0).map(({ startMs, durMs }) => startMs + durMs);
  return ends.length === 0 ? undefined : Math.max(0, nowMs - Math.max(...ends));
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
