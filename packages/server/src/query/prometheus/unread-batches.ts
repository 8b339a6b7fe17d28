/** What one insert brought into the store. */
export interface StoredRecords {
  readonly batchId: bigint;
  /** Partition of its rows: days since the Unix epoch, UTC. */
  readonly day: number;
  readonly spans: number;
  readonly logs: number;
  readonly metricPoints: number;
}

/** Batches that follow one another. */
export interface BatchRange {
  /** The batch before the first one. */
  readonly after: bigint;
  readonly through: bigint;
  readonly spans: number;
  /** Earliest day of their partitions, since the Unix epoch. */
  readonly fromDay: number;
}

/** The parameters by which a statement reads the batches of a range. */
export function parametersOf({ after, through, fromDay }: BatchRange) {
  return { after_batch: after, through_batch: through, from_day: fromDay };
}

/** Spans that one statement reads, give or take a batch. */
const RANGE_SPANS = 250_000;
const MOST_RANGES = 40;

/**
 * Which batches were stored and not looked at yet, in ranges that are read at once. Of more than ten million spans the
 * oldest ones are skipped, so that whoever comes after weeks is not told of weeks.
 */
export class UnreadBatches {
  readonly #ranges: BatchRange[] = [];
  #skippedSpans = 0;

  /** Costs a comparison and an addition, whether anybody reads or not. */
  stored({ batchId, day, spans }: StoredRecords): void {
    const last = this.#ranges.at(-1);
    if (last !== undefined && last.spans < RANGE_SPANS) {
      const fromDay = Math.min(last.fromDay, day);
      this.#ranges[this.#ranges.length - 1] = {
        ...last,
        through: batchId,
        spans: last.spans + spans,
        fromDay,
      };
      return;
    }
    this.#ranges.push({ after: batchId - 1n, through: batchId, spans, fromDay: day });
    if (this.#ranges.length > MOST_RANGES) this.skip(this.#ranges.shift()!);
  }

  /** The oldest range, which then counts as read. */
  take(): BatchRange | undefined {
    return this.#ranges.shift();
  }

  /** What was taken could not be read now. */
  giveBack(range: BatchRange): void {
    this.#ranges.unshift(range);
  }

  /** What was taken is not going to be read. */
  skip(range: BatchRange): void {
    this.#skippedSpans += range.spans;
  }

  get spans(): number {
    return this.#ranges.reduce((sum, { spans }) => sum + spans, 0);
  }

  get skippedSpans(): number {
    return this.#skippedSpans;
  }
}
