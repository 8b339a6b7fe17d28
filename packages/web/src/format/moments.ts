const time = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const whole = new Intl.DateTimeFormat(undefined, {
  dateStyle: "medium",
  timeStyle: "long",
  hourCycle: "h23",
});

const DAY_MS = 86_400_000;

/** Time of day, with the day in front where that is not today. */
export function moment(ms: number, nowMs: number): string {
  const at = new Date(ms);
  const isToday = at.toDateString() === new Date(nowMs).toDateString();
  return isToday ? time.format(at) : `${day.format(at)}, ${time.format(at)}`;
}

/** Date, time and zone. */
export function fullMoment(ms: number): string {
  return whole.format(new Date(ms));
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
