export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Level at every point; a curve where the next one is higher or lower, with its handles at half the way. */
export function pathOf(points: readonly Point[]): string {
  return points
    .map((to, at) => {
      const from = points[at - 1];
      if (from === undefined) return `M${text(to)}`;
      if (from.y === to.y) return `L${text(to)}`;
      const middle = (from.x + to.x) / 2;
      return `C${text({ x: middle, y: from.y })} ${text({ x: middle, y: to.y })} ${text(to)}`;
    })
    .join("");
}

function text({ x, y }: Point): string {
  return `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
}

const SAMPLES = 16;

/** Points of the same path, from its beginning to its end. */
export function sampled(points: readonly Point[]): Point[] {
  return points.flatMap((to, at) => {
    const from = points[at - 1];
    if (from === undefined) return [to];
    return Array.from({ length: SAMPLES }, (_, sample) => {
      const t = (sample + 1) / SAMPLES;
      const across = 1.5 * t - 1.5 * t * t + t * t * t;
      return {
        x: from.x + (to.x - from.x) * across,
        y: from.y + (to.y - from.y) * (3 * t * t - 2 * t * t * t),
      };
    });
  });
}
