import { BOUNDS_MS, type Exemplar, type Histogram } from "../../query/prometheus/histogram.ts";
import type { Family, HistogramFamily, NumberFamily } from "./family.ts";

/** What a scraper takes: text 0.0.4 of Prometheus, or OpenMetrics 1.0, which has exemplars. */
export type ExpositionFormat = "text" | "openmetrics";

export const CONTENT_TYPES: Readonly<Record<ExpositionFormat, string>> = {
  text: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

const NS_PER_MS = 1_000_000;
const PIECE_LENGTH = 200_000;

/**
 * The families as text, in pieces that take a few milliseconds at most. Series of one family follow one another;
 * families without series are left out.
 */
export function* exposition(
  families: readonly Family[],
  format: ExpositionFormat,
): Generator<string, void, undefined> {
  for (const family of families) yield* familyText(family, format);
  if (format === "openmetrics") yield "# EOF\n";
}

function* familyText(family: Family, format: ExpositionFormat): Generator<string, void, undefined> {
  const { kind, name, help } = family;
  const described = kind === "counter" && format === "text" ? `${name}_total` : name;
  let text = `# HELP ${described} ${help}\n# TYPE ${described} ${kind}\n`;
  let isEmpty = true;
  for (const series of kind === "histogram" ? histograms(family, format) : numbers(family)) {
    text += series;
    isEmpty = false;
    if (text.length < PIECE_LENGTH) continue;
    yield text;
    text = "";
  }
  if (!isEmpty) yield text;
}

function* numbers({ name, kind, labels, series }: NumberFamily): Generator<string, void, undefined> {
  const sample = kind === "counter" ? `${name}_total` : name;
  for (const [values, value] of series) {
    const text = labelText(labels, values);
    yield `${sample}${text === "" ? "" : `{${text}}`} ${numberText(value)}\n`;
  }
}

function* histograms(
  { name, labels, unitNs, series }: HistogramFamily,
  format: ExpositionFormat,
): Generator<string, void, undefined> {
  const bounds = [...BOUNDS_MS.map((ms) => boundText((ms * NS_PER_MS) / unitNs)), "+Inf"];
  for (const [values, histogram] of series) {
    const text = labelText(labels, values);
    let count = 0;
    let lines = "";
    for (const [index, bound] of bounds.entries()) {
      count += histogram.buckets[index]!;
      const exemplar = format === "openmetrics" ? exemplarText(histogram, index, unitNs) : "";
      lines += `${name}_bucket{${text},le="${bound}"} ${count}${exemplar}\n`;
    }
    lines += `${name}_sum{${text}} ${numberText(histogram.totalNs / unitNs)}\n`;
    yield `${lines}${name}_count{${text}} ${histogram.count}\n`;
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
