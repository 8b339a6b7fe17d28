/**
 * Upper bounds of the buckets in milliseconds: those of OpenTelemetry's connectors, and five more, because what models
 * and agents do takes minutes.
 */
export const BOUNDS_MS: readonly number[] = [
  ...[2, 4, 6, 8, 10, 50, 100, 200, 400, 800, 1000, 1400, 2000, 5000, 10_000, 15_000],
  ...[30_000, 60_000, 120_000, 300_000, 600_000],
];

const NS_PER_MS = 1_000_000;

/** The same in nanoseconds, as statements take them: a length is in the bucket after the greatest that it exceeds. */
export const BOUNDS_NS: readonly number[] = [-1, ...BOUNDS_MS.map((bound) => bound * NS_PER_MS)];

const BUCKETS: ReadonlyMap<number, number> = new Map(BOUNDS_NS.map((bound, index) => [bound, index]));

/** A span that a figure includes. */
export interface Exemplar {
  readonly traceId: string;
  readonly spanId: string;
  readonly durationNs: number;
  /** When it ended, in milliseconds since the Unix epoch. */
  readonly endedMs: number;
}

/** Spans of one bucket that are counted at once. */
export interface Calls {
  /** The greatest of `BOUNDS_NS` that they exceed. */
  readonly boundNs: number;
  readonly calls: number;
  readonly totalNs: number;
  readonly exemplar: Exemplar;
}

/** One span. */
export interface Observed {
  readonly durationNs: number;
  readonly endedMs: number;
  /** The bytes of trace and span id, a character each. */
  readonly ids: string;
}

/** Lengths of spans, since counting began. */
export class Histogram {
  /** Per bucket, not cumulative; the last is that of what exceeds all bounds. */
  readonly buckets: number[] = new Array<number>(BOUNDS_NS.length).fill(0);
  /** Of each bucket the one that ended last. */
  readonly exemplars: (Exemplar | undefined)[] = new Array(BOUNDS_NS.length).fill(undefined);
  count = 0;
  totalNs = 0;

  add({ boundNs, calls, totalNs, exemplar }: Calls): void {
    const bucket = BUCKETS.get(boundNs);
    if (bucket === undefined) throw new RangeError(`${boundNs} is no bound`);
    this.#add(bucket, calls, totalNs);
    if (this.#isNewer(bucket, exemplar.endedMs)) this.exemplars[bucket] = exemplar;
  }

  observe({ durationNs, endedMs, ids }: Observed): void {
    let bucket = 0;
    while (bucket < BOUNDS_NS.length - 1 && BOUNDS_NS[bucket + 1]! < durationNs) bucket += 1;
    this.#add(bucket, 1, durationNs);
    if (!this.#isNewer(bucket, endedMs)) return;
    const hex = Buffer.from(ids, "latin1").toString("hex");
    this.exemplars[bucket] = { traceId: hex.slice(0, 32), spanId: hex.slice(32), durationNs, endedMs };
  }

  #add(bucket: number, calls: number, totalNs: number): void {
    this.buckets[bucket]! += calls;
    this.count += calls;
    this.totalNs += totalNs;
  }

  /** A scraper refuses one that is older than the one it knows. */
  #isNewer(bucket: number, endedMs: number): boolean {
    return endedMs > (this.exemplars[bucket]?.endedMs ?? -1);
  }
}
