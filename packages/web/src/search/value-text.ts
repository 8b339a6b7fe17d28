import { bytes, cost, duration } from "../format/quantities.ts";
import type { SeriesUnit } from "./series-unit.ts";

const numbers = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 4 });
const percents = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });
const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 3 });

/** A value of a series; a dash for none. */
export function valueText(value: number | null, unit: SeriesUnit): string {
  if (value === null) return "–";
  if (unit === "seconds") return value === 0 ? "0 s" : duration(value * 1000);
  if (unit === "share") return `${percents.format(value * 100)} %`;
  if (unit === "rate") return rateText(value);
  if (unit === "bytes" && value >= 0) return bytes(Math.round(value));
  if (unit === "usd") return value > 0 ? cost(value) : value === 0 ? "$0" : `−${cost(-value)}`;
  return Math.abs(value) >= 10_000 ? compact.format(value) : numbers.format(value);
}

/** What happens less than once a second is told by the minute or the hour. */
function rateText(perSecond: number): string {
  if (perSecond === 0) return "0/s";
  if (perSecond >= 1) return `${short(perSecond)}/s`;
  if (perSecond * 60 >= 1) return `${short(perSecond * 60)}/min`;
  return `${short(perSecond * 3600)}/h`;
}

function short(value: number): string {
  return value >= 10_000 ? compact.format(value) : percents.format(value);
}
