import type { StoredMetric } from "@clew/protocol/api/stored-metrics";
import { shortText } from "../search/attribute-text.ts";
import type { SeriesUnit } from "../search/series-unit.ts";
import type { MetricLine, MetricLines } from "./chart-lines.ts";
import type { Looks } from "./looks.ts";

const MOST_LINES = 10;

/** How numbers of a unit of UCUM are shown, and how many of what is shown one of it is. */
const UNITS: Readonly<Record<string, readonly [shown: SeriesUnit, factor: number]>> = {
  s: ["seconds", 1],
  ms: ["seconds", 1e-3],
  us: ["seconds", 1e-6],
  ns: ["seconds", 1e-9],
  min: ["seconds", 60],
  By: ["bytes", 1],
  KiBy: ["bytes", 1024],
  MiBy: ["bytes", 1024 ** 2],
  USD: ["usd", 1],
};

/** Of what rises by the second, bytes and seconds stay what they are; all else is a rate. */
export function unitOf(
  unit: string,
  shows: StoredMetric["shows"],
): { readonly shown: SeriesUnit; readonly factor: number } {
  const [shown, factor] = UNITS[unit] ?? ["number", 1];
  return { shown: shows === "rate" && shown === "number" ? "rate" : shown, factor };
}

/** The lines of a metric that was sent, the largest first; percentiles in their order. */
export function storedLinesOf(
  { series, shows, timesMs }: StoredMetric,
  unit: string,
  looks: Looks,
): MetricLines {
  const { factor } = unitOf(unit, shows);
  const lines = series.map(({ labels, values }): MetricLine => {
    const label = labels.find(({ key }) => key !== "p") ?? labels[0];
    const p = label?.key === "p";
    const name =
      label === undefined
        ? "all"
        : p
          ? `p${Number(((label.value?.doubleValue as number) * 100).toFixed(2))}`
          : label.value === undefined
            ? "not given"
            : shortText(label);
    return {
      name,
      value: undefined,
      look: looks.of(label?.key === "service" ? "resource.service.name" : (label?.key ?? ""), name),
      values: factor === 1 ? values : values.map((value) => (value === null ? null : value * factor)),
    };
  });
  const isByPercentile = series.every(({ labels }) => labels.length === 1 && labels[0]?.key === "p");
  const ordered = isByPercentile ? lines : lines.toSorted((a, b) => most(b.values) - most(a.values));
  return {
    timesMs,
    lines: ordered.slice(0, MOST_LINES),
    left: Math.max(0, ordered.length - MOST_LINES),
    partial: undefined,
  };
}

function most(values: readonly (number | null)[]): number {
  return values.reduce<number>(
    (highest, value) => Math.max(highest, value ?? Number.NEGATIVE_INFINITY),
    Number.NEGATIVE_INFINITY,
  );
}
