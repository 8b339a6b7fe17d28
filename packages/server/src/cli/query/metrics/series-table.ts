import type { MetricsAnswer, MetricsSeries } from "@clew/protocol/api/metrics";
import { printable } from "../../../printable.ts";
import type { Screen } from "../../screen/screen.ts";
import { type Column, table } from "../../screen/table.ts";
import { textWidth } from "../../screen/text-width.ts";
import { timeBar } from "../../trace/time-bar.ts";
import { BUCKET, bucketOf, isHistogram } from "./buckets.ts";
import { exemplarLines } from "./exemplar-lines.ts";
import { type Extremes, extremesOf } from "./extremes.ts";
import { rasterOf } from "./raster.ts";
import { labelKeys, labelText } from "./series-name.ts";
import { sparkline } from "./sparkline.ts";
import { timeRange } from "./time-axis.ts";
import { quantity, type Unit } from "./unit.ts";

const GAP = 2;
const TITLES: Readonly<Record<string, string>> = { __name__: "SERIES", [BUCKET]: "UP TO" };
const LEAST_PICTURE = 12;
const WIDEST_BAR = 40;
/** Columns that a label is left when the line is short. */
const LEAST_LABEL = 10;
const LABEL_SHARE = 1 / 3;

interface Row {
  readonly series: MetricsSeries;
  readonly extremes: Extremes | undefined;
}

/**
 * Series as lines: labels, on a terminal a picture of the values over time, least, greatest and last value. Of one
 * point each series has one value and a bar, the greatest value first, or the greatest bucket.
 */
export function seriesTable(
  answer: Pick<MetricsAnswer, "timesMs" | "series">,
  units: { readonly series: Unit; readonly measured: Unit },
  screen: Screen,
  nowMs: number,
): string[] {
  const { timesMs } = answer;
  const isOnePoint = timesMs.length === 1;
  const rows = answer.series.map((series) => ({ series, extremes: extremesOf(series.values) }));
  if (isHistogram(answer.series)) rows.sort((a, b) => bucketOf(b.series) - bucketOf(a.series));
  else if (isOnePoint) rows.sort((a, b) => (b.extremes?.last ?? 0) - (a.extremes?.last ?? 0));
  const number = (title: string, value: (extremes: Extremes) => number, keep?: number): Column<Row> => ({
    title,
    align: "right",
    value: ({ extremes }) =>
      extremes === undefined ? "" : quantity(value(extremes), units.series, !screen.unicode),
    ...(keep !== undefined && { keep }),
  });
  const labels = labelKeys(answer.series).map(
    (key): Column<Row> => ({
      title: printable(TITLES[key] ?? key),
      value: ({ series }) =>
        key === BUCKET ? quantity(bucketOf(series), units.measured, !screen.unicode) : labelText(series, key),
      style: () => "bold",
      shrinksTo: LEAST_LABEL,
    }),
  );
  const last = number(isOnePoint ? "VALUE" : "LAST", (extremes) => extremes.last);
  const numbers = isOnePoint
    ? [last]
    : [number("MIN", (extremes) => extremes.least, 1), number("MAX", (extremes) => extremes.most, 2), last];
  const room = screen.width - widthOf(labels, rows, screen.width) - widthOf(numbers, rows) - GAP;
  const picture = isOnePoint ? bar(rows, room, screen) : curve(timesMs, room, screen);
  const columns = screen.isTerminal
    ? isOnePoint
      ? [...labels, ...numbers, picture]
      : [...labels, picture, ...numbers]
    : [...labels, ...numbers];
  const [head = "", ...lines] = table(rows, columns, screen);
  const below = ({ series }: Row): string[] => exemplarLines(series, units.measured, screen, nowMs);
  return [head, ...lines.flatMap((line, at) => [line, ...(screen.isTerminal ? below(rows[at]!) : [])])];
}

/** With the gaps behind; long labels count as they will be shortened. */
function widthOf(columns: readonly Column<Row>[], rows: readonly Row[], width = Number.MAX_VALUE): number {
  const natural = columns.map(
    ({ title, value }) => Math.max(textWidth(title), ...rows.map((row) => textWidth(value(row)))) + GAP,
  );
  return Math.min(
    natural.reduce((sum, one) => sum + one, 0),
    Math.floor(width * LABEL_SHARE),
  );
}

function curve(timesMs: readonly number[], room: number, screen: Screen): Column<Row> {
  const raster = rasterOf(timesMs.length, Math.max(LEAST_PICTURE, room));
  return {
    title: timeRange(timesMs, raster.width),
    value: ({ series }) => sparkline(series.values, raster, screen.unicode),
    style: () => "cyan",
    keep: 3,
  };
}

function bar(rows: readonly Row[], room: number, screen: Screen): Column<Row> {
  const most = rows.reduce((all, { extremes }) => Math.max(all, extremes?.last ?? 0), 0);
  const width = Math.min(WIDEST_BAR, Math.max(LEAST_PICTURE, room));
  return {
    title: "",
    value: ({ extremes }) =>
      extremes === undefined || extremes.last <= 0
        ? ""
        : timeBar([{ from: 0, to: extremes.last / most }], width, screen.unicode).trimEnd(),
    style: () => "cyan",
    keep: 1,
  };
}
