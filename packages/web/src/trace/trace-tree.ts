import { SPAN_FLAG, type TraceColumns } from "@clew/protocol/api/trace-columns";

/** A trace as a tree, in columns by span index, so that a large one needs no object for each span. */
export interface TraceTree {
  /** All spans from the first root down: each before what is below it, siblings by start. */
  readonly order: Int32Array;
  /** Place of a span in `order`. */
  readonly place: Int32Array;
  /** 0 for roots and for spans whose parent is missing. */
  readonly depth: Int32Array;
  /** Spans at or below. */
  readonly size: Int32Array;
  /** Errors at or below. */
  readonly errors: Int32Array;
  /** Input and output tokens at or below, each counted once. */
  readonly tokens: Float64Array;
  /** Millionths of a US dollar at or below. */
  readonly costMicro: Float64Array;
}

const NONE = -1;

/** Linear in the spans, without recursion: traces may be as deep as they are long. */
export function treeOf(trace: TraceColumns): TraceTree {
  const { n, parent } = trace;
  const firstChild = new Int32Array(n).fill(NONE);
  const nextSibling = new Int32Array(n).fill(NONE);
  let firstRoot = NONE;
  for (let at = n - 1; at >= 0; at--) {
    const above = parent[at] ?? NONE;
    if (above < 0) {
      nextSibling[at] = firstRoot;
      firstRoot = at;
    } else {
      nextSibling[at] = firstChild[above] ?? NONE;
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
    const above = parent[at] ?? NONE;
    depth[at] = above < 0 ? 0 : depth[above]! + 1;
    if (nextSibling[at] !== NONE) waiting[held++] = nextSibling[at]!;
    if (firstChild[at] !== NONE) waiting[held++] = firstChild[at]!;
  }
  return { order, place, depth, ...sums(trace, order) };
}

function sums(
  trace: TraceColumns,
  order: Int32Array,
): Pick<TraceTree, "size" | "errors" | "tokens" | "costMicro"> {
  const { n, parent, status, flags, tokIn, tokOut } = trace;
  const size = new Int32Array(n).fill(1);
  const errors = new Int32Array(n);
  const tokens = new Float64Array(n);
  const costMicro = new Float64Array(n);
  for (let last = n - 1; last >= 0; last--) {
    const at = order[last]!;
    if (status[at] === 2) errors[at]! += 1;
    if (((flags[at] ?? 0) & SPAN_FLAG.counted) !== 0) {
      tokens[at]! += (tokIn[at] ?? 0) + (tokOut[at] ?? 0);
      costMicro[at]! += trace.costMicro[at] ?? 0;
    }
    const above = parent[at] ?? NONE;
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
export function* above(trace: TraceColumns, span: number): Generator<number> {
  for (let at = trace.parent[span] ?? NONE; at >= 0; at = trace.parent[at] ?? NONE) yield at;
}
