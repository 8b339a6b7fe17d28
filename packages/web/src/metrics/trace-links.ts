import { queryString } from "@clew/protocol/api/requests";
import { quote } from "@clew/protocol/traceql/string-text";
import type { Chart } from "./charts.ts";

/** The spans that a line's numbers are of, as a filter. */
export function spansOf(
  { spans, field }: Pick<Chart, "spans" | "field">,
  value: string | null | undefined,
): string {
  if (value === undefined || field === undefined) return `{ ${spans} }`;
  return `{ ${spans} && ${field} = ${value === null ? "nil" : quote(value)} }`;
}

/** What a query leads to in the search page. */
export function searchAddress(q: string, fromMs: number, toMs: number): string {
  return `/traces${queryString({ q, from: fromMs, to: toMs })}`;
}
