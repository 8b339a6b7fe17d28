import type { AgentRuns, SpanRows, SpanTree, TraceClock } from "./analysis.ts";
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

/** Until when something goes on at or below each span; with `runs`, of what belongs to the span's run. */
export function lastEnds(tree: SpanTree, clock: TraceClock, runs?: AgentRuns): Float64Array {
  const last = clock.end.slice();
  for (let at = tree.n - 1; at >= 0; at--) {
    const row = tree.order[at]!;
    const parent = tree.parent[row]!;
    if (parent < 0 || (runs !== undefined && runs.runOf[parent] !== runs.runOf[row])) continue;
    if (last[row]! > last[parent]!) last[parent] = last[row]!;
  }
  return last;
}

/** What runs do with spans of other runs: those may go on for as long as they like. */
export function lastEndsAround(local: Float64Array, whole: Float64Array, isEntry: Uint8Array): Float64Array {
  const around = local.slice();
  for (let row = 0; row < around.length; row++) if (isEntry[row] === 1) around[row] = whole[row]!;
  return around;
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
