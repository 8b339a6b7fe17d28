import { type Condition, conditionsOf } from "../traces/trace-filter.ts";
import { GROUPINGS, type Grouping } from "./charts.ts";

/** What the page's address asks for; what it cannot mean is as if it were not there. */
export interface MetricsPlace {
  readonly by: Grouping;
  readonly from: string;
  /** Undefined for now. */
  readonly to: string | undefined;
  /** A filter of spans as it was written; empty for none. */
  readonly filter: string;
  readonly conditions: readonly Condition[];
}

export const DEFAULT_BY: Grouping = "service";
export const DEFAULT_FROM = "now-1h";

export function metricsPlaceOf(query: URLSearchParams): MetricsPlace {
  const since = query.get("since");
  return {
    by: GROUPINGS.find((one) => one === query.get("by")) ?? DEFAULT_BY,
    from: query.get("from") || (since ? `now-${since}` : DEFAULT_FROM),
    to: query.get("to") || undefined,
    filter: query.get("q")?.trim() ?? "",
    conditions: conditionsOf(query).filter(({ name }) => name !== "from" && name !== "to"),
  };
}

/** The address with these; `undefined` and empty text remove one. */
export function metricsWith(
  query: URLSearchParams,
  changes: Readonly<Record<string, string | undefined>>,
): string {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === "") next.delete(name);
    else next.set(name, value);
  }
  return addressOf(next);
}

export function metricsWithConditions(
  query: URLSearchParams,
  added: readonly (readonly [string, string])[],
): string {
  const next = new URLSearchParams(query);
  for (const [name, value] of added) if (!next.has(name, value)) next.append(name, value);
  return addressOf(next);
}

export function metricsWithout(
  query: URLSearchParams,
  { name, value }: Pick<Condition, "name" | "value">,
): string {
  const next = new URLSearchParams(query);
  next.delete(name, value);
  return addressOf(next);
}

function addressOf(query: URLSearchParams): string {
  const text = query.toString();
  return text === "" ? "/metrics" : `/metrics?${text}`;
}

const UNITS_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** A moment of an address in Unix milliseconds; undefined for one that only the server can read. */
export function momentMs(text: string, nowMs: number): number | undefined {
  if (text === "now") return nowMs;
  const ago = /^now-(\d+)([smhdw])$/.exec(text);
  if (ago) return nowMs - Number(ago[1]) * UNITS_MS[ago[2]!]!;
  if (/^\d{10,15}$/.test(text)) return Number(text);
  const parsed = Date.parse(text);
  return Number.isNaN(parsed) ? undefined : parsed;
}
