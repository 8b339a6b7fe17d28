import { lineDifference } from "@clew/protocol/analysis/comparison/compare-traces";
import { CHANGE, type TraceComparison, type TraceSum } from "@clew/protocol/analysis/comparison/comparison";
import type { ComparedTrace } from "./compare-lines.ts";

/**
 * A comparison for programs: one object per line of the tree of both, `a` and `b` the ids of its spans. Differences
 * count everything below; those that are 0 are left out, and so are `changes` where there are none.
 */
export function compareJson(a: ComparedTrace, b: ComparedTrace, comparison: TraceComparison): object {
  const { count, firstDivergence, timeDifference, totals, parent } = comparison;
  return {
    a: { traceId: a.trace.traceId, ...sumJson(totals[0]) },
    b: { traceId: b.trace.traceId, ...sumJson(totals[1]) },
    ...(firstDivergence >= 0 && { firstDivergence }),
    ...(timeDifference >= 0 && { timeDifference }),
    lines: Array.from({ length: count }, (_, line) => {
      const [rowA, rowB] = [comparison.a[line]!, comparison.b[line]!];
      const { durationUs, inputTokens, outputTokens, costMicro } = lineDifference(a, b, comparison, line);
      const [trace, row] = rowB < 0 ? [a.trace, rowA] : [b.trace, rowB];
      const changes = Object.entries(CHANGE).flatMap(([name, bit]) =>
        (comparison.changes[line]! & bit) === 0 ? [] : [name],
      );
      return {
        ...(rowA >= 0 && { a: a.trace.id[rowA] }),
        ...(rowB >= 0 && { b: b.trace.id[rowB] }),
        ...(parent[line]! >= 0 && { parent: parent[line] }),
        name: trace.dict.name[trace.name[row] ?? 0] ?? "",
        ...(changes.length > 0 && { changes }),
        ...(durationUs !== 0 && { durMs: ms(durationUs) }),
        ...(inputTokens !== 0 && { inputTokens }),
        ...(outputTokens !== 0 && { outputTokens }),
        ...(costMicro !== 0 && { costUsd: Math.round(costMicro * 1000) / 1e9 }),
      };
    }),
  };
}

function sumJson({ durationUs, costMicro, ...sum }: TraceSum): object {
  return { ...sum, costUsd: Math.round(costMicro * 1000) / 1e9, durMs: ms(durationUs) };
}

/** Exact to the nanosecond: dividing alone leaves digits that nobody measured. */
function ms(us: number): number {
  return Math.round(us * 1000) / 1_000_000;
}
