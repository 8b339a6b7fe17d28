import type { Lanes, SpanRows, SpanTree, TraceClock } from "./analysis.ts";

/** What frameworks call the step or tool by which one agent passes the work to another. */
const HAND_OFF = /\bhand[-_ ]?offs?\b|handoff_to|\btransfer_to_/i;

/** Tells of each row whether its name or tool is that of a hand-off; undefined when none is. */
export function namesHandOff(trace: SpanRows): ((row: number) => boolean) | undefined {
  const names = trace.dict.name.map((name) => HAND_OFF.test(name));
  const tools = trace.dict.tool.map((tool) => HAND_OFF.test(tool));
  if (!names.includes(true) && !tools.includes(true)) return undefined;
  return (row) => names[trace.name[row] ?? 0] === true || tools[trace.tool[row] ?? 0] === true;
}

/**
 * Hand-offs that the tree does not show, because who goes on was started by the same caller:
 *
 *     workflow ─┬─ triage ─── handoff          triage ──▶ billing
 *               └─ billing ── chat
 *
 * From a hand-off below no other lane to the next run beside its own.
 */
export function handOffEdges(
  trace: SpanRows,
  tree: SpanTree,
  clock: TraceClock,
  { laneOf, runs }: Lanes,
  isHandOff: (row: number) => boolean,
): { readonly from: number; readonly to: number }[] {
  const found: { from: number; to: number }[] = [];
  const isTaken = new Uint8Array(trace.n);
  const nextElsewhere = placesOfOtherLanes(tree, laneOf);
  for (let place = 0; place < tree.n; place++) {
    const from = tree.order[place]!;
    if (!isHandOff(from)) continue;
    const own = runs.entry[runs.runOf[from]!]!;
    const handsDown = childrenOf(tree, from).some((child) => laneOf[child] !== laneOf[from]);
    if (handsDown || own === from) continue;
    const caller = tree.parent[own]! < 0 ? tree.n : tree.parent[own]!;
    const end = tree.childStart[caller + 1]!;
    let at = firstFrom(tree, caller, clock.start, clock.start[from]!);
    if (at < end && laneOf[tree.childRows[at]!] === laneOf[own]) at = nextElsewhere[at]!;
    if (at >= end) continue;
    const to = tree.childRows[at]!;
    if (runs.entry[runs.runOf[to]!] !== to || isTaken[to] === 1) continue;
    isTaken[to] = 1;
    found.push({ from, to });
  }
  return found;
}

function childrenOf(tree: SpanTree, row: number): Int32Array {
  return tree.childRows.subarray(tree.childStart[row]!, tree.childStart[row + 1]!);
}

/** For each place in `childRows` the next one whose row is in another lane; it may be another caller's. */
function placesOfOtherLanes({ n, childRows }: SpanTree, laneOf: Int32Array): Int32Array {
  const next = new Int32Array(n).fill(n);
  for (let at = n - 2; at >= 0; at--) {
    const isSame = laneOf[childRows[at]!] === laneOf[childRows[at + 1]!];
    next[at] = isSame ? next[at + 1]! : at + 1;
  }
  return next;
}

/** The place of the first child of `caller` that starts at `us` or later, or that after its children. */
function firstFrom(
  { childStart, childRows }: SpanTree,
  caller: number,
  start: Float64Array,
  us: number,
): number {
  let low = childStart[caller]!;
  let high = childStart[caller + 1]!;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (start[childRows[middle]!]! < us) low = middle + 1;
    else high = middle;
  }
  return low;
}
