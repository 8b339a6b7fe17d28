import type { LaneEdge, Lanes, SpanRows, SpanTree, TraceClock } from "./analysis.ts";
import { handOffEdges, namesHandOff } from "./hand-offs.ts";
import type { MessageLinks } from "./message-links.ts";
import { isReceived, isSent, SPAN_KIND } from "./span-role.ts";

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
    edges.push(edge(type, from, to, lanes, clock, trace));
  }
  for (const [received, senders] of sentTo) {
    for (const sender of senders) {
      if (laneOf[sender] === laneOf[received] || tree.parent[received] === sender) continue;
      edges.push(edge("message", sender, received, lanes, clock, trace));
    }
  }
  const handOffs = isHandOff === undefined ? [] : handOffEdges(trace, tree, clock, lanes, isHandOff);
  for (const { from, to } of handOffs) {
    edges.push(edge("hand-off", from, to, lanes, clock, trace));
  }
  return edges.sort((a, b) => a.startedUs - b.startedUs || a.toSpan - b.toSpan);
}

/**
 * A message has been sent when its sending ended. A call leaves when the span begins that is nothing but the call; of
 * other callers it is not known when they called, so that it leaves when what is called begins.
 */
function edge(
  type: LaneEdge["type"],
  fromSpan: number,
  toSpan: number,
  { laneOf }: Lanes,
  { start, end }: TraceClock,
  trace: SpanRows,
): LaneEdge {
  const startedUs = start[toSpan]!;
  const called = trace.kind[fromSpan] === SPAN_KIND.client ? start[fromSpan]! : startedUs;
  const sentUs = Math.min(type === "call" ? called : end[fromSpan]!, startedUs);
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
