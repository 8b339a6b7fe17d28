import type { MetricsAnswer } from "@clew/protocol/api/metrics";
import { shortText } from "../search/attribute-text.ts";
import type { ChartLine } from "../search/line-chart.tsx";
import type { Chart } from "./charts.ts";
import type { Looks } from "./looks.ts";

/** A line of a chart. */
export interface MetricLine extends ChartLine {
  /** Value of the chart's field, as TraceQL compares with it; null where the spans have none, undefined for no field. */
  readonly value: string | null | undefined;
}

export interface MetricLines {
  readonly timesMs: readonly number[];
  /** The largest first. */
  readonly lines: readonly MetricLine[];
  /** How many are not among them. */
  readonly left: number;
  readonly partial: "time" | "size" | undefined;
}

/** More lines than this cannot be told from each other. */
const MOST_LINES = 10;

/** The lines of a chart, of the answers to its queries in order. */
export function linesOf(chart: Chart, answers: readonly MetricsAnswer[], looks: Looks): MetricLines {
  const lines = answers.flatMap(({ series }, index): MetricLine[] => {
    const { name } = chart.queries[index] ?? {};
    if (name !== undefined) {
      return series.slice(0, 1).map(({ values }) => ({ name, values, value: undefined, look: index }));
    }
    return series.map(({ labels, values }) => {
      const label = labels.find(({ key }) => key === chart.field);
      if (chart.field === "p") {
        const p = `p${Math.round(((label?.value?.doubleValue as number | undefined) ?? 0) * 100)}`;
        return { name: p, values, value: undefined, look: looks.of("p", p) };
      }
      const isNil = label?.value === undefined || Object.keys(label.value).length === 0;
      const text = isNil || label === undefined ? "none" : shortText(label);
      const value = isNil ? null : (label?.value?.stringValue ?? text);
      return { name: isNil ? "not given" : text, values, value, look: looks.of(chart.field ?? "", text) };
    });
  });
  const partial = answers.find((answer) => answer.partial !== undefined)?.partial?.reason;
  // Where no span counts there is nothing to add up, which is 0; but not where none was looked at.
  const isSum = partial === undefined && (chart.unit === "usd" || chart.unit === "number");
  const some = lines.filter(({ values }) => values.some((value) => value !== null && value !== 0));
  const ordered =
    chart.field === "p" || chart.field === undefined
      ? some
      : some.toSorted((a, b) => sum(b.values) - sum(a.values));
  return {
    timesMs: answers[0]?.timesMs ?? [],
    lines: ordered
      .slice(0, MOST_LINES)
      .map((line) => (isSum ? { ...line, values: line.values.map((value) => value ?? 0) } : line)),
    left: Math.max(0, ordered.length - MOST_LINES),
    partial,
  };
}

function sum(values: readonly (number | null)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}
