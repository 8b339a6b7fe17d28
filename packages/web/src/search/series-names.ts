import type { KeyValue } from "@clew/protocol/otlp/model";
import { attributeText, shortText } from "./attribute-text.ts";

/** The label of a query without `by(...)`. */
const NAME = "__name__";

/** What a series is called: `label value` for each of its labels. */
export function seriesName(labels: readonly KeyValue[]): string {
  const [first] = labels;
  if (labels.length === 1 && first?.key === NAME) return shortText(first);
  return labels
    .filter(({ key }) => key !== NAME)
    .map(attributeText)
    .join(", ");
}
