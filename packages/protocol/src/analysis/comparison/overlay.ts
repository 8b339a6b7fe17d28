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

/** Rows that are in one line, -1 for none. */
class Pairs {
  count = 0;
  readonly a: Int32Array;
  readonly b: Int32Array;

  constructor(most: number) {
    this.a = new Int32Array(most);
    this.b = new Int32Array(most);
  }

  add(rowA: number, rowB: number): void {
    this.a[this.count] = rowA;
    this.b[this.count] = rowB;
    this.count++;
  }
}

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
  const most = a.trace.n + b.trace.n;
  const lines = new Pairs(most);
  const parent = new Int32Array(most);
  const depth = new Int32Array(most);
  const waiting = new Pairs(most);
  const waitingBelow = new Int32Array(most);
  const found = new Pairs(most);
  /** The first of them is to be the next that is taken. */
  const wait = (below: number): void => {
    for (let at = found.count - 1; at >= 0; at--) {
      waitingBelow[waiting.count] = below;
      waiting.add(found.a[at]!, found.b[at]!);
    }
    found.count = 0;
  };
  alignTops(sideA, sideB, found);
  wait(NONE);
  while (waiting.count > 0) {
    const next = --waiting.count;
    const line = lines.count;
    lines.add(waiting.a[next]!, waiting.b[next]!);
    parent[line] = waitingBelow[next]!;
    depth[line] = parent[line] === NONE ? 0 : depth[parent[line]!]! + 1;
    const below = childrenOf(sideA, lines.a[line]!);
    const other = childrenOf(sideB, lines.b[line]!);
    if (below.length + other.length === 0) continue;
    alignAll(below, other, sideA.keys, sideB.keys, found);
    wait(line);
  }
  const { count } = lines;
  return {
    a: lines.a.slice(0, count),
    b: lines.b.slice(0, count),
    parent: parent.slice(0, count),
    depth: depth.slice(0, count),
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
function alignTops(a: Side, b: Side, found: Pairs): void {
  const [topsA, topsB] = [a.children(a.top), b.children(b.top)];
  if (topsA.length === 1 && topsB.length === 1) found.add(topsA[0]!, topsB[0]!);
  else alignAll(topsA, topsB, a.keys, b.keys, found);
}

/** Adds siblings of both in one order, -1 where one has none; by looser keys what stricter ones leave between pairs. */
function alignAll(
  a: Int32Array,
  b: Int32Array,
  keysA: AlignmentKeys,
  keysB: AlignmentKeys,
  found: Pairs,
  level = 0,
): void {
  const strictA = keysA[level];
  const strictB = keysB[level];
  if (a.length === 0 || b.length === 0 || strictA === undefined || strictB === undefined) {
    for (let at = 0; at < a.length; at++) found.add(a[at]!, NONE);
    for (let at = 0; at < b.length; at++) found.add(NONE, b[at]!);
    return;
  }
  const match = align(keysOf(a, strictA), keysOf(b, strictB));
  let fromA = 0;
  let fromB = 0;
  for (let at = 0; at <= a.length; at++) {
    if (at < a.length && match[at] === NONE) continue;
    const toB = at < a.length ? match[at]! : b.length;
    if (at > fromA || toB > fromB) {
      alignAll(a.subarray(fromA, at), b.subarray(fromB, toB), keysA, keysB, found, level + 1);
    }
    if (at < a.length) found.add(a[at]!, b[toB]!);
    fromA = at + 1;
    fromB = toB + 1;
  }
}

function keysOf(rows: Int32Array, keys: Int32Array): Int32Array {
  const found = new Int32Array(rows.length);
  for (let at = 0; at < rows.length; at++) found[at] = keys[rows[at]!]!;
  return found;
}
