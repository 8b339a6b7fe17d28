import type { SpanTree } from "@clew/protocol/analysis/analysis";

/** The rows that a view shows of a trace's tree, in columns by span, so that a large one needs no object for each. */
export interface ShownTree {
  /** The spans shown, each before what is below it. */
  readonly order: Int32Array;
  /** Place of a span in `order`; of one that is left out, the place of the nearest shown span above it. */
  readonly place: Int32Array;
  /** The nearest shown span above; negative for roots and for spans whose parent is missing. */
  readonly parent: Int32Array;
  /** Shown spans above. */
  readonly depth: Int32Array;
  /** Shown spans at or below. */
  readonly size: Int32Array;
}

/** What is below a span that is left out moves up to the nearest span above that is not. Linear, without recursion. */
export function shownTree(tree: SpanTree, isLeftOut?: Uint8Array): ShownTree {
  const { n } = tree;
  const place = new Int32Array(n);
  if (isLeftOut === undefined) {
    for (let at = 0; at < n; at++) place[tree.order[at]!] = at;
    return { order: tree.order, place, parent: tree.parent, depth: tree.depth, size: tree.size };
  }
  const order = new Int32Array(n);
  const parent = new Int32Array(n);
  const depth = new Int32Array(n);
  let placed = 0;
  for (const span of tree.order) {
    const next = tree.parent[span]!;
    const up = next >= 0 && isLeftOut[next] === 1 ? parent[next]! : next;
    parent[span] = up;
    if (isLeftOut[span] === 1) {
      place[span] = up < 0 ? 0 : place[up]!;
    } else {
      depth[span] = up < 0 ? 0 : depth[up]! + 1;
      place[span] = placed;
      order[placed++] = span;
    }
  }
  const size = new Int32Array(n).fill(1);
  for (let at = placed - 1; at >= 0; at--) {
    const span = order[at]!;
    if (parent[span]! >= 0) size[parent[span]!]! += size[span]!;
  }
  return { order: order.subarray(0, placed), place, parent, depth, size };
}

/**
 * The spans that have a row: all but those below a closed one, and those before the place that `beyond` says where one
 * stands for more than itself. Takes as long as there are rows.
 */
export function visibleRows(
  tree: ShownTree,
  isClosed: (span: number) => boolean,
  beyond: (span: number) => number | undefined = () => undefined,
): Int32Array {
  const rows = new Int32Array(tree.order.length);
  let count = 0;
  for (let at = 0; at < tree.order.length; ) {
    const span = tree.order[at]!;
    rows[count++] = span;
    at = beyond(span) ?? at + (isClosed(span) ? tree.size[span]! : 1);
  }
  return rows.subarray(0, count);
}

/** Where a span's row is, or that of the closed span above it. Rows are in the order of the tree. */
export function rowOf(tree: ShownTree, rows: Int32Array, span: number): number {
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
export function* above(tree: ShownTree, span: number): Generator<number> {
  for (let at = tree.parent[span] ?? -1; at >= 0; at = tree.parent[at] ?? -1) yield at;
}
