import { align } from "./align.ts";
import { type AlignmentKeys, KeyMaker } from "./alignment-keys.ts";
import type { AnalysedTrace } from "./comparison.ts";

/** The lines of a comparison: see `TraceComparison`. */
export interface Overlay {
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly parent: Int32Array;
  readonly depth: Int32Array;
}

const NONE = -1;

/** The row in either trace, or -1. */
type Pair = readonly [a: number, b: number];

/** A trace with its keys. */
interface Side {
  readonly children: (row: number) => Int32Array;
  readonly keys: AlignmentKeys;
  readonly top: number;
}

/**
 * Lays two traces over each other from the top down: the children of what is the same in both are aligned by what
 * they are; what is left between two such pairs, by what they do, so that another tool in the same place is seen as such.
 *
 *     a: agent ─┬─ chat          b: agent ─┬─ chat             agent
 *               ├─ sql                     ├─ search           ├─ chat
 *               └─ chat                    ├─ chat             ├─ sql → search     renamed
 *                                          └─ write            ├─ chat
 *                                                              └─ write            added
 */
export function overlay(a: AnalysedTrace, b: AnalysedTrace): Overlay {
  const maker = new KeyMaker();
  const [sideA, sideB] = [sideOf(a, maker), sideOf(b, maker)];
  const lines: {
    readonly a: number[];
    readonly b: number[];
    readonly parent: number[];
    readonly depth: number[];
  } = {
    a: [],
    b: [],
    parent: [],
    depth: [],
  };
  const waiting: (readonly [a: number, b: number, parent: number])[] = [];
  const push = (pairs: readonly Pair[], parent: number): void => {
    for (let at = pairs.length - 1; at >= 0; at--) waiting.push([pairs[at]![0], pairs[at]![1], parent]);
  };
  push(alignedTops(sideA, sideB), NONE);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [rowA, rowB, parent] = next;
    const line = lines.a.length;
    lines.a.push(rowA);
    lines.b.push(rowB);
    lines.parent.push(parent);
    lines.depth.push(parent === NONE ? 0 : lines.depth[parent]! + 1);
    const [below, other] = [childrenOf(sideA, rowA), childrenOf(sideB, rowB)];
    if (below.length + other.length > 0) push(aligned(below, other, sideA.keys, sideB.keys), line);
  }
  return {
    a: Int32Array.from(lines.a),
    b: Int32Array.from(lines.b),
    parent: Int32Array.from(lines.parent),
    depth: Int32Array.from(lines.depth),
  };
}

function sideOf({ trace, analysis: { tree } }: AnalysedTrace, maker: KeyMaker): Side {
  const children = (row: number): Int32Array =>
    tree.childRows.subarray(tree.childStart[row]!, tree.childStart[row + 1]!);
  return { children, keys: maker.keysOf(trace), top: tree.n };
}

const NOBODY = new Int32Array(0);

function childrenOf({ children }: Side, row: number): Int32Array {
  return row === NONE ? NOBODY : children(row);
}

/** Two traces are compared because they are of one thing: a single top is the same, whatever it is called. */
function alignedTops(a: Side, b: Side): Pair[] {
  const [topsA, topsB] = [a.children(a.top), b.children(b.top)];
  if (topsA.length === 1 && topsB.length === 1) return [[topsA[0]!, topsB[0]!]];
  return aligned(topsA, topsB, a.keys, b.keys);
}

/** Siblings of both in one order, -1 where one has none; by looser keys what stricter ones leave between pairs. */
function aligned(
  a: Int32Array,
  b: Int32Array,
  keysA: AlignmentKeys,
  keysB: AlignmentKeys,
  level = 0,
): Pair[] {
  const [strictA, strictB] = [keysA[level], keysB[level]];
  const pairs: Pair[] = [];
  if (a.length === 0 || b.length === 0 || strictA === undefined || strictB === undefined) {
    for (const row of a) pairs.push([row, NONE]);
    for (const row of b) pairs.push([NONE, row]);
    return pairs;
  }
  const match = align(
    a.map((row) => strictA[row]!),
    b.map((row) => strictB[row]!),
  );
  let [fromA, fromB] = [0, 0];
  for (let at = 0; at <= a.length; at++) {
    if (at < a.length && match[at] === NONE) continue;
    const toB = at < a.length ? match[at]! : b.length;
    if (at > fromA || toB > fromB) {
      const rest = aligned(a.subarray(fromA, at), b.subarray(fromB, toB), keysA, keysB, level + 1);
      for (const pair of rest) pairs.push(pair);
    }
    if (at < a.length) pairs.push([a[at]!, b[toB]!]);
    [fromA, fromB] = [at + 1, toB + 1];
  }
  return pairs;
}
