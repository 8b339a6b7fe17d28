import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import type { ShownTree } from "./shown-tree.ts";
import { isRunning } from "./trace-time.ts";

/** Siblings that follow each other and are alike, in columns by row. */
export interface AlikeRuns {
  /** First span of the run that a span is in; -1 for none. */
  readonly firstOf: Int32Array;
  /** By first span: how many it has; 0 for all others. */
  readonly times: Int32Array;
  /** By first span: the place in the tree's order behind the run and all below it. */
  readonly beyond: Int32Array;
}

/** Fewer are not worth a fold. */
const LEAST_TIMES = 3;

/**
 * Alike are siblings of the same name, kind, type, agent and service. What failed, or has something below it that did,
 * and what is running is in no run, so that it always has a row of its own. Linear.
 */
export function alikeRuns(trace: TraceColumns, tree: ShownTree, errors: Int32Array): AlikeRuns {
  const { order, size, parent } = tree;
  const firstOf = new Int32Array(trace.n).fill(-1);
  const times = new Int32Array(trace.n);
  const beyond = new Int32Array(trace.n);
  const isSeen = new Uint8Array(trace.n);
  const { name, kind, type, agent, service } = trace;
  const isQuiet = (row: number): boolean => errors[row] === 0 && !isRunning(trace, row);
  for (let at = 0; at < order.length; at++) {
    const first = order[at]!;
    const beside = order[at + size[first]!];
    if (beside === undefined || parent[beside] !== parent[first] || name[beside] !== name[first]) continue;
    if (isSeen[first] === 1 || !isQuiet(first)) continue;
    let count = 0;
    let end = at;
    for (let next = at; next < order.length; ) {
      const row = order[next]!;
      const isAlike =
        parent[row] === parent[first] &&
        name[row] === name[first] &&
        kind[row] === kind[first] &&
        type[row] === type[first] &&
        agent[row] === agent[first] &&
        service[row] === service[first] &&
        isQuiet(row);
      if (!isAlike) break;
      isSeen[row] = 1;
      count++;
      next += size[row]!;
      end = next;
    }
    if (count < LEAST_TIMES) continue;
    times[first] = count;
    beyond[first] = end;
    for (let next = at; next < end; next += size[order[next]!]!) firstOf[order[next]!] = first;
  }
  return { firstOf, times, beyond };
}

/** The spans of a run, in order. */
export function spansOfRun({ order, place, size }: ShownTree, { times }: AlikeRuns, first: number): number[] {
  const spans: number[] = [];
  for (let at = place[first]!; spans.length < times[first]!; at += size[order[at]!]!) spans.push(order[at]!);
  return spans;
}
