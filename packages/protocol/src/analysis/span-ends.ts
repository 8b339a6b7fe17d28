import type { SpanRows, SpanTree, TraceClock } from "./analysis.ts";
import { isSent } from "./span-role.ts";

export interface SpanEnds {
  /** Until when each span is waited for. */
  readonly awaited: Float64Array;
  /** Until when something goes on at or below each span. */
  readonly last: Float64Array;
}

export function spanEnds(trace: SpanRows, tree: SpanTree, clock: TraceClock): SpanEnds {
  return { awaited: awaitedEnds(trace, tree, clock), last: lastEnds(tree, clock) };
}

function lastEnds(tree: SpanTree, clock: TraceClock): Float64Array {
  const last = clock.end.slice();
  for (let at = tree.n - 1; at >= 0; at--) {
    const row = tree.order[at]!;
    const parent = tree.parent[row]!;
    if (parent >= 0 && last[row]! > last[parent]!) last[parent] = last[row]!;
  }
  return last;
}

/**
 * As `SpanEnds.last`, but as a run sees it, which does not go on because of the runs that it began: only what begins a
 * run, 1 in `isEntry`, goes on as long as anything below it.
 */
export function lastEndsInside(
  tree: SpanTree,
  clock: TraceClock,
  last: Float64Array,
  isEntry: Uint8Array,
): Float64Array {
  const inside = clock.end.slice();
  for (let at = tree.n - 1; at >= 0; at--) {
    const row = tree.order[at]!;
    const parent = tree.parent[row]!;
    if (isEntry[row] === 1) inside[row] = last[row]!;
    else if (inside[row]! > inside[parent]!) inside[parent] = inside[row]!;
  }
  return inside;
}

/**
 * Until when each span is waited for: its end; but of a message that is answered, the end of what the answer sets off
 * in the service that sent it.
 *
 *     A  ├──────────────────────────┤
 *         ├┤ send             ├──┤ receive     send is waited for until receive ends
 *     B         ├───────────┤┤ send
 */
function awaitedEnds(trace: SpanRows, tree: SpanTree, clock: TraceClock): Float64Array {
  const awaited = clock.end.slice();
  if (!trace.kind.includes(4)) return awaited;
  /** Of each service the nearest span on the way down from the top. */
  const nearest = new Int32Array(Math.max(1, trace.dict.service.length)).fill(-1);
  const before = new Int32Array(tree.n);
  const path: number[] = [];
  for (let at = 0; at < tree.n; at++) {
    const row = tree.order[at]!;
    while (path.length > tree.depth[row]!) {
      const left = path.pop()!;
      nearest[trace.service[left] ?? 0] = before[left]!;
    }
    const service = trace.service[row] ?? 0;
    const parent = tree.parent[row]!;
    const sender = nearest[service] ?? -1;
    if (sender >= 0 && parent >= 0 && trace.service[parent] !== service && isSent(trace, sender)) {
      awaited[sender] = Math.max(awaited[sender]!, clock.end[row]!);
    }
    before[row] = sender;
    nearest[service] = row;
    path.push(row);
  }
  return awaited;
}
