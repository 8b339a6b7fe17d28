import type { MetricsSeries } from "@clew/protocol/api/metrics";
import { printable } from "../../../printable.ts";
import { valueText } from "../value-text.ts";

const NAME = "__name__";

/** `agent:name=planner, p=0.5`, or what is counted where nothing is grouped by. */
export function seriesName(series: MetricsSeries, withoutKey?: string): string {
  return labelKeys([series])
    .filter((key) => key !== withoutKey)
    .map((key) => (key === NAME ? labelText(series, key) : `${printable(key)}=${labelText(series, key)}`))
    .join(", ");
}

/** The keys of all labels, in the order met; the name of what is counted only where there is nothing else. */
export function labelKeys(series: readonly MetricsSeries[]): string[] {
  const keys = new Set(series.flatMap(({ labels }) => labels.map(({ key }) => key ?? "")));
  if (keys.size > 1) keys.delete(NAME);
  return [...keys];
}

/** The value of a label, `nil` where it has none; empty where the series has no such label. */
export function labelText({ labels }: MetricsSeries, key: string): string {
  const label = labels.find((one) => one.key === key);
  return label === undefined ? "" : valueText(label.value);
}
