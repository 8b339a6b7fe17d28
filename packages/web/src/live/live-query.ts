import type { TraceFilter } from "@clew/protocol/api/requests";
import { isTraceQl } from "../search/is-traceql.ts";
import { type Condition, conditionsOf, filterOf, readSearch } from "../traces/trace-filter.ts";

/** What is watched: traces for which conditions hold, or those that a TraceQL query matches. */
export interface LiveQuery {
  /** As it stands in the address. */
  readonly text: string;
  /** Empty where there is none. */
  readonly traceQl: string;
  readonly conditions: readonly Condition[];
  readonly filter: TraceFilter;
}

export function readLiveQuery(query: URLSearchParams): LiveQuery {
  const text = query.get("q")?.trim() ?? "";
  if (isTraceQl(text)) return { text, traceQl: text, conditions: [], filter: {} };
  const named = new URLSearchParams(readSearch(text).conditions.map(([name, value]) => [name, value]));
  return { text, traceQl: "", conditions: conditionsOf(named), filter: filterOf(named) };
}

/** The text with what was typed added to its conditions; TraceQL takes their place. */
export function withTyped(live: LiveQuery, typed: string, chosen?: readonly [string, string]): string {
  if (isTraceQl(typed)) return typed.trim();
  const parts = live.traceQl === "" ? [live.text] : [];
  parts.push(typed.trim());
  if (chosen !== undefined) parts.push(written(chosen));
  return parts.filter((part) => part !== "").join(" ");
}

/** The text without one of its conditions. */
export function withoutOne(live: LiveQuery, gone: Condition): string {
  return live.conditions
    .filter(({ name, value }) => name !== gone.name || value !== gone.value)
    .map(({ name, value }) => written([name, value]))
    .join(" ");
}

function written([name, value]: readonly [string, string]): string {
  const text = /[\s"]/.test(value) ? `"${value.replaceAll('"', "")}"` : value;
  return name === "text" ? text : `${name}:${text}`;
}
