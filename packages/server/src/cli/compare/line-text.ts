import {
  type AnalysedTrace,
  CHANGE,
  type TraceComparison,
} from "@clew/protocol/analysis/comparison/comparison";
import { SPAN_FLAG } from "@clew/protocol/api/trace-columns";
import { printable } from "../../printable.ts";
import type { Screen } from "../screen/screen.ts";

const LONGEST_NAME = 80;

type Dictionary = "name" | "model" | "service";

/** What a line is called; both names where they differ by more than a number. */
export function lineText(
  a: AnalysedTrace,
  b: AnalysedTrace,
  comparison: TraceComparison,
  line: number,
  screen: Screen,
): string {
  const [one, other] = texts(a, b, comparison, line, "name");
  const isRenamed = (comparison.changes[line]! & CHANGE.renamed) !== 0;
  if (isRenamed && one !== other) return `${one} ${arrow(screen)} ${other}`;
  return other || one || "a span without a name";
}

/** The same with the service, for where the line stands alone. */
export function lineAndServiceText(
  a: AnalysedTrace,
  b: AnalysedTrace,
  comparison: TraceComparison,
  line: number,
  screen: Screen,
): string {
  const [one, other] = texts(a, b, comparison, line, "service");
  const service = other || one;
  return `${lineText(a, b, comparison, line, screen)}${service === "" ? "" : ` of ${service}`}`;
}

/** What is different about a line that has changed. */
export function changeText(
  a: AnalysedTrace,
  b: AnalysedTrace,
  comparison: TraceComparison,
  line: number,
  screen: Screen,
): string {
  const change = comparison.changes[line]!;
  if ((change & CHANGE.added) !== 0) return `only in B, where it ${outcome(b, comparison.b[line]!)}`;
  if ((change & CHANGE.removed) !== 0) return `only in A, where it ${outcome(a, comparison.a[line]!)}`;
  const [modelA, modelB] = texts(a, b, comparison, line, "model");
  return [
    ...((change & CHANGE.renamed) !== 0 ? ["something else in its place"] : []),
    ...((change & CHANGE.model) !== 0
      ? [`${modelA || "no model"} ${arrow(screen)} ${modelB || "no model"}`]
      : []),
    ...((change & CHANGE.outcome) !== 0 ? [outcomeText(a, b, comparison, line)] : []),
  ].join(", ");
}

function outcomeText(a: AnalysedTrace, b: AnalysedTrace, comparison: TraceComparison, line: number): string {
  return `${outcome(b, comparison.b[line]!)} in B, ${outcome(a, comparison.a[line]!)} in A`;
}

function outcome({ trace }: AnalysedTrace, row: number): string {
  if (((trace.flags[row] ?? 0) & SPAN_FLAG.running) !== 0) return "has not ended";
  if (trace.status[row] !== 2) return "went well";
  const why = printable((trace.dict.err[trace.err[row] ?? 0] ?? "").slice(0, LONGEST_NAME));
  return why === "" ? "failed" : `failed with ${why}`;
}

/** Empty where one has no such span. */
function texts(
  a: AnalysedTrace,
  b: AnalysedTrace,
  comparison: TraceComparison,
  line: number,
  column: Dictionary,
): readonly [string, string] {
  const text = ({ trace }: AnalysedTrace, row: number): string =>
    row < 0 ? "" : printable((trace.dict[column][trace[column][row] ?? 0] ?? "").slice(0, LONGEST_NAME));
  return [text(a, comparison.a[line]!), text(b, comparison.b[line]!)];
}

function arrow(screen: Screen): string {
  return screen.unicode ? "→" : ">";
}
