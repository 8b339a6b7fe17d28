import { NO_PARENT, type TraceColumns, type TraceDictionary } from "@clew/protocol/api/trace-columns";

/** A text of a span by the name of its column; empty when there is none. */
export function textOf(trace: TraceColumns, column: keyof TraceDictionary, span: number): string {
  return trace.dict[column][trace[column][span] ?? 0] ?? "";
}

/** Who did it, in few words: the model or tool where the name does not say it, the agent, else the service. */
export function aside(trace: TraceColumns, span: number): string {
  const name = textOf(trace, "name", span);
  const model = textOf(trace, "model", span);
  const who = textOf(trace, "agent", span) || textOf(trace, "service", span);
  const shownModel = name.split(" ").some((word) => word.length > 3 && model.startsWith(word)) ? "" : model;
  return [shownModel, who].filter((text) => text !== "" && !name.includes(text)).join(" · ");
}

/** The span to show first: the earliest root, else the earliest span. */
export function mainSpan(trace: TraceColumns): number {
  return Math.max(0, trace.parent.indexOf(NO_PARENT));
}
