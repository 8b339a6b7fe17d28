import type { MetricsAnswer, MetricsSeries } from "@clew/protocol/api/metrics";
import type { MetricsQuery } from "@clew/protocol/traceql/ast";
import { printDuration } from "@clew/protocol/traceql/duration-text";
import { paint } from "../../screen/paint.ts";
import type { Screen } from "../../screen/screen.ts";
import { clipped, textWidth } from "../../screen/text-width.ts";
import { isHistogram } from "./buckets.ts";
import { chartLines } from "./chart-lines.ts";
import { compareTable } from "./compare-table.ts";
import { isComparison } from "./compared-values.ts";
import { exemplarLines } from "./exemplar-lines.ts";
import { extremesOf } from "./extremes.ts";
import { heatMaps } from "./heat-map.ts";
import { seriesName } from "./series-name.ts";
import { seriesTable } from "./series-table.ts";
import { measuredUnit, quantity, type Unit, unitOf } from "./unit.ts";

/**
 * The answer to a metrics query: on a terminal a chart of one series, a line for each of several, a heat map of a
 * histogram; elsewhere always a table. A comparison is a table everywhere.
 */
export function metricsPicture(
  { expression }: MetricsQuery,
  answer: Pick<MetricsAnswer, "timesMs" | "series">,
  screen: Screen,
  nowMs: number,
): string[] {
  const { timesMs, series } = answer;
  const [first] = series;
  if (first === undefined) return [];
  if (isComparison(series)) return compareTable(series, screen);
  const units = { series: unitOf(expression), measured: measuredUnit(expression) };
  if (!screen.isTerminal || timesMs.length === 1) return seriesTable(answer, units, screen, nowMs);
  const step = stepText(timesMs, units.series);
  if (isHistogram(series)) {
    const examples = series.flatMap((one) => exemplarLines(one, units.measured, screen, nowMs));
    return [...heatMaps(answer, units.measured, step, screen), ...examples];
  }
  if (series.length > 1) {
    return [...seriesTable(answer, units, screen, nowMs), paint(screen, "dim", step)];
  }
  return [
    heading(first, units.series, step, screen),
    ...chartLines(timesMs, first, units.series, screen),
    ...exemplarLines(first, units.measured, screen, nowMs),
  ];
}

function heading(series: MetricsSeries, unit: Unit, step: string, screen: Screen): string {
  const extremes = extremesOf(series.values);
  const text = (value: number): string => quantity(value, unit, !screen.unicode);
  const facts =
    extremes === undefined
      ? []
      : [`min ${text(extremes.least)}`, `max ${text(extremes.most)}`, `last ${text(extremes.last)}`];
  const more = screen.unicode ? "…" : "~";
  const name = clipped(seriesName(series), screen.width, more);
  const rest = clipped([...facts, step].join("  "), screen.width - textWidth(name) - 2, more);
  return [paint(screen, "bold", name), paint(screen, "dim", rest)].join("  ").trimEnd();
}

function stepText([first = 0, second = first]: readonly number[], unit: Unit): string {
  const step = printDuration(BigInt(Math.round((second - first) * 1e6)));
  return unit === "tokens" || unit === "spans" ? `${unit}, a point each ${step}` : `a point each ${step}`;
}
