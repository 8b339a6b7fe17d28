import type { LaneLevels } from "./lane-levels.ts";

/** Sizes in CSS pixels. */
export interface LaneMeasures {
  /** What names the lane: beside it, or above it where there is little room. */
  readonly headWidth: number;
  readonly headHeight: number;
  readonly least: number;
}

export const WIDE: LaneMeasures = { headWidth: 208, headHeight: 0, least: 46 };
export const NARROW: LaneMeasures = { headWidth: 0, headHeight: 24, least: 44 };

export const BAR_PX = 14;
const LEVEL_PX = 21;
const PAD_PX = 7;
const CLOSED_PX = 26;
export const STRIP_PX = 6;

/** Where a lane is. */
export interface LaneFrame {
  readonly lane: number;
  readonly top: number;
  readonly height: number;
  readonly isClosed: boolean;
  /** Top of its first line; of a closed one, of its strip. */
  readonly barsTop: number;
}

export interface LaneFrames {
  readonly frames: readonly LaneFrame[];
  /** Index into `frames` by lane; -1 for lanes that have nothing to show. */
  readonly frameOf: Int32Array;
  readonly height: number;
}

/** The lanes one below the other; those that have nothing to show have no place. */
export function laneFrames(
  { levels }: LaneLevels,
  isClosed: (lane: number) => boolean,
  { headHeight, least }: LaneMeasures,
): LaneFrames {
  const frames: LaneFrame[] = [];
  const frameOf = new Int32Array(levels.length).fill(-1);
  let top = 0;
  for (let lane = 0; lane < levels.length; lane++) {
    if (levels[lane] === 0) continue;
    const closed = isClosed(lane);
    const open = headHeight + 2 * PAD_PX + levels[lane]! * LEVEL_PX - (LEVEL_PX - BAR_PX);
    const height = closed ? Math.max(CLOSED_PX, headHeight + 2 + STRIP_PX) : Math.max(least, open);
    const room = headHeight > 0 ? headHeight - PAD_PX + 2 : 0;
    const barsTop = closed
      ? top + (headHeight > 0 ? headHeight - 2 : (height - STRIP_PX) / 2)
      : top + PAD_PX + room;
    frameOf[lane] = frames.length;
    frames.push({ lane, top, height, isClosed: closed, barsTop });
    top += height;
  }
  return { frames, frameOf, height: top };
}

/** Top of a bar, or of the strip that it is a part of. */
export function barTop(frame: LaneFrame, level: number): number {
  return frame.isClosed ? frame.barsTop : frame.barsTop + level * LEVEL_PX;
}

export function barHeight(frame: LaneFrame): number {
  return frame.isClosed ? STRIP_PX : BAR_PX;
}

/** Index of the frame at that height; the nearest where there is none. */
export function frameAt({ frames }: LaneFrames, y: number): number {
  let low = 0;
  let high = frames.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (frames[middle]!.top <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The frames between two heights, and a little more. */
export function framesBetween(all: LaneFrames, from: number, to: number): readonly LaneFrame[] {
  if (all.frames.length === 0) return [];
  return all.frames.slice(Math.max(0, frameAt(all, from) - 1), frameAt(all, to) + 2);
}

/** The line at that height, with half of what is between lines; of a closed lane the first. */
export function levelAt(frame: LaneFrame, y: number): number {
  if (frame.isClosed) return 0;
  return Math.floor((y - frame.barsTop + (LEVEL_PX - BAR_PX) / 2) / LEVEL_PX);
}
