import { SPAN_FLAG } from "@clew/protocol/api/trace-columns";
import type { TimeWindow } from "../trace/trace-time.ts";
import type { AnalysedTrace } from "../trace/use-analysis.ts";
import { barHeight, barTop, frameAt, type LaneFrame, type LaneFrames, levelAt } from "./lane-frames.ts";
import type { LaneLevels } from "./lane-levels.ts";

/** A stretch of time over lanes, and where things are in it. */
export interface LaneScene {
  readonly analysed: AnalysedTrace;
  readonly levels: LaneLevels;
  readonly all: LaneFrames;
  readonly window: TimeWindow;
  /** Until when what is running reaches. */
  readonly nowUs: number;
  /** Pixels that the window is wide. */
  readonly width: number;
}

/** A click this far beside a bar is meant for it. */
const NEAR_PX = 4;

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export function endIn({ analysed, nowUs }: LaneScene, row: number): number {
  const end = analysed.analysis.clock.end[row]!;
  const isRunning = ((analysed.trace.flags[row] ?? 0) & SPAN_FLAG.running) !== 0;
  return isRunning ? Math.max(end, nowUs) : end;
}

export function xIn({ window, width }: Pick<LaneScene, "window" | "width">, us: number): number {
  return ((us - window.from) / (window.to - window.from)) * width;
}

export function frameOf({ analysed, all }: LaneScene, row: number): LaneFrame | undefined {
  return all.frames[all.frameOf[analysed.analysis.lanes.laneOf[row] ?? -1] ?? -1];
}

/** Where a span's bar is, not cut off at the edges of the window; undefined where its lane is not shown. */
export function boxOf(scene: LaneScene, row: number): Box | undefined {
  const frame = frameOf(scene, row);
  if (frame === undefined) return undefined;
  const left = xIn(scene, scene.analysed.analysis.clock.start[row]!);
  return {
    left,
    top: barTop(frame, scene.levels.levelOf[row]!),
    width: xIn(scene, endIn(scene, row)) - left,
    height: barHeight(frame),
  };
}

/** The span at a place; of several the one that began last. -1 for none. */
export function spanUnder(scene: LaneScene, x: number, y: number): number {
  const { all, levels, analysed } = scene;
  const frame = all.frames[frameAt(all, y)];
  if (frame === undefined || y < frame.top || y >= frame.top + frame.height) return -1;
  const wanted = levelAt(frame, y);
  const { start } = analysed.analysis.clock;
  let near = -1;
  for (let at = levels.laneStart[frame.lane]!; at < levels.laneStart[frame.lane + 1]!; at++) {
    const row = levels.rows[at]!;
    if (levels.levelOf[row] !== wanted) continue;
    const from = xIn(scene, start[row]!);
    if (from > x + NEAR_PX) break;
    const to = xIn(scene, endIn(scene, row));
    if (x >= from && x <= to) near = row;
    else if (near < 0 && x <= to + NEAR_PX) near = row;
  }
  return near;
}
