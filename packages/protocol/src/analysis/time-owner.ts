import { type Lanes, type SpanRows, type SpanTree, TIME_KINDS, type TimeKind } from "./analysis.ts";
import { isReceived, isSent, ROLE, SPAN_KIND } from "./span-role.ts";

/** Index into `TIME_KINDS` by name. */
export const KIND = Object.fromEntries(TIME_KINDS.map((kind, at) => [kind, at])) as Record<TimeKind, number>;

/** Says what a span's own time goes into. */
export interface TimeOwner {
  /** Index into `TIME_KINDS`. */
  readonly kind: Uint8Array;
  /** The model call or tool that the time belongs to, or the call itself; -1 for the lane's own time. */
  readonly owner: Int32Array;
  /** The lane that a call went to; -1 where it is not in the trace. */
  readonly onLane: Int32Array;
}

/**
 * Whatever a run does below a model call or tool is that call's time, the nearest one counts:
 *
 *     chat            model
 *     └─ POST         model: the request that makes up the call
 *     execute_tool    tool
 *     └─ GET          tool
 *        └─ GET /x    another lane's time, when it has one
 *     POST            waiting: for a lane, or for something outside of the trace
 */
export function timeOwners(
  trace: SpanRows,
  tree: SpanTree,
  { laneOf, runs }: Lanes,
  roles: Uint8Array,
): TimeOwner {
  const kind = new Uint8Array(tree.n);
  const owner = new Int32Array(tree.n).fill(-1);
  const onLane = new Int32Array(tree.n).fill(-1);
  for (let at = 0; at < tree.n; at++) {
    const row = tree.order[at]!;
    const parent = tree.parent[row]!;
    const isInside = parent >= 0 && runs.runOf[parent] === runs.runOf[row];
    if (parent >= 0 && laneOf[parent] !== laneOf[row] && onLane[parent] === -1) onLane[parent] = laneOf[row]!;
    const role = roles[row]!;
    const above = isInside ? owner[parent]! : -1;
    if (role === ROLE.model || role === ROLE.tool) {
      kind[row] = role === ROLE.model ? KIND.model : KIND.tool;
      owner[row] = row;
    } else if (role === ROLE.agent) kind[row] = KIND.self;
    else if (above >= 0) {
      kind[row] = kind[parent]!;
      owner[row] = above;
    } else if (role === ROLE.plain && trace.kind[row] === SPAN_KIND.client) {
      kind[row] = KIND.waiting;
      owner[row] = row;
    }
  }
  return { kind, owner, onLane };
}

/** What the time is between something and what began after it. */
export function gapKind(trace: SpanRows, tree: SpanTree, next: number): number {
  if (next < 0) return KIND.idle;
  const parent = tree.parent[next]!;
  return isReceived(trace, next) || (parent >= 0 && isSent(trace, parent)) ? KIND.queue : KIND.idle;
}
