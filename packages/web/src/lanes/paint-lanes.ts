import { TIME_KINDS, type TimeKind } from "@clew/protocol/analysis/analysis";
import { fittingText } from "../trace/fitting-text.ts";
import { type Heat, heatStep, heatText } from "../trace/heat.ts";
import { textOf } from "../trace/span-facts.ts";
import { lookOfSpan } from "../trace/span-look.ts";
import { isRunning, ticksOf } from "../trace/trace-time.ts";
import { tokenColors } from "../trace/use-canvas.ts";
import { barHeight, barTop, framesBetween, type LaneFrame } from "./lane-frames.ts";
import { MOST_LEVELS } from "./lane-levels.ts";
import { endIn, type LaneScene, xIn } from "./lane-scene.ts";

/** How much of a scene is painted, and what is brought out in it. */
export interface LanePicture {
  readonly scene: LaneScene;
  /** The part in view. */
  readonly top: number;
  readonly height: number;
  /** By row, 1 for what was found; undefined while nothing is looked for. */
  readonly found: Uint8Array | undefined;
  readonly showsPath: boolean;
  /** Undefined while bars have the colours of what they are. */
  readonly heat: Heat | undefined;
}

const TOKENS = [
  ...(["agent", "llm", "tool", "data", "flow", "plain", "error"] as const),
  ...(["text", "surface", "line"] as const),
  ...(["heat-0", "heat-1", "heat-2", "heat-3", "heat-4", "heat-5"] as const),
];
type Colors = Record<(typeof TOKENS)[number], string>;

const PATH_COLOR: Readonly<Record<TimeKind, keyof Colors>> = {
  self: "agent",
  model: "llm",
  tool: "tool",
  waiting: "plain",
  queue: "flow",
  idle: "plain",
};
const PATH_DASH: Readonly<Partial<Record<TimeKind, readonly number[]>>> = { queue: [4, 3], idle: [2, 4] };
const FONT = "11px system-ui, sans-serif";
const TICKS = 5;
const FADED = 0.25;
/** Narrower bars have no room for a name. */
const NAMED_FROM_PX = 48;
const TEXT_PAD_PX = 5;
const PATH_PX = 3;
const DENSE_PX = 6;
const DENSE_ALPHA = 0.06;
const PATH_GAP_PX = 2;
const PAINTED = "paint-lanes";

/** Fits the canvas to its room and draws the part of the lanes that is in view. Takes about 2 ms for 50,000 spans. */
export function paintLanes(canvas: HTMLCanvasElement, picture: LanePicture): void {
  const begunAt = performance.now();
  const { scene, top, height } = picture;
  const ratio = devicePixelRatio;
  canvas.width = Math.round(scene.width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext("2d");
  if (context === null || scene.width === 0) return;
  context.scale(ratio, ratio);
  const colors = tokenColors(canvas, TOKENS);
  context.fillStyle = colors.line;
  for (const tick of ticksOf(scene.window, TICKS))
    context.fillRect(Math.round(xIn(scene, tick)), 0, 1, height);
  context.translate(0, -top);
  for (const frame of framesBetween(scene.all, top, top + height)) {
    context.fillStyle = colors.line;
    context.fillRect(0, frame.top + frame.height - 1, scene.width, 1);
    paintLane(context, picture, frame, colors);
  }
  if (picture.showsPath) paintPath(context, scene, colors);
  // Shown in the browser's profiles; kept once, so that they do not add up.
  performance.clearMeasures(PAINTED);
  performance.measure(PAINTED, { start: begunAt });
}

function paintLane(
  context: CanvasRenderingContext2D,
  { scene, found, heat }: LanePicture,
  frame: LaneFrame,
  colors: Colors,
): void {
  const { analysed, levels, width } = scene;
  const { trace, analysis } = analysed;
  /** By line: the last pixel that is full. What begins and ends there as well would not be seen. */
  const full = new Int32Array(8).fill(-1);
  const height = barHeight(frame);
  context.font = FONT;
  context.textBaseline = "middle";
  for (let at = levels.laneStart[frame.lane]!; at < levels.laneStart[frame.lane + 1]!; at++) {
    const row = levels.rows[at]!;
    const from = xIn(scene, analysis.clock.start[row]!);
    if (from > width) break;
    const to = xIn(scene, endIn(scene, row));
    if (to < 0) continue;
    const level = frame.isClosed ? 0 : levels.levelOf[row]!;
    const isError = trace.status[row] === 2;
    const isFaded = found !== undefined && found[row] !== 1;
    const left = Math.max(-4, from);
    const length = Math.max(1.5, Math.min(width + 4, to) - left);
    const pixel = Math.floor(left + length);
    if (pixel === full[level] && !isError && !(found !== undefined && !isFaded)) continue;
    full[level] = pixel;
    const top = barTop(frame, levels.levelOf[row]!);
    const isOrigin = isError && analysis.rollUps.errors[row] === 1;
    context.globalAlpha = isFaded ? FADED : isRunning(trace, row) ? 0.6 : 1;
    const amount = heat?.amounts[row] ?? 0;
    context.fillStyle =
      heat !== undefined
        ? colors[`heat-${heatStep(heat, amount)}` as keyof Colors]
        : isOrigin
          ? colors.error
          : colors[lookOfSpan(trace, row).color];
    if (length > 6 && !frame.isClosed) {
      context.beginPath();
      context.roundRect(left, top, length, height, 3);
      context.fill();
    } else context.fillRect(left, top, length, height);
    if (isError && (!isOrigin || heat !== undefined)) {
      context.fillStyle = colors.error;
      context.fillRect(left, top + height - 3, length, 3);
    }
    context.globalAlpha = 1;
    if (length < NAMED_FROM_PX || frame.isClosed) continue;
    const shownLeft = Math.max(0, left) + TEXT_PAD_PX;
    const room = Math.min(width, left + length) - shownLeft - TEXT_PAD_PX;
    context.fillStyle = isFaded ? colors.text : colors.surface;
    const name = textOf(trace, "name", row);
    const text = heat === undefined || amount <= 0 ? name : `${heatText(heat.name, amount)} ${name}`;
    context.fillText(fittingText(context, text, room), shownLeft, top + height / 2 + 0.5);
  }
}

/**
 * Along the lower edge of the bars whose time it is, and over to the next lane where it goes on. All of a kind is one
 * stroke, and what would be drawn over what is there already is left out: a path may have as many parts as there are
 * spans.
 */
function paintPath(context: CanvasRenderingContext2D, scene: LaneScene, colors: Colors): void {
  const { criticalPath, lanes } = scene.analysed.analysis;
  const lines = TIME_KINDS.map(() => new Path2D());
  const halo = new Path2D();
  const across = new Path2D();
  const heights = pathHeights(scene);
  /** By line of a lane: how far it is drawn. */
  const drawnTo = new Float64Array(heights.length).fill(Number.NEGATIVE_INFINITY);
  /** By pixel: the heights between which something is drawn across lanes. */
  const least = new Float64Array(Math.ceil(scene.width) + 1).fill(Number.POSITIVE_INFINITY);
  const most = new Float64Array(least.length).fill(Number.NEGATIVE_INFINITY);
  let crossings = 0;
  let lastY = Number.NaN;
  for (let at = 0; at < criticalPath.count; at++) {
    const row = criticalPath.span[at]!;
    if (row < 0) continue;
    const line = lanes.laneOf[row]! * MOST_LEVELS + scene.levels.levelOf[row]!;
    const y = heights[line]!;
    if (Number.isNaN(y)) continue;
    const from = Math.max(0, xIn(scene, criticalPath.fromUs[at]!));
    const to = Math.min(scene.width, xIn(scene, criticalPath.toUs[at]!));
    if (to >= from) {
      const pixel = Math.floor(from);
      const [upper, lower] = [Math.min(y, lastY), Math.max(y, lastY)];
      if (upper !== lower && (upper < least[pixel]! || lower > most[pixel]!)) {
        across.moveTo(from, lastY);
        across.lineTo(from, y);
        least[pixel] = Math.min(least[pixel]!, upper);
        most[pixel] = Math.max(most[pixel]!, lower);
        crossings++;
      }
      if (to > drawnTo[line]!) {
        const end = Math.max(to, from + 1);
        drawnTo[line] = end;
        for (const path of [halo, lines[criticalPath.kind[at]!]!]) {
          path.moveTo(from, y);
          path.lineTo(end, y);
        }
      }
    }
    lastY = y;
  }
  // So close together, they would hide what they connect.
  context.globalAlpha = crossings * DENSE_PX > scene.width ? DENSE_ALPHA : 1;
  stroke(context, across, 1, colors.text);
  context.globalAlpha = 1;
  stroke(context, halo, PATH_PX + 2, colors.surface);
  for (const [at, kind] of TIME_KINDS.entries()) {
    stroke(context, lines[at]!, PATH_PX, colors[PATH_COLOR[kind]], PATH_DASH[kind]);
  }
}

/** Where the path goes along each line of each lane; NaN where the lane is not shown. */
function pathHeights({ all, analysed }: LaneScene): Float64Array {
  const heights = new Float64Array(analysed.analysis.lanes.lanes.length * MOST_LEVELS).fill(Number.NaN);
  for (const frame of all.frames) {
    for (let level = 0; level < MOST_LEVELS; level++) {
      heights[frame.lane * MOST_LEVELS + level] =
        barTop(frame, level) + barHeight(frame) + PATH_GAP_PX + PATH_PX / 2;
    }
  }
  return heights;
}

function stroke(
  context: CanvasRenderingContext2D,
  path: Path2D,
  width: number,
  color: string,
  dash: readonly number[] = [],
): void {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.setLineDash([...dash]);
  context.stroke(path);
}
