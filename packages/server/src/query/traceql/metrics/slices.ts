import type { TimeSteps } from "@clew/protocol/traceql/time-steps";
import type { Store } from "../../../store/store.ts";
import { statement } from "../../sql.ts";
import type { SearchBudget } from "../search-budget.ts";
import { type SpanTime, timeParameters } from "./span-time.ts";

/** How many spans start in a stretch of time. */
export interface SpanDensity {
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly spans: number;
}

const NANOS = 1_000_000_000n;
const FIVE_MINUTES_NS = 300n * NANOS;

/**
 * How many spans start in which five minutes, newest first: those that run are not known, and those without spans left
 * out.
 */
export async function densities(
  store: Store,
  time: SpanTime,
  budget: SearchBudget,
): Promise<readonly SpanDensity[]> {
  const { first_quarter, last_quarter } = timeParameters(time);
  const rows = await budget.run(
    (options) =>
      store.query<{ start: string; row_count: string }>(statement("traceql-metrics-rows"), options),
    { first_quarter: first_quarter!, last_quarter: last_quarter! },
    "lookup",
  );
  return rows.map(({ start, row_count }) => {
    const startNs = BigInt(start) * NANOS;
    return { startNs, endNs: startNs + FIVE_MINUTES_NS, spans: Number(row_count) };
  });
}

/**
 * Cuts a time into slices of at most so many spans, newest first and without a gap; `most` may grow from one to the
 * next. What starts within one stretch is thought to be spread evenly.
 */
export function* slices(
  time: SpanTime,
  known: readonly SpanDensity[],
  most: (slice: number) => number,
): Generator<SpanTime, void> {
  let count = 0;
  let open: Piece | undefined;
  for (const { time: next, spans } of pieces(time, known, () => most(count))) {
    if (open !== undefined && open.spans + spans > most(count)) {
      yield open.time;
      count += 1;
      open = undefined;
    }
    const untilNs = open?.time.untilNs ?? next.untilNs;
    open = { time: { afterNs: next.afterNs, untilNs }, spans: (open?.spans ?? 0) + spans };
  }
  if (open !== undefined) yield open.time;
}

interface Piece {
  readonly time: SpanTime;
  readonly spans: number;
}

function* pieces(
  { afterNs, untilNs }: SpanTime,
  known: readonly SpanDensity[],
  most: () => number,
): Generator<Piece, void> {
  let end = untilNs;
  for (const { startNs, endNs, spans } of known) {
    const start = startNs > afterNs ? startNs : afterNs;
    if (start >= end) continue;
    if (endNs > start && endNs < end) {
      yield { time: { afterNs: endNs, untilNs: end }, spans: 0 };
      end = endNs;
    }
    const parts = BigInt(Math.ceil(spans / most()) || 1);
    const length = (end - start) / parts + 1n;
    while (end > start) {
      const from = end - length > start ? end - length : start;
      yield { time: { afterNs: from, untilNs: end }, spans: spans / Number(parts) };
      end = from;
    }
  }
  if (end > afterNs) yield { time: { afterNs, untilNs: end }, spans: 0 };
}

/** The same in slices of whole points. */
export function* slicesOfPoints(
  steps: TimeSteps,
  time: SpanTime,
  known: readonly SpanDensity[],
  most: number,
): Generator<SpanTime, void> {
  let { untilNs } = time;
  for (const { afterNs } of slices(time, known, () => most)) {
    const cut = afterNs - modulo(afterNs - steps.first, steps.step);
    if (cut >= untilNs) continue;
    yield { afterNs: cut, untilNs };
    untilNs = cut;
  }
}

function modulo(value: bigint, by: bigint): bigint {
  return ((value % by) + by) % by;
}
