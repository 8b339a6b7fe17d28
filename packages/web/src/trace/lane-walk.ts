import type { TraceAnalysis } from "@clew/protocol/analysis/analysis";

/** The spans of a lane by their start. */
export function spansOfLane(
  { lanes, clock, tree }: TraceAnalysis,
  lane: number,
  isLeftOut: (span: number) => boolean,
): number[] {
  const spans: number[] = [];
  for (const span of tree.order) if (lanes.laneOf[span] === lane && !isLeftOut(span)) spans.push(span);
  return spans.sort((a, b) => clock.start[a]! - clock.start[b]!);
}

/** The next or previous span of the same lane; undefined at its end. */
export function nextInLane(
  analysis: TraceAnalysis,
  span: number,
  by: 1 | -1,
  isLeftOut: (span: number) => boolean,
): number | undefined {
  const spans = spansOfLane(analysis, analysis.lanes.laneOf[span] ?? 0, isLeftOut);
  const at = spans.indexOf(span);
  if (at >= 0) return spans[at + by];
  const { start } = analysis.clock;
  return by > 0
    ? spans.find((other) => start[other]! >= start[span]!)
    : spans.findLast((other) => start[other]! < start[span]!);
}

/** What a lane does at that moment, or did last before it; its first span when it had not begun. */
export function spanAt(
  analysis: TraceAnalysis,
  lane: number,
  us: number,
  isLeftOut: (span: number) => boolean,
): number | undefined {
  const spans = spansOfLane(analysis, lane, isLeftOut);
  const { start } = analysis.clock;
  return spans.findLast((span) => start[span]! <= us) ?? spans[0];
}
