/** Cells on the screen for points of time: some points share a cell, or a point has several. */
export interface Raster {
  readonly points: number;
  /** Cells. */
  readonly width: number;
}

/** A few points are not drawn out over a whole screen. */
const WIDEST_POINT = 8;

export function rasterOf(points: number, room: number): Raster {
  return { points, width: Math.max(1, Math.min(room, points * WIDEST_POINT)) };
}

/** The first cell of a point. */
export function cellOf({ points, width }: Raster, point: number): number {
  const cell = (point * width) / points;
  return width > points ? Math.ceil(cell) : Math.floor(cell);
}

/** What each cell shows: what `combine` makes of the values of its points, null where there are none. */
export function cellValues(
  values: readonly (number | null)[],
  { points, width }: Raster,
  combine: (a: number, b: number) => number,
): (number | null)[] {
  return Array.from({ length: width }, (_, cell) => {
    const from = Math.floor((cell * points) / width);
    const to = Math.max(from + 1, Math.floor(((cell + 1) * points) / width));
    const known = values.slice(from, to).filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((a, b) => combine(a, b));
  });
}
