import type { LaneEdge, Lanes, SpanRows, SpanTree, TraceClock } from "./analysis.ts";
import { handOffEdges, namesHandOff } from "./hand-offs.ts";
import type { MessageLinks } from "./message-links.ts";
import { isReceived, isSent } from "./span-role.ts";

/** A caller whose run ends this much before what it called does not wait for it. */
const WAITS_UNTIL_US = 1_000;

/**
 * What goes between lanes, by time:
 *
 *     call       A ├──▶░░░░░░░░░░░──┤       hand-off   A ├────▶┤
 *                B     ├─────────┤                     B       ├──────┤
 *
 *     message    A ├──▶──────┤
 *                queue ░░░░░░
 *                B           ├──────┤
 */
export function laneEdges(
  trace: SpanRows,
  tree: SpanTree,
  clock: TraceClock,
  lanes: Lanes,
  { sentTo }: MessageLinks,
): LaneEdge[] {
  const { laneOf, runs } = lanes;
  const edges: LaneEdge[] = [];
  const isHandOff = namesHandOff(trace);
  for (let run = 0; run < runs.count; run++) {
    const to = runs.entry[run]!;
    const from = tree.parent[to]!;
    if (from < 0 || laneOf[from] === laneOf[to]) continue;
    const isMessage = isSent(trace, from) || isReceived(trace, to);
    const callerEnd = clock.end[runs.entry[runs.caller[run]!]!]!;
    const isNamed = isHandOff !== undefined && (isHandOff(from) || isHandOff(to));
    const isLeft = isNamed || callerEnd < runs.end[run]! - WAITS_UNTIL_US;
    const type = isMessage ? "message" : isLeft ? "hand-off" : "call";
    edges.push(edge(type, from, to, lanes, clock));
  }
  for (const [received, senders] of sentTo) {
    for (const sender of senders) {
      if (laneOf[sender] === laneOf[received] || tree.parent[received] === sender) continue;
      edges.push(edge("message", sender, received, lanes, clock));
    }
  }
  const handOffs = isHandOff === undefined ? [] : handOffEdges(trace, tree, clock, lanes, isHandOff);
  for (const { from, to } of handOffs) {
    edges.push(edge("hand-off", from, to, lanes, clock));
  }
  return edges.sort((a, b) => a.startedUs - b.startedUs || a.toSpan - b.toSpan);
}

/** A message has been sent when its sending ended; a call leaves when its span begins. */
function edge(
  type: LaneEdge["type"],
  fromSpan: number,
  toSpan: number,
  { laneOf }: Lanes,
  { start, end }: TraceClock,
): LaneEdge {
  const startedUs = start[toSpan]!;
  const left = type === "call" ? start[fromSpan]! : end[fromSpan]!;
  const sentUs = Math.min(left, startedUs);
  const queueUs = startedUs - sentUs;
  return {
    type,
    fromLane: laneOf[fromSpan]!,
    toLane: laneOf[toSpan]!,
    fromSpan,
    toSpan,
    sentUs,
    startedUs,
    queueUs,
  };
}
