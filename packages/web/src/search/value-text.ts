import { cost, duration } from "../format/quantities.ts";
import type { SeriesUnit } from "./series-unit.ts";

const numbers = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 4 });
const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 3 });

/** A value of a series; a dash for none. */
export function valueText(value: number | null, unit: SeriesUnit): string {
  if (value === null) return "–";
  if (unit === "seconds") return value === 0 ? "0 s" : duration(value * 1000);
  if (unit === "usd") return value > 0 ? cost(value) : value === 0 ? "$0" : `−${cost(-value)}`;
  return Math.abs(value) >= 10_000 ? compact.format(value) : numbers.format(value);
}
