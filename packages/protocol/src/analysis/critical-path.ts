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
import type { SpanEnds } from "./span-ends.ts";
import { isReceived } from "./span-role.ts";
import { STRETCH, Stretches } from "./stretches.ts";
import { gapKind, KIND, type TimeOwner } from "./time-owner.ts";

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
  { awaited, last }: SpanEnds,
  owners: TimeOwner,
  { sentTo }: MessageLinks,
): CriticalPath {
  const lastSender = lastSenders(sentTo, clock);
  const isBegunByMessage = (row: number): boolean =>
    isReceived(trace, row) || tree.parent[row]! < 0 || laneOf[tree.parent[row]!] === laneOf[row];
  const sentBy = (row: number): number => {
    const sender = lastSender.get(row);
    return sender !== undefined && isBegunByMessage(row) ? sender : -1;
  };
  const stretches = new Stretches();
  backWalk({ trace, tree, clock, awaited, last, sentBy })(tree.n, clock.toUs, stretches);
  return segments(trace, tree, clock.toUs, owners, stretches);
}

/** By row that received messages, the one of their senders that ended last. */
function lastSenders(sentTo: MessageLinks["sentTo"], { end }: TraceClock): Map<number, number> {
  const lastSender = new Map<number, number>();
  for (const [row, senders] of sentTo) {
    lastSender.set(
      row,
      senders.reduce((last, sender) => (end[sender]! > end[last]! ? sender : last)),
    );
  }
  return lastSender;
}

/** Stretches that follow each other and are the same span's are one segment; the earliest comes first. */
function segments(
  trace: SpanRows,
  tree: SpanTree,
  untilUs: number,
  owners: TimeOwner,
  { count: stretches, what, row, fromUs: from }: Stretches,
): CriticalPath {
  const kinds = new Uint8Array(stretches);
  let count = 0;
  for (let at = 0; at < stretches; at++) {
    kinds[at] = what[at] === STRETCH.gap ? gapKind(trace, tree, row[at]!) : owners.kind[row[at]!]!;
    if (at === 0 || row[at] !== row[at - 1] || kinds[at] !== kinds[at - 1]) count++;
  }
  const sums = new Float64Array(TIME_KINDS.length);
  const span = new Int32Array(count);
  const owner = new Int32Array(count);
  const fromUs = new Float64Array(count);
  const toUs = new Float64Array(count);
  const kind = new Uint8Array(count);
  const onLane = new Int32Array(count);
  let segment = count;
  for (let at = 0; at < stretches; at++) {
    const of = row[at]!;
    const timeKind = kinds[at]!;
    const endUs = at === 0 ? untilUs : from[at - 1]!;
    sums[timeKind]! += endUs - from[at]!;
    if (at === 0 || of !== span[segment] || timeKind !== kind[segment]) {
      segment--;
      span[segment] = of;
      kind[segment] = timeKind;
      toUs[segment] = endUs;
      owner[segment] = timeKind === KIND.model || timeKind === KIND.tool ? owners.owner[of]! : of;
      onLane[segment] = timeKind === KIND.waiting ? owners.onLane[of]! : -1;
    }
    fromUs[segment] = from[at]!;
  }
  const totals = Object.fromEntries(TIME_KINDS.map((name, at) => [name, sums[at]!])) as Record<
    TimeKind,
    number
  >;
  return { count, span, owner, fromUs, toUs, kind, onLane, totals };
}
