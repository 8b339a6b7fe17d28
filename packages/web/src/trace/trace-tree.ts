import { SPAN_FLAG, type TraceColumns } from "@clew/protocol/api/trace-columns";

/** A trace as a tree, in columns by span index, so that a large one needs no object for each span. */
export interface TraceTree {
  /** The spans shown, from the first root down: each before what is below it, siblings by start. */
  readonly order: Int32Array;
  /** Place of a span in `order`; of one that is left out, the place of the nearest shown span above it. */
  readonly place: Int32Array;
  /** The nearest shown span above; negative for roots and for spans whose parent is missing. */
  readonly parent: Int32Array;
  /** 0 for roots and for spans whose parent is missing. */
  readonly depth: Int32Array;
  /** Shown spans at or below. */
  readonly size: Int32Array;
  /** Errors of shown spans at or below. */
  readonly errors: Int32Array;
  /** Input and output tokens at or below, each counted once. */
  readonly tokens: Float64Array;
  /** Millionths of a US dollar at or below. */
  readonly costMicro: Float64Array;
}

const NONE = -1;

/**
 * Linear in the spans, without recursion: traces may be as deep as they are long. What is below a span that is left
 * out moves up to the nearest span above that is not.
 */
export function treeOf(trace: TraceColumns, isLeftOut?: Uint8Array): TraceTree {
  const { n } = trace;
  const parent = isLeftOut === undefined ? Int32Array.from(trace.parent) : shownParents(trace, isLeftOut);
  const isShown = (span: number): boolean => isLeftOut?.[span] !== 1;
  const firstChild = new Int32Array(n).fill(NONE);
  const nextSibling = new Int32Array(n).fill(NONE);
  let firstRoot = NONE;
  for (let at = n - 1; at >= 0; at--) {
    if (!isShown(at)) continue;
    const above = parent[at]!;
    if (above < 0) {
      nextSibling[at] = firstRoot;
      firstRoot = at;
    } else {
      nextSibling[at] = firstChild[above]!;
      firstChild[above] = at;
    }
  }
  const order = new Int32Array(n);
  const place = new Int32Array(n);
  const depth = new Int32Array(n);
  const waiting = new Int32Array(n + 1);
  let held = 0;
  let placed = 0;
  if (firstRoot !== NONE) waiting[held++] = firstRoot;
  while (held > 0) {
    const at = waiting[--held]!;
    place[at] = placed;
    order[placed++] = at;
    const above = parent[at]!;
    depth[at] = above < 0 ? 0 : depth[above]! + 1;
    if (nextSibling[at] !== NONE) waiting[held++] = nextSibling[at]!;
    if (firstChild[at] !== NONE) waiting[held++] = firstChild[at]!;
  }
  for (let at = 0; at < n; at++) if (!isShown(at)) place[at] = parent[at]! < 0 ? 0 : place[parent[at]!]!;
  const shown = order.subarray(0, placed);
  return { order: shown, place, parent, depth, ...sums(trace, shown, parent) };
}

/** Each chain of spans that are left out is walked once. */
function shownParents(trace: TraceColumns, isLeftOut: Uint8Array): Int32Array {
  const parent = Int32Array.from(trace.parent);
  const walked: number[] = [];
  for (let at = 0; at < trace.n; at++) {
    let above = parent[at]!;
    while (above >= 0 && isLeftOut[above] === 1) {
      walked.push(above);
      above = parent[above]!;
    }
    parent[at] = above;
    for (const span of walked) parent[span] = above;
    walked.length = 0;
  }
  return parent;
}

type Sums = Pick<TraceTree, "size" | "errors" | "tokens" | "costMicro">;

function sums(trace: TraceColumns, order: Int32Array, parent: Int32Array): Sums {
  const { n, status, flags, tokIn, tokOut } = trace;
  const size = new Int32Array(n).fill(1);
  const errors = new Int32Array(n);
  const tokens = new Float64Array(n);
  const costMicro = new Float64Array(n);
  for (let last = order.length - 1; last >= 0; last--) {
    const at = order[last]!;
    if (status[at] === 2) errors[at]! += 1;
    if (((flags[at] ?? 0) & SPAN_FLAG.counted) !== 0) {
      tokens[at]! += (tokIn[at] ?? 0) + (tokOut[at] ?? 0);
      costMicro[at]! += trace.costMicro[at] ?? 0;
    }
    const above = parent[at]!;
    if (above < 0) continue;
    size[above]! += size[at]!;
    errors[above]! += errors[at]!;
    tokens[above]! += tokens[at]!;
    costMicro[above]! += costMicro[at]!;
  }
  return { size, errors, tokens, costMicro };
}

/** The spans that have a row: all but those below a closed one. Takes as long as there are rows. */
export function visibleRows(tree: TraceTree, isClosed: (span: number) => boolean): Int32Array {
  const rows = new Int32Array(tree.order.length);
  let count = 0;
  for (let at = 0; at < tree.order.length; ) {
    const span = tree.order[at]!;
    rows[count++] = span;
    at += isClosed(span) ? tree.size[span]! : 1;
  }
  return rows.subarray(0, count);
}

/** Where a span's row is, or that of the closed span above it. Rows are in the order of the tree. */
export function rowOf(tree: TraceTree, rows: Int32Array, span: number): number {
  const wanted = tree.place[span] ?? 0;
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (tree.place[rows[middle]!]! <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The spans above, from the nearest on. */
export function* above(tree: TraceTree, span: number): Generator<number> {
  for (let at = tree.parent[span] ?? NONE; at >= 0; at = tree.parent[at] ?? NONE) yield at;
}
