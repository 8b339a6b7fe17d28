import type { MetricsSeries } from "@clew/protocol/api/metrics";
import { paint } from "../../screen/paint.ts";
import type { Screen } from "../../screen/screen.ts";
import { padded, textWidth } from "../../screen/text-width.ts";
import { cellValues, rasterOf } from "./raster.ts";
import { timeAxis } from "./time-axis.ts";
import { quantity, type Unit } from "./unit.ts";

const ROWS = 8;
const EIGHTHS = " ▁▂▃▄▅▆▇█";
const FACTORS = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];

/**
 * One series as columns over a time axis, and values at the side:
 *
 *     1/s ┤      ▃█
 *         │  ▂▅▁ ██▄
 *       0 └──┬────────
 *            20:00
 *
 * Where no point has a value, the axis has a gap. Cells with several points show the greatest of them.
 */
export function chartLines(
  timesMs: readonly number[],
  { values }: MetricsSeries,
  unit: Unit,
  screen: Screen,
): string[] {
  const known = values.filter((value) => value !== null);
  const top = roundUp(
    known.reduce((a, b) => Math.max(a, b), 0),
    unit,
  );
  const bottom = -roundUp(-known.reduce((a, b) => Math.min(a, b), 0), unit);
  const height = top - bottom || 1;
  const label = (value: number): string => quantity(value, unit, !screen.unicode);
  const labels = new Map([
    [0, label(bottom + height)],
    [ROWS / 2, label(bottom + height / 2)],
    [ROWS, label(bottom)],
  ]);
  const side = Math.max(...[...labels.values()].map(textWidth));
  const raster = rasterOf(values.length, screen.width - side - 2);
  const cells = cellValues(values, raster, Math.max);
  const [corner, tick, wall] = screen.unicode ? ["└", "┤", "│"] : ["+", "+", "|"];
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const text = cells.map((value) => {
      if (value === null) return " ";
      const filled = Math.round(((value - bottom) / height) * ROWS * 8);
      return sign((value > bottom ? Math.max(1, filled) : filled) - (ROWS - 1 - row) * 8, screen.unicode);
    });
    const mark = labels.has(row) ? tick : wall;
    return `${padded(labels.get(row) ?? "", side, "right")} ${mark}${paint(screen, "cyan", text.join("").trimEnd())}`;
  });
  const isKnown = cells.map((value) => value !== null);
  const [axis, times] = timeAxis(timesMs, raster, screen.unicode, isKnown);
  return [
    ...rows,
    `${padded(labels.get(ROWS)!, side, "right")} ${corner}${axis}`.trimEnd(),
    paint(screen, "dim", " ".repeat(side + 2) + times),
  ];
}

/** A cell of which so many eighths are filled from below. */
function sign(eighths: number, unicode: boolean): string {
  const filled = Math.max(0, Math.min(8, eighths));
  if (unicode) return EIGHTHS[filled]!;
  return filled === 0 ? " " : filled < 4 ? "." : filled < 8 ? ":" : "#";
}

/** The round number that is not below a positive one, also when it is told in minutes or hours. */
function roundUp(value: number, unit: Unit): number {
  if (value <= 0) return 0;
  const scale = unit !== "seconds" || value < 60 ? 1 : value < 3600 ? 60 : 3600;
  const power = 10 ** Math.floor(Math.log10(value / scale));
  const factor = FACTORS.find((one) => one * power >= value / scale) ?? 10;
  return factor * power * scale;
}
