import type { LogHistogram } from "@clew/protocol/api/log-histogram";
import { SEVERITIES } from "@clew/protocol/log-query/severity";
import type { Store } from "../../store/store.ts";
import { andAll, Parameters, statement } from "../sql.ts";
import { BudgetSpent, SearchBudget } from "../traceql/search-budget.ts";
import type { LogPageRequest } from "./list-logs.ts";
import { readLogFilter } from "./log-condition.ts";
import { selectLogs } from "./log-selection.ts";
import { logStretches, rowsWithin } from "./log-stretches.ts";
import { AT } from "./log-time.ts";

/** The records that a list has, whatever its pages; they are counted from a moment, inclusive, to another, exclusive. */
export interface LogHistogramRequest extends Omit<LogPageRequest, "around" | "only" | "limit" | "after"> {
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

interface CountRow {
  readonly step_index: number;
  readonly level: number;
  readonly row_count: number;
}

const DEFAULT_TIMEOUT_MS = 5000;
const DEFAULT_MAX_BYTES = 32 * 1024 ** 3;
const MILLI = 1_000_000n;
const DAY_MS = 86_400_000;
const STEPS_MS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1000),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60_000),
  ...[1, 2, 3, 6, 12].map((hours) => hours * 3_600_000),
  ...[1, 2, 7, 14, 28].map((days) => days * DAY_MS),
];
const STEPS = 60;
const LEVELS = ["unset", ...SEVERITIES] as const;

/**
 * Counts log records over time, the newest first, until time or bytes do not suffice. Rejects as `listLogs` does.
 */
export async function logHistogram(
  store: Store,
  request: LogHistogramRequest,
): Promise<Omit<LogHistogram, "tookMs">> {
  const {
    query,
    fromNs,
    toNs,
    signal,
    timeoutMs = DEFAULT_TIMEOUT_MS,
    maxBytes = DEFAULT_MAX_BYTES,
  } = request;
  const condition = query === undefined ? undefined : readLogFilter(query);
  const selection = await selectLogs(store, { ...request, ...(condition && { condition }) }, signal);
  const wanted = { selection, fromNs, toNs };
  const budget = new SearchBudget({ timeoutMs, maxBytes, signal });
  const { firstMs, stepMs, count } = stepsOf(fromNs, toNs);
  const counts = LEVELS.map(() => new Array<number>(count).fill(0));
  const steps = { first: BigInt(firstMs) * MILLI, step: BigInt(stepMs) * MILLI };
  let countedMs = Number(toNs / MILLI);
  let partial: LogHistogram["partial"];
  try {
    for await (const stretch of logStretches(store, wanted, () => budget)) {
      const parameters = new Parameters();
      const sql = statement("logs-counts", { at: AT, rows: andAll(rowsWithin(stretch, wanted, parameters)) });
      const rows = await budget.run((options) => store.query<CountRow>(sql, options), {
        ...parameters.values,
        ...steps,
      });
      for (const { step_index, level, row_count } of rows) counts[level]![step_index]! += row_count;
      countedMs = Math.min(countedMs, stretch.from * 1000);
    }
  } catch (error) {
    if (!(error instanceof BudgetSpent)) throw error;
    partial = { reason: error.reason, fromMs: countedMs };
  }
  return {
    timesMs: Array.from({ length: count }, (_, step) => firstMs + step * stepMs),
    stepMs,
    counts: LEVELS.flatMap((severity, level) =>
      counts[level]!.some((one) => one > 0) ? [{ severity, counts: counts[level]! }] : [],
    ),
    ...(partial && { partial }),
  };
}

/** Round steps that are some 60 at most, and begin where a multiple of one does. */
function stepsOf(fromNs: bigint, toNs: bigint): { firstMs: number; stepMs: number; count: number } {
  const [fromMs, toMs] = [Number(fromNs / MILLI), Number((toNs + MILLI - 1n) / MILLI)];
  const length = toMs - fromMs;
  const stepMs =
    STEPS_MS.find((step) => length / step <= STEPS) ?? Math.ceil(length / STEPS / DAY_MS) * DAY_MS;
  const firstMs = Math.floor(fromMs / stepMs) * stepMs;
  return { firstMs, stepMs, count: Math.max(1, Math.ceil((toMs - firstMs) / stepMs)) };
}
