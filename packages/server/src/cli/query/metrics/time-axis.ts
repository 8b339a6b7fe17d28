import { cellOf, type Raster } from "./raster.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14, 30, 90, 365].map((count) => count * DAY),
];
/** Cells between two ticks. */
const APART = 10;

interface Tick {
  readonly cell: number;
  readonly text: string;
}

/** An axis below cells of points of time, and below it local times; where `isKnown` says so the axis has a gap. */
export function timeAxis(
  timesMs: readonly number[],
  raster: Raster,
  unicode: boolean,
  isKnown: readonly boolean[] = [],
): [string, string] {
  const [line, mark] = unicode ? ["─", "┬"] : ["-", "+"];
  const axis = Array.from({ length: raster.width }, (_, cell) => (isKnown[cell] === false ? " " : line));
  let labels = "";
  for (const { cell, text } of ticksOf(timesMs, raster)) {
    const overlaps = labels !== "" && cell < labels.length + 2;
    if (overlaps || cell + text.length > raster.width) continue;
    if (axis[cell] === line) axis[cell] = mark;
    labels = labels.padEnd(cell) + text;
  }
  return [axis.join(""), labels];
}

/** From when to when the points are, at the ends of a line of that width. */
export function timeRange(timesMs: readonly number[], width: number): string {
  const ends = [timesMs[0] ?? 0, timesMs.at(-1) ?? 0];
  const isDays = ends[1]! - ends[0]! >= DAY;
  const [from = "", to = ""] = ends.map((ms) => (isDays ? `${date(ms)} ${clock(ms)}` : clock(ms)));
  return from.length + 2 + to.length > width ? from : from + to.padStart(width - from.length);
}

/** `20:01`, with seconds where they are not zero. */
export function clock(ms: number): string {
  const at = new Date(ms);
  const seconds = at.getSeconds() === 0 ? [] : [at.getSeconds()];
  return [at.getHours(), at.getMinutes(), ...seconds].map(two).join(":");
}

function date(ms: number): string {
  const at = new Date(ms);
  return `${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

function ticksOf(timesMs: readonly number[], raster: Raster): Tick[] {
  const first = timesMs[0] ?? 0;
  const whole = (timesMs.at(-1) ?? 0) - first;
  const atLeast = (whole * APART) / raster.width;
  const step = STEPS.find((one) => one >= atLeast) ?? STEPS.at(-1)!;
  const zone = new Date(first).getTimezoneOffset() * MINUTE;
  const ticks: Tick[] = [];
  let point = 0;
  for (let ms = Math.ceil((first - zone) / step) * step + zone; ms <= first + whole; ms += step) {
    while (timesMs[point]! < ms) point++;
    const isMidnight = new Date(ms).getHours() === 0 && new Date(ms).getMinutes() === 0;
    const text = step >= DAY || (isMidnight && step >= HOUR) ? date(ms) : clock(ms);
    ticks.push({ cell: cellOf(raster, point), text });
  }
  return ticks;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
