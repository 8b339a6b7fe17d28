import { inZone, timeZone } from "../format/time-zone.ts";

/** A mark of an axis. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TIME_STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14, 28, 91, 364].map((count) => count * DAY),
];

const withSeconds = inZone({ timeStyle: "medium", hourCycle: "h23" });
const withMinutes = inZone({ timeStyle: "short", hourCycle: "h23" });
const withDay = inZone({ day: "numeric", month: "short" });

/** Moments between two, at most so many, round in the zone that times are shown in; days where a step is one. */
export function timeTicks(fromMs: number, toMs: number, most: number): Tick[] {
  const length = toMs - fromMs;
  if (!(length > 0) || most < 1) return [];
  const step = TIME_STEPS.find((one) => length / one <= most) ?? Math.ceil(length / most / DAY) * DAY;
  const offset = timeZone() === "UTC" ? 0 : new Date(fromMs).getTimezoneOffset() * MINUTE;
  const format = step >= DAY ? withDay : step >= MINUTE ? withMinutes : withSeconds;
  const ticks: Tick[] = [];
  for (let at = Math.ceil((fromMs - offset) / step) * step + offset; at <= toMs; at += step)
    ticks.push({ value: at, label: format().format(at) });
  return ticks;
}

/** Round numbers from the least to the most and beyond both, some `count` of them; 0 is one where it lies between. */
export function valueTicks(least: number, most: number, count: number): number[] {
  const [low, high] =
    least === most ? [Math.min(0, least), Math.max(0, most, least === 0 ? 1 : 0)] : [least, most];
  const rough = (high - low) / Math.max(1, count);
  if (!(rough > 0) || !Number.isFinite(rough)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((one) => one * power >= rough * 0.999) ?? 10) * power;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}
