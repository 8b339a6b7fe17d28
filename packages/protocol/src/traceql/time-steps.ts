/** The time that series are asked for, in Unix nanoseconds. */
export interface TimeRange {
  readonly start: bigint;
  readonly end: bigint;
  /** Between two points; undefined for one point at `end` that stands for the whole time. */
  readonly step: bigint | undefined;
}

/** Points of time, and the length of time that each stands for: a span counts at the first point not before it. */
export interface TimeSteps {
  readonly first: bigint;
  readonly step: bigint;
  readonly count: number;
}

/**
 * The points of a range as Tempo aligns them: multiples of the step, from the start rounded down to the end rounded
 * up. A range with a step counts spans from before its start, as its first point stands for the step before it.
 */
export function timeSteps({ start, end, step }: TimeRange): TimeSteps {
  if (step === undefined) return { first: end, step: end - start, count: 1 };
  const first = start - (start % step);
  const last = end + ((step - (end % step)) % step);
  return { first, step, count: Number((last - first) / step) + 1 };
}

/** Which point a span that starts then counts at; undefined when it is outside of the range. */
export function stepIndex({ first, step, count }: TimeSteps, time: bigint): number | undefined {
  if (time <= first - step) return undefined;
  const index = time <= first ? 0 : Number((time - first + step - 1n) / step);
  return index < count ? index : undefined;
}
