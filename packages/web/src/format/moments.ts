import { inZone, timeZone } from "./time-zone.ts";

const time = inZone({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const day = inZone({ day: "numeric", month: "short" });
const whole = inZone({ dateStyle: "medium", timeStyle: "long", hourCycle: "h23" });

const DAY_MS = 86_400_000;

/** Time of day, with the day in front where that is not today. */
export function moment(ms: number, nowMs: number): string {
  const clock = time().format(ms);
  return dayOf(ms) === dayOf(nowMs) ? clock : `${day().format(ms)}, ${clock}`;
}

/** Date, time and zone. */
export function fullMoment(ms: number): string {
  return whole().format(ms);
}

/** How long ago, in one unit; empty for what is further away than a month. */
export function ago(ms: number, nowMs: number): string {
  const past = nowMs - ms;
  if (past < 1000) return "now";
  if (past < 60_000) return `${Math.floor(past / 1000)}s ago`;
  if (past < 3_600_000) return `${Math.floor(past / 60_000)}m ago`;
  if (past < DAY_MS) return `${Math.floor(past / 3_600_000)}h ago`;
  return past < 31 * DAY_MS ? `${Math.floor(past / DAY_MS)}d ago` : "";
}

function dayOf(ms: number): string {
  const at = new Date(ms);
  return timeZone() === "UTC" ? at.toISOString().slice(0, 10) : at.toDateString();
}
