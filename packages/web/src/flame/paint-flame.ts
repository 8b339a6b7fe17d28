import { fittingText } from "../trace/fitting-text.ts";
import type { SpanLook } from "../trace/span-look.ts";
import { ticksOf } from "../trace/trace-time.ts";
import { tokenColors } from "../trace/use-canvas.ts";
import { type FlameSheet, firstReaching } from "./flame-sheet.ts";

export const LEVEL_PX = 20;
export const BAR_PX = 18;
/** Above the first level. */
export const TOP_PX = 4;

/** What is told of bars. */
export interface FlameFacts {
  readonly label: (bar: number) => string;
  readonly color: (bar: number) => SpanLook["color"];
  readonly isRunning: (bar: number) => boolean;
  /** Share of it that failed, 0 to 1. */
  readonly failed: (bar: number) => number;
  /** An error began in it. */
  readonly isOrigin: (bar: number) => boolean;
  /** By bar, 1 for what was found; undefined while nothing is looked for. */
  readonly found: Uint8Array | undefined;
}

/** How much of a sheet is painted, and what of it. */
export interface FlamePicture {
  readonly sheet: FlameSheet;
  readonly facts: FlameFacts;
  /** The part from left to right in view. */
  readonly from: number;
  readonly to: number;
  readonly width: number;
  /** Pixels above the part in view. */
  readonly top: number;
  readonly height: number;
}

const TOKENS = [
  ...(["agent", "llm", "tool", "data", "flow", "plain", "error"] as const),
  ...(["text", "surface", "line"] as const),
];
type Colors = Record<(typeof TOKENS)[number], string>;

const FONT = "11px system-ui, sans-serif";
const TICKS = 5;
const FADED = 0.25;
const RUNNING = 0.6;
/** Narrower bars have no room for a name. */
const NAMED_FROM_PX = 30;
const ROUND_FROM_PX = 6;
const TEXT_PAD_PX = 5;
const GAP_PX = 1;
const STRIP_PX = 3;

export function xIn({ from, to, width }: Pick<FlamePicture, "from" | "to" | "width">, at: number): number {
  return ((at - from) / (to - from)) * width;
}

export function levelAt(y: number): number {
  return Math.floor((y - TOP_PX) / LEVEL_PX);
}

/** Fits the canvas to its room and draws the levels in view. What would be hidden by a bar of the same pixel is not drawn. */
export function paintFlame(canvas: HTMLCanvasElement, picture: FlamePicture): void {
  const { sheet, width, top, height } = picture;
  const ratio = devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext("2d");
  if (context === null || width === 0) return;
  context.scale(ratio, ratio);
  const colors = tokenColors(canvas, TOKENS);
  context.fillStyle = colors.line;
  for (const tick of ticksOf(picture, TICKS)) context.fillRect(Math.round(xIn(picture, tick)), 0, 1, height);
  context.translate(0, TOP_PX - top);
  context.font = FONT;
  context.textBaseline = "middle";
  const last = Math.min(sheet.levels - 1, levelAt(top + height));
  for (let level = Math.max(0, levelAt(top)); level <= last; level++)
    paintLevel(context, picture, level, colors);
}

function paintLevel(
  context: CanvasRenderingContext2D,
  picture: FlamePicture,
  level: number,
  colors: Colors,
): void {
  const { sheet, facts, width } = picture;
  const { found } = facts;
  const y = level * LEVEL_PX;
  /** The last pixel that has a bar, one that failed, one that was found: more of that would not be seen. */
  let [full, failing, fitting] = [-1, -1, -1];
  for (let at = firstReaching(sheet, level, picture.from); at < sheet.levelStart[level + 1]!; at++) {
    const bar = sheet.bars[at]!;
    const begin = xIn(picture, sheet.from[bar]!);
    if (begin > width) break;
    const left = Math.max(-4, begin);
    const right = Math.min(width + 4, xIn(picture, sheet.to[bar]!));
    // Between neighbours that adjoin, a line stays free.
    const length = right - left > 4 ? right - left - GAP_PX : Math.max(1, right - left);
    const pixel = Math.floor(left + length);
    const failed = facts.failed(bar);
    const isFaded = found !== undefined && found[bar] !== 1;
    const isSeen = pixel !== full || (failed > 0 && pixel !== failing) || (!isFaded && pixel !== fitting);
    if (!isSeen) continue;
    full = pixel;
    if (failed > 0) failing = pixel;
    if (!isFaded) fitting = pixel;
    const isOrigin = facts.isOrigin(bar);
    context.globalAlpha = isFaded ? FADED : facts.isRunning(bar) ? RUNNING : 1;
    context.fillStyle = isOrigin ? colors.error : colors[facts.color(bar)];
    if (length > ROUND_FROM_PX) {
      context.beginPath();
      context.roundRect(left, y, length, BAR_PX, 3);
      context.fill();
    } else context.fillRect(left, y, length, BAR_PX);
    if (failed > 0 && !isOrigin) {
      context.fillStyle = colors.error;
      context.fillRect(left, y + BAR_PX - STRIP_PX, Math.max(Math.min(2, length), length * failed), STRIP_PX);
    }
    context.globalAlpha = 1;
    if (length < NAMED_FROM_PX) continue;
    const textLeft = Math.max(0, left) + TEXT_PAD_PX;
    const room = Math.min(width, left + length) - textLeft - TEXT_PAD_PX;
    context.fillStyle = isFaded ? colors.text : colors.surface;
    context.fillText(fittingText(context, facts.label(bar), room), textLeft, y + BAR_PX / 2 + 0.5);
  }
}
