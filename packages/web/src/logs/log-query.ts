import type { LogListRequest } from "@clew/protocol/api/requests";

/** Conditions that the page's address may have beside a filter and a time; the names are those of the API. */
const CONDITIONS = {
  text: "Words",
  service: "Service",
  trace: "Trace",
  span: "Span",
  session: "Session",
  conversation: "Conversation",
  task: "Task",
  testCase: "Test case",
  testRun: "Test run",
  user: "User",
} as const;

export type LogConditionName = keyof typeof CONDITIONS;

export const LOG_CONDITION_NAMES = Object.keys(CONDITIONS) as readonly LogConditionName[];

/** There is one of these; of the others any of the values may hold. */
const SINGLE = new Set<LogConditionName>(["text", "trace", "span"]);
const LEVELS = ["debug", "info", "warn", "error"] as const;

export type LeastSeverity = (typeof LEVELS)[number];

export interface LogCondition {
  readonly name: LogConditionName;
  readonly label: string;
  readonly value: string;
}

/** What the page's address asks for; what it cannot mean is as if it were not there. */
export interface LogsPlace {
  /** The filter as it was written; empty for none. */
  readonly filter: string;
  /** Only what is at least so severe. */
  readonly level: LeastSeverity | undefined;
  readonly conditions: readonly LogCondition[];
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** A span of the trace: what happened around it is shown. */
  readonly around: string | undefined;
  /** How long before and after it. */
  readonly margin: string | undefined;
}

export function logsPlaceOf(query: URLSearchParams): LogsPlace {
  const level = LEVELS.find((one) => one === query.get("level"));
  const since = query.get("since");
  const hasTrace = query.get("trace") ? query.get("around") : null;
  return {
    filter: query.get("q")?.trim() ?? "",
    level,
    conditions: LOG_CONDITION_NAMES.flatMap((name) =>
      (SINGLE.has(name) ? query.getAll(name).slice(0, 1) : [...new Set(query.getAll(name))])
        .filter((value) => value !== "")
        .map((value) => ({ name, value, label: CONDITIONS[name] })),
    ),
    from: query.get("from") || (since ? `now-${since}` : undefined),
    to: query.get("to") || undefined,
    around: hasTrace || undefined,
    margin: query.get("margin") || undefined,
  };
}

/** What the API is asked for. */
export function requestOf(place: LogsPlace): LogListRequest {
  const { filter, level, conditions, from, to, around, margin } = place;
  const given: Record<string, string | string[]> = {};
  for (const { name, value } of conditions) {
    if (SINGLE.has(name)) given[name] = value;
    else ((given[name] ??= []) as string[]).push(value);
  }
  const q = withLevel(filter, level);
  return {
    ...given,
    ...(q !== "" && { q }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(around !== undefined && { around }),
    ...(around !== undefined && margin !== undefined && { before: margin, after: margin }),
  };
}

/** A filter is one pair of braces, so that one more condition goes into them. */
function withLevel(filter: string, level: LeastSeverity | undefined): string {
  if (level === undefined) return filter;
  const inner = /^\{(.*)\}$/s.exec(filter)?.[1]?.trim() ?? "";
  if (inner === "") return filter === "" || /^\{\s*\}$/.test(filter) ? `{ severity >= ${level} }` : filter;
  return `{ severity >= ${level} && (${inner}) }`;
}

/** The address with these; `undefined` and empty text remove one. */
export function logsWith(
  query: URLSearchParams,
  changes: Readonly<Record<string, string | undefined>>,
): string {
  const next = new URLSearchParams(query);
  next.delete("log");
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === "") next.delete(name);
    else next.set(name, value);
  }
  return addressOf(next);
}

/** The address with these conditions too; of those of which there is only one the new one counts. */
export function logsWithConditions(
  query: URLSearchParams,
  added: readonly (readonly [LogConditionName, string])[],
): string {
  const next = new URLSearchParams(query);
  next.delete("log");
  for (const [name, value] of added) {
    if (SINGLE.has(name)) next.set(name, value);
    else if (!next.has(name, value)) next.append(name, value);
  }
  return addressOf(next);
}

export function logsWithout(
  query: URLSearchParams,
  { name, value }: Pick<LogCondition, "name" | "value">,
): string {
  const next = new URLSearchParams(query);
  next.delete(name, value);
  // A span is one of the trace.
  if (name === "trace") for (const other of ["around", "margin"]) next.delete(other);
  return addressOf(next);
}

function addressOf(query: URLSearchParams): string {
  const text = query.toString();
  return text === "" ? "/logs" : `/logs?${text}`;
}

const TRACE_ID = /^[0-9a-f]{32}$/i;

/** What somebody typed that is no filter: a trace's id, `name:value` conditions, and words. */
export function readLogWords(typed: string): readonly (readonly [LogConditionName, string])[] {
  const text = typed.trim();
  if (TRACE_ID.test(text)) return [["trace", text.toLowerCase()]];
  const conditions: [LogConditionName, string][] = [];
  const words: string[] = [];
  for (const [token] of text.matchAll(/(?:[^\s":]+:)?"[^"]*"|\S+/g)) {
    const colon = token.indexOf(":");
    const name = nameOf(token.slice(0, Math.max(colon, 0)));
    const value = unquoted(token.slice(colon + 1));
    if (name !== undefined && value !== "") conditions.push([name, value]);
    else words.push(unquoted(token));
  }
  if (words.length > 0) conditions.push(["text", words.join(" ")]);
  return conditions;
}

function nameOf(typed: string): LogConditionName | undefined {
  const plain = typed.replace(/[-_]/g, "").toLowerCase();
  return LOG_CONDITION_NAMES.find((name) => name.toLowerCase() === plain);
}

function unquoted(text: string): string {
  return text.replace(/^"(.*)"$/, "$1");
}
