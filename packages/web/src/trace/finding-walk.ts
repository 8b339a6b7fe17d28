import type { ErrorFinding, Finding } from "@clew/protocol/analysis/analysis";
import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { above, type ShownTree } from "./shown-tree.ts";

/** What a finding leads to, one after the other: of an error also who failed with it and who went on in spite of it. */
export function spansOf(finding: Finding): readonly number[] {
  return finding.kind === "error" ? errorSpans(finding) : finding.spans;
}

function errorSpans({ spans, carriedBy, swallowedBy }: ErrorFinding): number[] {
  const [origin, ...again] = spans;
  const first = origin === undefined ? [] : [origin];
  return [...first, ...carriedBy, ...(swallowedBy < 0 ? [] : [swallowedBy]), ...again];
}

/**
 * The way of the errors: from where the gravest began up to where it was swallowed, then the next one. Errors that
 * are on no such way follow, from those without an error below, the one that ended first first, up to what failed
 * above: so every one is come by, and before there are findings it is nearly the same way.
 */
export function errorWay(
  trace: TraceColumns,
  tree: ShownTree,
  errorsBelow: Int32Array,
  findings: readonly Finding[],
  rowNow: (row: number) => number,
): readonly number[] {
  const way = new Set<number>();
  for (const finding of findings) {
    if (finding.kind !== "error") continue;
    for (const span of errorSpans(finding)) if (rowNow(span) >= 0) way.add(rowNow(span));
  }
  const end = (span: number): number => (trace.start[span] ?? 0) + (trace.dur[span] ?? 0);
  const origins = tree.order.filter((span) => trace.status[span] === 2 && errorsBelow[span] === 1);
  const isWalked = new Uint8Array(trace.n);
  for (const origin of origins.sort((a, b) => end(a) - end(b))) {
    way.add(origin);
    for (const up of above(tree, origin)) {
      if (isWalked[up] === 1) break;
      isWalked[up] = 1;
      if (trace.status[up] === 2) way.add(up);
    }
  }
  return [...way];
}

/** The next or previous of the spans, around the end; from elsewhere the first or last. Undefined for none. */
export function stepIn(spans: readonly number[], from: number, by: 1 | -1): number | undefined {
  const at = spans.indexOf(from);
  if (at < 0) return by > 0 ? spans[0] : spans.at(-1);
  return spans[(at + by + spans.length) % spans.length];
}
