import type { Lanes, SpanRows, SpanTree, TraceClock } from "./analysis.ts";

/** What frameworks call the step or tool by which one agent passes the work to another. */
const HAND_OFF = /\bhand[-_ ]?offs?\b|handoff_to|\btransfer_to_/i;

/** Tells of each row whether its name or tool is that of a hand-off. */
export function namesHandOff(trace: SpanRows): (row: number) => boolean {
  const names = trace.dict.name.map((name) => HAND_OFF.test(name));
  const tools = trace.dict.tool.map((tool) => HAND_OFF.test(tool));
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
  for (const from of tree.order) {
    if (!isHandOff(from)) continue;
    const own = runs.entry[runs.runOf[from]!]!;
    const handsDown = childrenOf(tree, from).some((child) => laneOf[child] !== laneOf[from]);
    if (handsDown || own === from) continue;
    const beside = childrenOf(tree, tree.parent[own]! < 0 ? tree.n : tree.parent[own]!);
    const left = clock.start[from]!;
    for (let at = firstFrom(beside, clock.start, left); at < beside.length; at++) {
      const to = beside[at]!;
      if (laneOf[to] === laneOf[own]) continue;
      if (runs.entry[runs.runOf[to]!] === to && isTaken[to] === 0) {
        isTaken[to] = 1;
        found.push({ from, to });
      }
      break;
    }
  }
  return found;
}

function childrenOf(tree: SpanTree, row: number): Int32Array {
  return tree.childRows.subarray(tree.childStart[row]!, tree.childStart[row + 1]!);
}

/** Where those that start at `us` or later begin; `rows` are in order of start. */
function firstFrom(rows: Int32Array, start: Float64Array, us: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (start[rows[middle]!]! < us) low = middle + 1;
    else high = middle;
  }
  return low;
}
