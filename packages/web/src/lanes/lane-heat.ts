import { type HeatName, heatOf } from "../trace/heat.ts";
import { shownTree } from "../trace/shown-tree.ts";
import type { AnalysedTrace } from "../trace/use-analysis.ts";
import type { LaneTime } from "./lane-times.ts";

/** By lane: how long its runs took, or what its spans took themselves, added up. */
export function laneHeat(
  heat: HeatName,
  { trace, analysis }: AnalysedTrace,
  times: readonly LaneTime[],
): Float64Array {
  const { lanes, laneOf } = analysis.lanes;
  if (heat === "duration") return Float64Array.from(lanes, (_, lane) => times[lane]?.us ?? 0);
  const { amounts } = heatOf(heat, trace, shownTree(analysis.tree), analysis.clock);
  const sums = new Float64Array(lanes.length);
  for (let row = 0; row < trace.n; row++) sums[laneOf[row]!]! += amounts[row]!;
  return sums;
}
