import { BOUNDS_MS, type Exemplar, type Histogram } from "../../query/prometheus/histogram.ts";
import type { Family, HistogramFamily, NumberFamily } from "./family.ts";

/** What a scraper takes: text 0.0.4 of Prometheus, or OpenMetrics 1.0, which has exemplars. */
export type ExpositionFormat = "text" | "openmetrics";

export const CONTENT_TYPES: Readonly<Record<ExpositionFormat, string>> = {
  text: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

const NS_PER_MS = 1_000_000;

/** The families as one text. Series of one family follow one another; families without series are left out. */
export function exposition(families: readonly Family[], format: ExpositionFormat): string {
  const lines: string[] = [];
  for (const family of families) {
    const before = lines.length;
    lines.push("", "");
    if (family.kind === "histogram") histogramLines(family, format, lines);
    else numberLines(family, lines);
    if (lines.length === before + 2) {
      lines.length = before;
      continue;
    }
    const name = family.kind === "counter" && format === "text" ? `${family.name}_total` : family.name;
    lines[before] = `# HELP ${name} ${family.help}`;
    lines[before + 1] = `# TYPE ${name} ${family.kind}`;
  }
  if (format === "openmetrics") lines.push("# EOF");
  return `${lines.join("\n")}\n`;
}

function numberLines({ name, kind, labels, series }: NumberFamily, lines: string[]): void {
  const sample = kind === "counter" ? `${name}_total` : name;
  for (const [values, value] of series) {
    const text = labelText(labels, values);
    lines.push(`${sample}${text === "" ? "" : `{${text}}`} ${numberText(value)}`);
  }
}

function histogramLines(family: HistogramFamily, format: ExpositionFormat, lines: string[]): void {
  const { name, labels, unitNs, series } = family;
  const bounds = [...BOUNDS_MS.map((ms) => boundText((ms * NS_PER_MS) / unitNs)), "+Inf"];
  for (const [values, histogram] of series) {
    const text = labelText(labels, values);
    const prefix = `${name}_bucket{${text}${text === "" ? "" : ","}le="`;
    let count = 0;
    for (const [index, bound] of bounds.entries()) {
      count += histogram.buckets[index]!;
      const exemplar = format === "openmetrics" ? exemplarText(histogram, index, unitNs) : "";
      lines.push(`${prefix}${bound}"} ${count}${exemplar}`);
    }
    lines.push(`${name}_sum{${text}} ${numberText(histogram.totalNs / unitNs)}`);
    lines.push(`${name}_count{${text}} ${histogram.count}`);
  }
}

function exemplarText({ exemplars }: Histogram, index: number, unitNs: number): string {
  const exemplar: Exemplar | undefined = exemplars[index];
  if (exemplar === undefined) return "";
  const { traceId, spanId, durationNs, endedMs } = exemplar;
  const value = numberText(durationNs / unitNs);
  return ` # {trace_id="${traceId}",span_id="${spanId}"} ${value} ${(endedMs / 1000).toFixed(3)}`;
}

function labelText(names: readonly string[], values: readonly string[]): string {
  return names.map((name, index) => `${name}="${escaped(values[index]!)}"`).join(",");
}

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", '"': '\\"', "\n": "\\n" };

function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => ESCAPES[character]!);
}

/** OpenMetrics wants bounds to look like floating-point numbers, and series should not depend on the format. */
function boundText(bound: number): string {
  return Number.isInteger(bound) ? `${bound}.0` : String(bound);
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
}
