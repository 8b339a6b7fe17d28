import type { SeverityName } from "../log-query/severity.ts";

/** How many log records were made when. A record that was sent twice counts twice. */
export interface LogHistogram {
  /** Where each step begins, Unix epoch in milliseconds: ascending, without a gap; some 60 of them. */
  readonly timesMs: readonly number[];
  readonly stepMs: number;
  /** Those that occur, the least severe first. */
  readonly counts: readonly SeverityCounts[];
  /** Set when not all records were counted: those before `fromMs` are missing. */
  readonly partial?: {
    /** `time`: it took as long as a search may. `size`: it would read more than a search may. */
    readonly reason: "time" | "size";
    readonly fromMs: number;
  };
  readonly tookMs: number;
}

export interface SeverityCounts {
  /** `unset`: the record does not say. */
  readonly severity: SeverityName | "unset";
  /** One for each step. */
  readonly counts: readonly number[];
}
