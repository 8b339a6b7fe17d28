import {
  type CriticalPath,
  type Lanes,
  type SpanRows,
  type SpanTree,
  TIME_KINDS,
  type TimeKind,
  type TraceClock,
} from "./analysis.ts";
import { BackWalk } from "./back-walk.ts";
import type { MessageLinks } from "./message-links.ts";
import type { SpanEnds } from "./span-ends.ts";
import { isReceived } from "./span-role.ts";
import { STRETCH, Stretches } from "./stretches.ts";
import { gapKind, KIND, type TimeOwner } from "./time-owner.ts";

/**
 * From the end of the trace backwards: see `BackWalk`. A span that was begun by a message of the same trace has been
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
  { awaited, last }: SpanEnds,
  owners: TimeOwner,
  { sentTo }: MessageLinks,
): CriticalPath {
  const isWhole = new Uint8Array(tree.n);
  const sentBy = sentTo.size === 0 ? undefined : lastSenders(trace, tree, clock, laneOf, sentTo);
  const stretches = new Stretches();
  new BackWalk({ trace, tree, clock, awaited, last, isWhole, sentBy }).walk(tree.n, clock.toUs, stretches);
  return segments(trace, tree, clock.toUs, owners, stretches);
}

/** By row that was begun by messages, the one of their senders that ended last; -1 for all others. */
function lastSenders(
  trace: SpanRows,
  { n, parent }: SpanTree,
  { end }: TraceClock,
  laneOf: Int32Array,
  sentTo: MessageLinks["sentTo"],
): Int32Array {
  const sentBy = new Int32Array(n).fill(-1);
  for (const [row, senders] of sentTo) {
    const caller = parent[row]!;
    if (!isReceived(trace, row) && caller >= 0 && laneOf[caller] !== laneOf[row]) continue;
    sentBy[row] = senders.reduce((last, sender) => (end[sender]! > end[last]! ? sender : last));
  }
  return sentBy;
}

/** Stretches that follow each other and are the same span's are one segment; the earliest comes first. */
function segments(
  trace: SpanRows,
  tree: SpanTree,
  untilUs: number,
  owners: TimeOwner,
  { count: most, what, row, fromUs: from }: Stretches,
): CriticalPath {
  const span = new Int32Array(most);
  const owner = new Int32Array(most);
  const fromUs = new Float64Array(most);
  const toUs = new Float64Array(most);
  const kind = new Uint8Array(most);
  const onLane = new Int32Array(most);
  const sums = new Float64Array(TIME_KINDS.length);
  let first = most;
  let endUs = untilUs;
  for (let at = 0; at < most; at++) {
    const of = row[at]!;
    const timeKind = what[at] === STRETCH.gap ? gapKind(trace, tree, of) : owners.kind[of]!;
    sums[timeKind]! += endUs - from[at]!;
    if (at === 0 || of !== span[first] || timeKind !== kind[first]) {
      first--;
      span[first] = of;
      kind[first] = timeKind;
      toUs[first] = endUs;
      owner[first] = timeKind === KIND.model || timeKind === KIND.tool ? owners.owner[of]! : of;
      onLane[first] = timeKind === KIND.waiting ? owners.onLane[of]! : -1;
    }
    endUs = from[at]!;
    fromUs[first] = endUs;
  }
  return {
    count: most - first,
    span: span.slice(first),
    owner: owner.slice(first),
    fromUs: fromUs.slice(first),
    toUs: toUs.slice(first),
    kind: kind.slice(first),
    onLane: onLane.slice(first),
    totals: Object.fromEntries(TIME_KINDS.map((name, at) => [name, sums[at]!])) as Record<TimeKind, number>,
  };
}
