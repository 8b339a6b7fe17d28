import type { MetricsAnswer, MetricsSeries } from "@clew/protocol/api/metrics";
import { paint } from "../../screen/paint.ts";
import type { Screen } from "../../screen/screen.ts";
import { clipped, padded, textWidth } from "../../screen/text-width.ts";
import { BUCKET, bucketOf } from "./buckets.ts";
import { cellValues, rasterOf } from "./raster.ts";
import { seriesName } from "./series-name.ts";
import { timeAxis } from "./time-axis.ts";
import { quantity, type Unit } from "./unit.ts";

const SHADES = "░▒▓█";
const SIGNS = ".:*#";
const MOST_ROWS = 20;
const MOST_MAPS = 8;

interface Bucket {
  /** The greatest value that belongs to it. */
  readonly upTo: number;
  readonly values: readonly (number | null)[];
}

/**
 * Buckets as rows, the greatest on top, and how many values each has over time as shades; a map for each set of labels:
 *
 *     ≤ 2.15 s │      ░
 *     ≤ 1.07 s │  ░▒█▓▒
 *     ≤ 537 ms │  ▒░
 *              └──────────
 */
export function heatMaps(
  { timesMs, series }: Pick<MetricsAnswer, "timesMs" | "series">,
  measured: Unit,
  step: string,
  screen: Screen,
): string[] {
  const maps = [...Map.groupBy(series, (one) => seriesName(one, BUCKET))];
  const lines = maps
    .slice(0, MOST_MAPS)
    .flatMap(([name, of], at) => [
      ...(at > 0 ? [""] : []),
      ...(name === ""
        ? []
        : [paint(screen, "bold", clipped(name, screen.width, screen.unicode ? "…" : "~"))]),
      ...heatMap(timesMs, of, measured, step, screen),
    ]);
  const left = maps.length - MOST_MAPS;
  return left > 0 ? [...lines, "", paint(screen, "dim", `and ${left} more`)] : lines;
}

function heatMap(
  timesMs: readonly number[],
  series: readonly MetricsSeries[],
  measured: Unit,
  step: string,
  screen: Screen,
): string[] {
  const buckets = fewer(
    withoutHoles(
      series.map((one) => ({ upTo: bucketOf(one), values: one.values })),
      timesMs.length,
    ),
  );
  const texts = buckets.map(
    ({ upTo }) => `${screen.unicode ? "≤" : "<="} ${quantity(upTo, measured, !screen.unicode)}`,
  );
  const side = Math.max(...texts.map(textWidth));
  const raster = rasterOf(timesMs.length, screen.width - side - 2);
  const rows = buckets.map(({ values }) => cellValues(values, raster, (a, b) => a + b));
  const most = rows.flat().reduce<number>((all, value) => Math.max(all, value ?? 0), 0);
  const more = screen.unicode ? "…" : "~";
  const shades = screen.unicode ? SHADES : SIGNS;
  const shade = (value: number | null): string => {
    if (value === null || value <= 0) return " ";
    return shades[Math.min(shades.length - 1, Math.floor((value / most) * shades.length))]!;
  };
  const [corner, wall] = screen.unicode ? ["└", "│"] : ["+", "|"];
  const [axis, times] = timeAxis(timesMs, raster, screen.unicode);
  const indent = " ".repeat(side + 2);
  return [
    ...rows.map((cells, row) => {
      const drawn = paint(screen, "cyan", cells.map(shade).join("").trimEnd());
      return `${padded(texts[row]!, side, "right")} ${wall}${drawn}`;
    }),
    `${" ".repeat(side + 1)}${corner}${axis}`,
    paint(screen, "dim", indent + times),
    paint(screen, "dim", clipped(`${indent}${legend(shades, most)} ${step}`, screen.width, more)),
  ];
}

/** Which counts a shade stands for. */
function legend(shades: string, most: number): string {
  const bounds = Array.from(shades, (_, at) => Math.max(1, Math.ceil((at * most) / shades.length)));
  const told = Array.from(shades, (sign, at) => ({
    sign,
    from: bounds[at]!,
    before: bounds[at + 1] ?? most + 1,
  }))
    .filter(({ from, before }) => from < before)
    .map(({ sign, from, before }) => `${sign} ${from === before - 1 ? from : `${from}-${before - 1}`}`);
  return told.join("  ");
}

/** The greatest first, with those between the least and the greatest that no value belongs to. */
function withoutHoles(buckets: readonly Bucket[], points: number): Bucket[] {
  const sorted = [...buckets].sort((a, b) => b.upTo - a.upTo);
  return sorted.flatMap((bucket, at) => {
    const next = sorted[at + 1]?.upTo ?? 0;
    const missing =
      next > 0 && Number.isFinite(bucket.upTo) ? Math.round(Math.log2(bucket.upTo / next)) - 1 : 0;
    const nothing = Array.from({ length: Math.max(0, missing) }, (_, power) => ({
      upTo: bucket.upTo / 2 ** (power + 1),
      values: new Array<null>(points).fill(null),
    }));
    return [bucket, ...nothing];
  });
}

/** Neighbours together, so that they are not more than fit a screen. */
function fewer(buckets: readonly Bucket[]): Bucket[] {
  const together = Math.ceil(buckets.length / MOST_ROWS);
  const merged: Bucket[] = [];
  for (let at = 0; at < buckets.length; at += together) {
    const group = buckets.slice(at, at + together);
    const values = group[0]!.values.map((_, point) =>
      group.reduce((sum, bucket) => sum + (bucket.values[point] ?? 0), 0),
    );
    merged.push({ upTo: group[0]!.upTo, values });
  }
  return merged;
}
