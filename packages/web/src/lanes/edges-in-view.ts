import type { LaneEdge } from "@clew/protocol/analysis/analysis";
import { barHeight, barTop } from "./lane-frames.ts";
import { frameOf, type LaneScene, xIn } from "./lane-scene.ts";

/** An arrow between lanes, in pixels. */
export interface Arrow {
  readonly edge: LaneEdge;
  /** Edges that it stands for. */
  readonly times: number;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  /** Whether there is room to say how many it stands for. */
  readonly isCounted: boolean;
}

/** More would hide the bars. */
export const MOST_ARROWS = 120;
/** Room that a number takes. */
const COUNT_PX = 34;
const COUNT_HEIGHT_PX = 16;

/**
 * The edges that have a part in the window and between two heights. Those of the same kind between the same lanes
 * that are as good as in the same place are one arrow, and the nearness grows until there are few enough.
 */
export function arrowsInView(
  scene: LaneScene,
  edges: readonly LaneEdge[],
  view: { readonly top: number; readonly bottom: number },
): Arrow[] {
  const { from, to } = scene.window;
  const arrows: Arrow[] = [];
  for (const edge of edges) {
    if (edge.startedUs < from || leftUs(edge) > to) continue;
    const arrow = arrowOf(scene, edge);
    if (arrow === undefined) continue;
    if (Math.max(arrow.y1, arrow.y2) < view.top || Math.min(arrow.y1, arrow.y2) > view.bottom) continue;
    arrows.push(arrow);
  }
  let joined = arrows;
  // What is in one place at a distance is in one place at twice the distance.
  for (let nearPx = 3; nearPx === 3 || joined.length > MOST_ARROWS; nearPx *= 2) {
    if (nearPx > scene.width) break;
    joined = joinedWithin(joined, nearPx);
  }
  return counted(joined.slice(0, MOST_ARROWS));
}

/** Each second number beside each other would cover the first. */
function counted(arrows: readonly Arrow[]): Arrow[] {
  const lastX = new Map<number, number>();
  return arrows.map((arrow) => {
    const line = Math.round((arrow.y1 + arrow.y2) / 2 / COUNT_HEIGHT_PX);
    const isCounted = arrow.times > 1 && arrow.x2 - (lastX.get(line) ?? -COUNT_PX) >= COUNT_PX;
    if (isCounted) lastX.set(line, arrow.x2);
    return { ...arrow, isCounted };
  });
}

/**
 * When an edge leaves. A call is shown when it begins on the other side: its caller goes on meanwhile, and may have
 * begun long before.
 */
export function leftUs({ type, sentUs, startedUs }: LaneEdge): number {
  return type === "call" ? startedUs : sentUs;
}

/** From the side of the bar that faces the other lane to that of the other one. */
function arrowOf(scene: LaneScene, edge: LaneEdge): Arrow | undefined {
  const from = frameOf(scene, edge.fromSpan);
  const to = frameOf(scene, edge.toSpan);
  if (from === undefined || to === undefined) return undefined;
  const { levelOf } = scene.levels;
  const x2 = xIn(scene, edge.startedUs);
  const isDown = from.top < to.top;
  return {
    edge,
    times: 1,
    isCounted: false,
    x1: xIn(scene, leftUs(edge)),
    y1: barTop(from, levelOf[edge.fromSpan]!) + (isDown ? barHeight(from) : 0),
    x2,
    y2: barTop(to, levelOf[edge.toSpan]!) + (isDown ? 0 : barHeight(to)),
  };
}

function joinedWithin(arrows: readonly Arrow[], nearPx: number): Arrow[] {
  const joined = new Map<string, Arrow>();
  for (const arrow of arrows) {
    const { type, fromLane, toLane } = arrow.edge;
    const places = [arrow.x1, arrow.x2].map((x) => Math.floor(x / nearPx));
    const key = `${type} ${fromLane} ${toLane} ${places.join(" ")}`;
    const known = joined.get(key);
    if (known === undefined) joined.set(key, arrow);
    else joined.set(key, { ...known, times: known.times + arrow.times });
  }
  return [...joined.values()];
}
