import type { QueryOptions, Store } from "../../store/store.ts";
import { QueryCancelled, StoreUnavailable } from "../../store/store-errors.ts";
import { SCAN } from "../query-settings.ts";
import { statement } from "../sql.ts";
import { AgentSeries } from "./agent-series.ts";
import { RequestSeries } from "./request-series.ts";
import { SpanSeries } from "./span-series.ts";
import { type BatchRange, type StoredRecords, UnreadBatches } from "./unread-batches.ts";

export interface TraceMetricsOptions {
  /** Least time between two looks at the store in milliseconds, however many ask; default 3,000. */
  readonly restMs?: number;
  /** Told when the store could not be asked, the first time in a row; it is asked again. */
  readonly onError?: (error: unknown) => void;
  /** The time, in milliseconds that only rise. */
  readonly nowMs?: () => number;
}

/** What is in one table of the store. */
export interface TableFigures {
  readonly table: string;
  readonly rows: number;
  readonly diskBytes: number;
}

interface SizeRow {
  readonly table: string;
  readonly row_count: string;
  readonly disk_bytes: string;
}

const REST_MS = 3000;
/** How long after a look began the last range of batches is begun, and how long that takes at most. */
const LOOK_MS = 2500;
const RANGE_MS = 4000;
const LEAST_STATEMENT_MS = 500;
/** More than a look takes. */
const MOST_PATIENCE_MS = 60_000;
/** A range that cannot be read this often is skipped. */
const MOST_ATTEMPTS = 3;

/** What was stored since the server started; the sums of one signal each. */
export interface StoredSums {
  spans: number;
  logs: number;
  metricPoints: number;
}

/**
 * Figures of the spans that were stored since the server started, as Prometheus wants them: sums that only rise. They
 * are brought up to date when somebody asks, out of the batches stored since the last time; until somebody does, the
 * store is not asked anything. A look reads every batch once, a quarter of a million spans at a time, for at most seven
 * seconds; what it does not get to is left for the next one.
 */
export class TraceMetrics {
  readonly spans = new SpanSeries();
  readonly agents = new AgentSeries();
  readonly requests = new RequestSeries();
  readonly stored: StoredSums = { spans: 0, logs: 0, metricPoints: 0 };
  readonly #store: Store;
  readonly #restMs: number;
  readonly #onError: (error: unknown) => void;
  readonly #nowMs: () => number;
  readonly #unread = new UnreadBatches();
  #tables: readonly TableFigures[] = [];
  #attempts = 0;
  #failures = 0;
  #isFailing = false;
  #look: Promise<void> | undefined;
  #lookedMs = Number.NEGATIVE_INFINITY;

  constructor(store: Store, options: TraceMetricsOptions = {}) {
    this.#store = store;
    this.#restMs = options.restMs ?? REST_MS;
    this.#onError = options.onError ?? (() => undefined);
    this.#nowMs = options.nowMs ?? (() => performance.now());
  }

  /** Something was stored. */
  onStored(records: StoredRecords): void {
    this.stored.spans += records.spans;
    this.stored.logs += records.logs;
    this.stored.metricPoints += records.metricPoints;
    if (records.spans > 0) this.#unread.stored(records);
  }

  /** Spans that are stored and in no figure yet. */
  get pendingSpans(): number {
    return this.#unread.spans;
  }

  /** Spans that no figure will ever have, because there were too many or they could not be read. */
  get skippedSpans(): number {
    return this.#unread.skippedSpans;
  }

  /** Looks at the store that failed. */
  get failures(): number {
    return this.#failures;
  }

  /** What the tables of the store held at the last look; empty before the first. */
  get tables(): readonly TableFigures[] {
    return this.#tables;
  }

  /**
   * Resolves when the figures are up to date, or as far as they get: a store that is away is told of by `failures`,
   * and a look that takes longer than `patienceMs` goes on. All who ask at a time share one look. Rejects only when
   * the signal is aborted.
   */
  async refresh(signal: AbortSignal, patienceMs = MOST_PATIENCE_MS): Promise<void> {
    if (this.#look === undefined && this.#nowMs() - this.#lookedMs >= this.#restMs) {
      this.#look = this.#lookAtStore().finally(() => {
        this.#lookedMs = this.#nowMs();
        this.#look = undefined;
      });
    }
    if (this.#look === undefined) return;
    const late = AbortSignal.timeout(Math.min(patienceMs, MOST_PATIENCE_MS));
    await unlessAborted(this.#look, AbortSignal.any([signal, late])).catch((error: unknown) => {
      if (signal.aborted) throw error;
    });
  }

  async #lookAtStore(): Promise<void> {
    const untilMs = performance.now() + LOOK_MS;
    try {
      while ((await this.#readNext()) && performance.now() < untilMs);
      this.requests.expire(this.#nowMs());
      await this.#measureTables();
      this.#isFailing = false;
    } catch (error) {
      this.#failures += 1;
      if (!this.#isFailing) this.#onError(error);
      this.#isFailing = true;
    }
  }

  /** Reads one range of batches; resolves with whether there was one. */
  async #readNext(): Promise<boolean> {
    const range = this.#unread.take();
    if (range === undefined) return false;
    const untilMs = performance.now() + RANGE_MS;
    try {
      const nowMs = this.#nowMs();
      // First all is asked and then all counted: what fails in between must not be counted twice.
      const counts = [
        await this.spans.read(this.#store, range, this.#options(untilMs)),
        await this.agents.read(this.#store, range, this.#options(untilMs)),
        await this.requests.read(this.#store, range, nowMs, this.#options(untilMs)),
      ];
      for (const count of counts) await count();
      this.#attempts = 0;
    } catch (error) {
      this.#giveBack(range, error);
      throw error;
    }
    return true;
  }

  #giveBack(range: BatchRange, error: unknown): void {
    const isAway = error instanceof StoreUnavailable || error instanceof QueryCancelled;
    if (!isAway) this.#attempts += 1;
    if (this.#attempts < MOST_ATTEMPTS) {
      this.#unread.giveBack(range);
      return;
    }
    this.#attempts = 0;
    this.#unread.skip(range);
  }

  async #measureTables(): Promise<void> {
    const untilMs = performance.now() + LEAST_STATEMENT_MS;
    const rows = await this.#store.query<SizeRow>(statement("table-sizes"), this.#options(untilMs));
    this.#tables = rows.map(({ table, row_count, disk_bytes }) => ({
      table,
      rows: Number(row_count),
      diskBytes: Number(disk_bytes),
    }));
  }

  /** One thread: whoever sends and asks should not notice. */
  #options(untilMs: number): QueryOptions {
    const leftMs = Math.max(LEAST_STATEMENT_MS, Math.ceil(untilMs - performance.now()));
    return { settings: { ...SCAN, max_threads: 1 }, timeoutMs: leftMs };
  }
}

/** Rejects as soon as the signal is aborted; what is waited for goes on. */
function unlessAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onAbort = (): void => reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort);
  void work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  return promise;
}
