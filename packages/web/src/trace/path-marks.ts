import { TIME_KINDS, type TimeKind } from "@clew/protocol/analysis/analysis";
import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import type { ShownTree } from "./shown-tree.ts";
import type { AnalysedTrace } from "./use-analysis.ts";

/** A stretch of the critical path, in the time of the trace as it was sent. */
export interface PathMark {
  readonly from: number;
  readonly to: number;
  readonly kind: TimeKind;
}

/** The critical path by place in the tree, so that a row finds what it has to mark. */
export interface PathMarks {
  /** Ascending. */
  readonly places: Int32Array;
  readonly marks: readonly PathMark[];
}

/**
 * The path follows corrected clocks, bars are where their spans were sent: each stretch moves along with its span.
 * What belongs to a span that is left out is marked at the nearest shown span above it.
 */
export function pathMarks(
  trace: TraceColumns,
  { analysis }: AnalysedTrace,
  tree: ShownTree,
  rowNow: (row: number) => number,
): PathMarks {
  const { count, span, fromUs, toUs, kind } = analysis.criticalPath;
  const found: { readonly place: number; readonly mark: PathMark }[] = [];
  for (let at = 0; at < count; at++) {
    const row = span[at]!;
    const now = row < 0 ? -1 : rowNow(row);
    if (now < 0) continue;
    const moved = (trace.start[now] ?? 0) - analysis.clock.start[row]!;
    const mark = { from: fromUs[at]! + moved, to: toUs[at]! + moved, kind: TIME_KINDS[kind[at]!]! };
    found.push({ place: tree.place[now]!, mark });
  }
  found.sort((a, b) => a.place - b.place || a.mark.from - b.mark.from);
  return { places: Int32Array.from(found, ({ place }) => place), marks: found.map(({ mark }) => mark) };
}

/**
 * What a span's row marks, by time; a closed one marks what is below it as well, one that stands for a run all up to
 * the place that is told. Stretches that adjoin are one.
 */
export function marksOf(
  path: PathMarks,
  tree: ShownTree,
  span: number,
  isClosedOrBeyond: boolean | number,
): PathMark[] {
  const first = tree.place[span]!;
  const isClosed = isClosedOrBeyond !== false;
  const beyond =
    typeof isClosedOrBeyond === "number" ? isClosedOrBeyond : first + (isClosed ? tree.size[span]! : 1);
  const own = path.marks.slice(firstFrom(path.places, first), firstFrom(path.places, beyond));
  if (isClosed) own.sort((a, b) => a.from - b.from);
  const joined: PathMark[] = [];
  for (const mark of own) {
    const last = joined.at(-1);
    if (last !== undefined && last.kind === mark.kind && mark.from <= last.to) {
      joined[joined.length - 1] = { ...last, to: Math.max(last.to, mark.to) };
    } else joined.push(mark);
  }
  return joined;
}

/** Index of the first value that is not less. */
function firstFrom(ascending: Int32Array, least: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
