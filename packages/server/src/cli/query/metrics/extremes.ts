export interface Extremes {
  readonly least: number;
  readonly most: number;
  readonly last: number;
}

/** Undefined where no point has a value. */
export function extremesOf(values: readonly (number | null)[]): Extremes | undefined {
  const known = values.filter((value) => value !== null);
  const last = known.at(-1);
  if (last === undefined) return undefined;
  return {
    least: known.reduce((a, b) => Math.min(a, b)),
    most: known.reduce((a, b) => Math.max(a, b)),
    last,
  };
}
