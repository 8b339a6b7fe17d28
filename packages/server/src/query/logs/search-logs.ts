import type { Store } from "../../store/store.ts";
import { andAll, fragment, Parameters, statement } from "../sql.ts";
import { BudgetSpent, type PartialReason, SearchBudget } from "../traceql/search-budget.ts";
import type { Stretch } from "../traceql/stretches.ts";
import type { LogCursor } from "./log-cursor.ts";
import type { LogRow } from "./log-items.ts";
import { type LogsInTime, logStretches, rowsWithin } from "./log-stretches.ts";
import { AT, AT_NS, happenedAt, isNear, RECORD } from "./log-time.ts";

export interface LogSearchRequest extends LogsInTime {
  /** Records on the page. */
  readonly limit: number;
  /** Where the page before ended. */
  readonly after?: LogCursor | undefined;
  /** Characters of each text that are read. */
  readonly shown: number;
  readonly timeoutMs?: number | undefined;
  /** That one statement may read. */
  readonly maxBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface FoundLogs {
  /** Newest first. */
  readonly rows: readonly LogRow[];
  /** Set when the budget was spent before the page was full. */
  readonly partial?: PartialReason;
  /** Absent when nothing is left to look at. */
  readonly next?: LogCursor;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_BYTES = 32 * 1024 ** 3;
/** A page whose texts are longer ends there. */
const MOST_PAGE_BYTES = 16 * 1024 ** 2;
/** Of records that were sent twice one is left over; so a few more moments are asked for. */
const LEAST_TIMES = 64;
/** The records of moments are taken together, unless finding more takes longer than this. */
const LONGEST_HELD_MS = 300;
/** What was found when the time is up is still taken. */
const GRACE_MS = 2000;
const NANOS = 1_000_000_000n;
const NEWEST: LogCursor = { atNs: 2n ** 63n - 1n, record: 2n ** 64n - 1n };

/**
 * The newest log records of a selection, by going back in time in stretches that grow. In each the moments of the
 * newest are found first, with what the conditions read; then the records between the last of these moments and the
 * page before, whole. When time or bytes do not suffice the answer is partial.
 */
export async function searchLogs(store: Store, request: LogSearchRequest): Promise<FoundLogs> {
  const search = new LogSearch(store, request);
  try {
    for await (const stretch of search.stretches()) {
      await search.read(stretch);
      if (search.isFull) break;
    }
    await search.take();
    return search.page();
  } catch (error) {
    if (!(error instanceof BudgetSpent)) throw error;
    await search.takeLate();
    return search.page(error.reason);
  }
}

class LogSearch {
  readonly #store: Store;
  readonly #request: LogSearchRequest;
  #budget: SearchBudget;
  readonly #rows: LogRow[] = [];
  /** Moments of which the records are still to be taken, newest first. */
  #times: bigint[] = [];
  #timesSinceMs = 0;
  /** All records before this one in the list are on the page or were on one before. */
  #after: LogCursor;
  /** The same for the records of the moments that were found. */
  #seen: LogCursor;
  #bytes = 0;
  /** The page is as large as may be although more follows. */
  #isCut = false;

  constructor(store: Store, request: LogSearchRequest) {
    this.#store = store;
    this.#request = request;
    this.#after = request.after ?? NEWEST;
    this.#seen = this.#after;
    this.#budget = this.#budgetOf(request.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  }

  get isFull(): boolean {
    return this.#isCut || this.#rows.length > this.#request.limit;
  }

  stretches(): AsyncGenerator<Stretch, void> {
    const { toNs, after } = this.#request;
    const ends = [toNs, after && after.atNs + 1n].filter((end) => end !== undefined);
    const last = ends.reduce<bigint | undefined>(
      (least, end) => (least === undefined || end < least ? end : least),
      undefined,
    );
    return logStretches(this.#store, { ...this.#request, toNs: last }, () => this.#budget);
  }

  /** Adds the records of a stretch to the page, as far as they fit; in halves when it is too much at once. */
  async read(stretch: Stretch): Promise<void> {
    try {
      await this.#readAll(stretch);
    } catch (error) {
      const minutes = Math.floor((stretch.to - stretch.from) / 60);
      if (!(error instanceof BudgetSpent) || error.reason !== "size" || minutes < 2) throw error;
      const middle = stretch.from + Math.floor(minutes / 2) * 60;
      await this.read({ from: middle, to: stretch.to, isLast: false });
      if (!this.isFull) await this.read({ ...stretch, to: middle });
    }
  }

  page(partial?: PartialReason): FoundLogs {
    const { limit } = this.#request;
    const rows = this.#rows.slice(0, limit);
    const last = rows.at(-1);
    if (this.#rows.length > limit || this.#isCut) return { rows, next: cursorOf(last!) };
    return partial === undefined ? { rows } : { rows, partial, next: this.#after };
  }

  /** Takes the records of the moments that were found and not taken. */
  async take(): Promise<void> {
    if (this.#times.length > 0) await this.#takeRecords(this.#times);
    this.#times = [];
    this.#after = this.#seen;
  }

  /** The same when the budget is spent, so that the next page goes on behind what was found. */
  async takeLate(): Promise<void> {
    if (this.#times.length === 0) return;
    this.#budget = this.#budgetOf(GRACE_MS);
    try {
      await this.take();
    } catch (error) {
      if (!(error instanceof BudgetSpent)) throw error;
    }
  }

  #budgetOf(timeoutMs: number): SearchBudget {
    const { maxBytes = DEFAULT_MAX_BYTES, signal } = this.#request;
    return new SearchBudget({ timeoutMs, maxBytes, signal });
  }

  async #readAll(stretch: Stretch): Promise<void> {
    for (let isRest = false; !isRest && !this.isFull; ) {
      const wanted = Math.max(this.#wanted - this.#times.length, LEAST_TIMES);
      const times = await this.#timesIn(stretch, wanted);
      isRest = times.length < wanted;
      if (this.#times.length === 0) this.#timesSinceMs = performance.now();
      this.#times.push(...times);
      const until = isRest ? BigInt(stretch.from) * NANOS : times.at(-1)!;
      this.#seen = { atNs: until, record: 0n };
      // What was found must not be lost when the time is up.
      const isLate = performance.now() - this.#timesSinceMs > LONGEST_HELD_MS;
      if (this.#times.length >= this.#wanted || this.#times.length === 0 || isLate) await this.take();
    }
  }

  get #wanted(): number {
    return this.#request.limit + 1 - this.#rows.length;
  }

  async #timesIn(stretch: Stretch, most: number): Promise<bigint[]> {
    const parameters = new Parameters();
    const { atNs, record } = this.#seen;
    const last = parameters.bind("Int64", record === 0n ? atNs - 1n : atNs);
    const rows = andAll([...rowsWithin(stretch, this.#request, parameters), fragment`${AT_NS} <= ${last}`]);
    const found = await this.#budget.run(
      (options) => this.#store.query<{ at_ns: string }>(statement("logs-times", { at: AT, rows }), options),
      { ...parameters.values, most },
    );
    return found.map(({ at_ns }) => BigInt(at_ns));
  }

  async #takeRecords(times: readonly bigint[]): Promise<void> {
    const parameters = new Parameters();
    const { atNs, record } = this.#after;
    const moments = andAll([happenedAt(times, parameters)]);
    const rows = andAll(this.#request.selection.rows(parameters));
    const after = fragment`(${parameters.bind("Int64", atNs)}, ${parameters.bind("UInt64", record)})`;
    const keys = andAll([fragment`(found_ns, found) < ${after}`]);
    const sql = statement("logs-page", { at: AT, record: RECORD, moments, rows, keys });
    await this.#budget.run(
      async (options) => {
        const before = this.#rows.length;
        try {
          for await (const batch of this.#store.stream<LogRow>(sql, options)) {
            for (const row of batch) {
              this.#bytes += sizeOf(row);
              this.#isCut = this.#bytes > MOST_PAGE_BYTES && this.#rows.length > 0;
              if (this.#isCut) return;
              this.#rows.push(row);
            }
          }
        } catch (error) {
          this.#rows.length = before;
          throw error;
        }
      },
      { ...parameters.values, most: this.#wanted, shown: this.#request.shown },
      isNear(times) ? "lookup" : "scan",
    );
  }
}

function cursorOf({ at_ns, record }: LogRow): LogCursor {
  return { atNs: BigInt(at_ns), record: BigInt(record) };
}

function sizeOf({ body_text, attribute_values, content_values }: LogRow): number {
  return [body_text, ...attribute_values, ...content_values].reduce((sum, text) => sum + text.length, 0);
}
