import {
  type CriticalPath,
  type Lanes,
  type SpanRows,
  type SpanTree,
  TIME_KINDS,
  type TimeKind,
  type TraceClock,
} from "./analysis.ts";
import { backWalk } from "./back-walk.ts";
import type { MessageLinks } from "./message-links.ts";
import { lastEnds } from "./span-ends.ts";
import { isReceived } from "./span-role.ts";
import { gapKind, type TimeOwner } from "./time-owner.ts";

/**
 * From the end of the trace backwards: see `backWalk`. A span that was begun by a message of the same trace has been
 * waited for by whoever sent it.
 *
 *     planner   ├─self─┤model├·····queue·····┤
 *     coder                                  ├─self─┤──tool──├self┤
 */
export function criticalPath(
  trace: SpanRows,
  tree: SpanTree,
  clock: TraceClock,
  { laneOf }: Lanes,
  awaited: Float64Array,
  owners: TimeOwner,
  { sentTo }: MessageLinks,
): CriticalPath {
  const spans: number[] = [];
  const froms: number[] = [];
  const tos: number[] = [];
  const kinds: number[] = [];
  const onLanes: number[] = [];
  const totals = Object.fromEntries(TIME_KINDS.map((kind) => [kind, 0])) as Record<TimeKind, number>;
  const add = (row: number, kind: number, onLane: number, fromUs: number, toUs: number): void => {
    totals[TIME_KINDS[kind]!] += toUs - fromUs;
    const last = spans.length - 1;
    if (last >= 0 && spans[last] === row && kinds[last] === kind) {
      froms[last] = fromUs;
      return;
    }
    spans.push(row);
    kinds.push(kind);
    onLanes.push(onLane);
    froms.push(fromUs);
    tos.push(toUs);
  };
  const own = (row: number, fromUs: number, toUs: number): void => {
    const isWaiting = TIME_KINDS[owners.kind[row]!] === "waiting";
    add(row, owners.kind[row]!, isWaiting ? owners.onLane[row]! : -1, fromUs, toUs);
  };
  const isBegunByMessage = (row: number): boolean =>
    isReceived(trace, row) || tree.parent[row]! < 0 || laneOf[tree.parent[row]!] === laneOf[row];
  const sentBy = (row: number): number => {
    const senders = sentTo.get(row);
    if (senders === undefined || !isBegunByMessage(row)) return -1;
    return senders.reduce((last, sender) => (clock.end[sender]! > clock.end[last]! ? sender : last));
  };
  backWalk({ trace, tree, clock, awaited, last: lastEnds(tree, clock), sentBy })(tree.n, clock.toUs, {
    own,
    whole: own,
    gap: (next, fromUs, toUs) => add(next, gapKind(trace, tree, next), -1, fromUs, toUs),
  });
  const span = Int32Array.from(spans).reverse();
  const kind = Uint8Array.from(kinds).reverse();
  const isPart = (at: number): boolean =>
    TIME_KINDS[kind[at]!] === "model" || TIME_KINDS[kind[at]!] === "tool";
  return {
    count: spans.length,
    span,
    owner: span.map((row, at) => (isPart(at) ? owners.owner[row]! : row)),
    fromUs: Float64Array.from(froms).reverse(),
    toUs: Float64Array.from(tos).reverse(),
    kind,
    onLane: Int32Array.from(onLanes).reverse(),
    totals,
  };
}
