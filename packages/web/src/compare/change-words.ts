import { CHANGE } from "@clew/protocol/analysis/comparison/comparison";
import { SPAN_FLAG, type TraceDictionary } from "@clew/protocol/api/trace-columns";
import type { AnalysedTrace } from "../trace/use-analysis.ts";
import type { Compared } from "./compared.ts";

/** In which of the traces a line is, or what is different about it. */
export type Mark = "only-a" | "only-b" | "changed" | "same";

export function markOf({ comparison }: Pick<Compared, "comparison">, line: number): Mark {
  const change = comparison.changes[line]!;
  if ((change & CHANGE.removed) !== 0) return "only-a";
  if ((change & CHANGE.added) !== 0) return "only-b";
  return change === 0 ? "same" : "changed";
}

/** A text of a line in both traces; empty where one has no such span. */
export function textsOf(
  { a, b, comparison }: Compared,
  line: number,
  column: keyof TraceDictionary,
): readonly [inA: string, inB: string] {
  const text = ({ trace }: AnalysedTrace, row: number): string =>
    row < 0 ? "" : (trace.dict[column][trace[column][row] ?? 0] ?? "");
  return [text(a, comparison.a[line]!), text(b, comparison.b[line]!)];
}

/** What a line is called; both names where they differ by more than a number. */
export function lineName(compared: Compared, line: number): string {
  const [one, other] = textsOf(compared, line, "name");
  const isRenamed = (compared.comparison.changes[line]! & CHANGE.renamed) !== 0;
  if (isRenamed && one !== other) return `${one || "(no name)"} → ${other || "(no name)"}`;
  return other || one || "(no name)";
}

/** Who did it: the agent, else the service; empty when nobody said. */
export function whoOf(compared: Compared, line: number): string {
  const [agentA, agentB] = textsOf(compared, line, "agent");
  const [serviceA, serviceB] = textsOf(compared, line, "service");
  return agentB || agentA || serviceB || serviceA;
}

/** What is different about a line that has changed; empty for one that has not. */
export function changeText(compared: Compared, line: number): string {
  const { a, b, comparison } = compared;
  const change = comparison.changes[line]!;
  const [rowA, rowB] = [comparison.a[line]!, comparison.b[line]!];
  if ((change & CHANGE.added) !== 0) return `only in B, where it ${outcomeOf(b, rowB)}`;
  if ((change & CHANGE.removed) !== 0) return `only in A, where it ${outcomeOf(a, rowA)}`;
  const [modelA, modelB] = textsOf(compared, line, "model");
  return [
    ...((change & CHANGE.renamed) !== 0 ? ["something else in its place"] : []),
    ...((change & CHANGE.model) !== 0 ? [`${modelA || "no model"} → ${modelB || "no model"}`] : []),
    ...((change & CHANGE.outcome) !== 0 ? [`${outcomeOf(b, rowB)} in B, ${outcomeOf(a, rowA)} in A`] : []),
  ].join(", ");
}

const LONGEST = 80;

function outcomeOf({ trace }: AnalysedTrace, row: number): string {
  if (((trace.flags[row] ?? 0) & SPAN_FLAG.running) !== 0) return "has not ended";
  if (trace.status[row] !== 2) return "went well";
  const why = (trace.dict.err[trace.err[row] ?? 0] ?? "").slice(0, LONGEST);
  return why === "" ? "failed" : `failed with ${why}`;
}
