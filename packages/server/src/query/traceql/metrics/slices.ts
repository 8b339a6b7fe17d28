import type { TimeSteps } from "@clew/protocol/traceql/time-steps";
import type { Store } from "../../../store/store.ts";
import { statement } from "../../sql.ts";
import type { SearchBudget } from "../search-budget.ts";
import { type SpanTime, timeParameters } from "./span-time.ts";

/** How many spans start in a stretch of time, which begins at `startNs`. */
export interface SpanDensity {
  readonly startNs: bigint;
  readonly spans: number;
}

const NANOS = 1_000_000_000n;
const FIVE_MINUTES = 300n;
/** Stretches that densities are asked for. */
const MOST_STRETCHES = 4000n;

/** How many spans start when, newest first, roughly: those that run are not known. Stretches without spans are left out. */
export async function densities(
  store: Store,
  time: SpanTime,
  budget: SearchBudget,
): Promise<readonly SpanDensity[]> {
  const parameters = timeParameters(time);
  const length = parameters.last_quarter! - parameters.first_quarter!;
  const width = (length / MOST_STRETCHES / FIVE_MINUTES + 1n) * FIVE_MINUTES;
  const { first_quarter, last_quarter } = parameters;
  const rows = await budget.run(
    (options) =>
      store.query<{ start: string; row_count: string }>(statement("traceql-metrics-rows"), options),
    { first_quarter: first_quarter!, last_quarter: last_quarter!, width },
    "lookup",
  );
  return rows.map(({ start, row_count }) => ({ startNs: BigInt(start) * NANOS, spans: Number(row_count) }));
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
  let slice: Piece | undefined;
  for (const piece of pieces(time, known, () => most(count))) {
    if (slice !== undefined && slice.spans + piece.spans > most(count)) {
      yield slice;
      count += 1;
      slice = undefined;
    }
    const { untilNs, spans } = slice ?? { untilNs: piece.untilNs, spans: 0 };
    slice = { afterNs: piece.afterNs, untilNs, spans: spans + piece.spans };
  }
  if (slice !== undefined) yield slice;
}

interface Piece extends SpanTime {
  readonly spans: number;
}

function* pieces(
  { afterNs, untilNs }: SpanTime,
  known: readonly SpanDensity[],
  most: () => number,
): Generator<Piece, void> {
  let end = untilNs;
  for (const { startNs, spans } of known) {
    const start = startNs > afterNs ? startNs : afterNs;
    if (start >= end) continue;
    const parts = BigInt(Math.ceil(spans / most()) || 1);
    const length = (end - start) / parts + 1n;
    for (; end > start; end = end - length > start ? end - length : start) {
      const from = end - length > start ? end - length : start;
      yield { afterNs: from, untilNs: end, spans: spans / Number(parts) };
    }
  }
  if (end > afterNs) yield { afterNs, untilNs: end, spans: 0 };
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
