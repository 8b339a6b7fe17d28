import { moment } from "../format/moments.ts";

const NAMES: Readonly<Record<string, string>> = {
  "now-15m": "Last 15 minutes",
  "now-1h": "Last hour",
  "now-24h": "Last 24 hours",
  "now-7d": "Last 7 days",
};

/** The usual stretches of time up to now, by how an address has them. */
export const SPANS_OF_TIME: readonly (readonly [from: string, name: string])[] = Object.entries(NAMES);

/** A moment of an address, which may be milliseconds. */
export function shownMoment(text: string, nowMs = Date.now()): string {
  return /^\d{12,15}$/.test(text) ? moment(Number(text), nowMs) : text;
}

/** The time that series are asked for, where the API's own choice is an hour. */
export function shownTime(from: string | undefined, to: string | undefined): string {
  const end = to === undefined ? undefined : shownMoment(to);
  if (from === undefined) return end === undefined ? "Last hour" : `The hour before ${end}`;
  if (end !== undefined) return `${shownMoment(from)} to ${end}`;
  return NAMES[from] ?? `From ${shownMoment(from)}`;
}
