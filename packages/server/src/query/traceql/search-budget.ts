import type { QueryOptions } from "../../store/store.ts";
import { QueryCancelled, QueryTimeout, QueryTooLarge, StoreRefused } from "../../store/store-errors.ts";
import { POINT_LOOKUP, SCAN } from "../query-settings.ts";
import { InvalidQuery } from "./invalid-query.ts";

/** Why a search ended before it had looked at everything. */
export type PartialReason = "time" | "size";

/** What a search had is used up; what was found so far stands. */
export class BudgetSpent extends Error {
  override readonly name = "BudgetSpent";
  readonly reason: PartialReason;

  constructor(reason: PartialReason, options?: ErrorOptions) {
    super(`The budget of ${reason} is spent`, options);
    this.reason = reason;
  }
}

/** A statement is told to end at the deadline; when it has not by this much later, it is left. */
const MARGIN_MS = 300;
const BEATS = 256;
/** Conditions of long queries have many parts. */
const LONG_STATEMENT = {
  max_query_size: 64 * 1024 * 1024,
  max_ast_elements: 5_000_000,
  max_expanded_ast_elements: 5_000_000,
  max_ast_depth: 10_000,
  max_parser_depth: 10_000,
  precise_float_parsing: 1,
} as const;

/** Time and bytes that one search may take. */
export class SearchBudget {
  readonly #deadlineMs: number;
  readonly #maxBytes: number;
  readonly #signal: AbortSignal | undefined;
  #beats = 0;

  constructor(options: { timeoutMs: number; maxBytes: number; signal?: AbortSignal | undefined }) {
    this.#deadlineMs = performance.now() + options.timeoutMs;
    this.#maxBytes = options.maxBytes;
    this.#signal = options.signal;
  }

  get leftMs(): number {
    return Math.max(0, this.#deadlineMs - performance.now());
  }

  /** The same for what is called very often: it looks at the clock now and then. */
  readonly beat = (): void => {
    this.#beats = (this.#beats + 1) % BEATS;
    if (this.#beats === 0) this.check();
  };

  /** Throws `BudgetSpent` when the time is up. */
  check(): void {
    if (this.leftMs === 0) throw new BudgetSpent("time");
  }

  /**
   * Runs a statement within what is left. Throws `BudgetSpent` when it takes longer or reads more, and `InvalidQuery`
   * for an expression that the database does not take although it is one.
   */
  async run<Result>(
    work: (options: QueryOptions) => Promise<Result>,
    parameters: NonNullable<QueryOptions["parameters"]>,
    kind: "scan" | "lookup" = "scan",
  ): Promise<Result> {
    this.check();
    const { leftMs } = this;
    const late = AbortSignal.timeout(Math.ceil(leftMs + MARGIN_MS));
    const signal = this.#signal === undefined ? late : AbortSignal.any([late, this.#signal]);
    try {
      return await work({
        parameters,
        signal,
        timeoutMs: Math.ceil(leftMs),
        settings: {
          ...(kind === "scan" ? SCAN : POINT_LOOKUP),
          ...LONG_STATEMENT,
          max_bytes_to_read: this.#maxBytes,
          read_overflow_mode: "throw",
        },
      });
    } catch (error) {
      throw this.#meaning(error, late);
    }
  }

  #meaning(error: unknown, late: AbortSignal): unknown {
    const options = { cause: error };
    if (error instanceof QueryTimeout) return new BudgetSpent("time", options);
    if (error instanceof QueryTooLarge) return new BudgetSpent("size", options);
    if (error instanceof QueryCancelled && late.aborted && !this.#signal?.aborted) {
      return new BudgetSpent("time", options);
    }
    if (error instanceof StoreRefused && /cannot compile re2/i.test(error.message)) {
      const message = "a regular expression of this query is too large";
      return new InvalidQuery(message, { offset: 0, length: 0 }, undefined, options);
    }
    return error;
  }
}
