import { parse } from "@clew/protocol/traceql/parse";
import { TraceQlError } from "@clew/protocol/traceql/traceql-error";
import { type NamedValue, spanCondition } from "../search/conditions-as-traceql.ts";

/** The condition that a filter and conditions of the page make together, or why they make none. */
export type SpanFilter =
  | { readonly condition: string; readonly left: readonly NamedValue[] }
  | { readonly refused: string };

/** Takes one filter `{ }` and nothing behind it: a chart decides itself what is counted. */
export function readSpanFilter(filter: string, conditions: readonly NamedValue[]): SpanFilter {
  const { condition, left } = spanCondition(conditions);
  if (filter === "") return { condition, left };
  try {
    const query = parse(filter);
    const [stage, ...others] = query.kind === "search" ? query.pipeline.stages : [];
    if (stage?.kind !== "filter" || others.length > 0) {
      return {
        refused:
          'Charts take one filter of spans, such as { agent:name = "planner" }, and nothing behind it.',
      };
    }
    const own = filter.slice(stage.start + 1, stage.end - 1).trim();
    const both = [own, condition].filter((one) => one !== "");
    return {
      condition: both.length > 1 ? both.map((one) => `(${one})`).join(" && ") : (both[0] ?? ""),
      left,
    };
  } catch (error) {
    if (!(error instanceof TraceQlError)) throw error;
    return { refused: "What is wrong with the filter is underlined in the box above, and said below it." };
  }
}
