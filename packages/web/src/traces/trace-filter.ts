import { queryString, type TraceFilter } from "@clew/protocol/api/requests";

/** A condition of the list that has values of its own; the names are those of the API. */
export interface FilterField {
  readonly name: FilterName;
  readonly label: string;
  readonly hint: string;
}

export type FilterName = keyof typeof FIELDS;

const FIELDS = {
  text: ["Text", "words in prompts, answers and tool payloads"],
  name: ["Span name", "part of a span's name"],
  agent: ["Agent", "name of an agent"],
  service: ["Service", "service.name of the resource"],
  model: ["Model", "the model that answered"],
  tool: ["Tool", "a tool that was called"],
  session: ["Session", "session.id"],
  conversation: ["Conversation", "gen_ai.conversation.id"],
  task: ["Task", "task.id"],
  testCase: ["Test case", "test.case.id"],
  testRun: ["Test run", "test.suite.run.id"],
  user: ["User", "user.id"],
  status: ["Status", "error or ok"],
  minDuration: ["At least", "250ms, 2s, 1m"],
  maxDuration: ["At most", "250ms, 2s, 1m"],
  from: ["From", "now-1h, or 2026-11-21T09:00"],
  to: ["To", "now-1h, or 2026-11-21T09:00"],
} as const;

export const FILTER_FIELDS: readonly FilterField[] = Object.entries(FIELDS).map(([name, [label, hint]]) => ({
  name: name as FilterName,
  label,
  hint,
}));

/** What may be given more than once; any of the values may hold. */
const SEVERAL = new Set([
  "agent",
  "service",
  "model",
  "tool",
  "session",
  "conversation",
  "task",
  "testCase",
  "testRun",
  "user",
]);
const ATTRIBUTE = "attr.";

/** One condition as it is shown: `attr.KEY` for an attribute. */
export interface Condition {
  readonly name: string;
  readonly label: string;
  readonly value: string;
}

function isField(name: string): name is FilterName {
  return Object.hasOwn(FIELDS, name);
}

function isCondition(name: string): boolean {
  return isField(name) || (name.startsWith(ATTRIBUTE) && name.length > ATTRIBUTE.length);
}

/** The conditions in a page's address, in its order. */
export function conditionsOf(query: URLSearchParams): Condition[] {
  return [...query].flatMap(([name, value]) =>
    !isCondition(name) || value === ""
      ? []
      : [{ name, value, label: isField(name) ? FIELDS[name][0] : name.slice(ATTRIBUTE.length) }],
  );
}

/** What the API is asked for, for a page's address. */
export function filterOf(query: URLSearchParams): TraceFilter {
  const filter: Record<string, string | string[]> = {};
  const attributes: Record<string, string[]> = {};
  for (const { name, value } of conditionsOf(query)) {
    if (name.startsWith(ATTRIBUTE)) (attributes[name.slice(ATTRIBUTE.length)] ??= []).push(value);
    else if (SEVERAL.has(name)) ((filter[name] ??= []) as string[]).push(value);
    else filter[name] = value;
  }
  return { ...filter, ...(Object.keys(attributes).length > 0 && { attributes }) };
}

/** The address of the list with these added; a condition of which there is only one replaces its value. */
export function withConditions(
  query: URLSearchParams,
  added: readonly (readonly [string, string])[],
): string {
  const next = withoutPlaceInList(query);
  for (const [name, value] of added) {
    if (SEVERAL.has(name) || name.startsWith(ATTRIBUTE)) next.append(name, value);
    else next.set(name, value);
  }
  return listAddress(dedupe(next));
}

export function withoutCondition(
  query: URLSearchParams,
  { name, value }: Pick<Condition, "name" | "value">,
): string {
  const next = withoutPlaceInList(query);
  next.delete(name, value);
  return listAddress(next);
}

/** The TraceQL query in a page's address; empty when there is none. */
export function queryOf(query: URLSearchParams): string {
  return query.get("q")?.trim() ?? "";
}

/** The address of the list for a TraceQL query, empty for none; conditions stay. */
export function withTraceQl(query: URLSearchParams, text: string): string {
  const next = withoutPlaceInList(query);
  if (text.trim() === "") next.delete("q");
  else next.set("q", text.trim());
  return listAddress(next);
}

/** The parameters without the conditions that are not among these; those of time stay. */
export function withOnly(
  query: URLSearchParams,
  kept: readonly Pick<Condition, "name" | "value">[],
): URLSearchParams {
  return new URLSearchParams(
    [...query].filter(
      ([name, value]) =>
        !isCondition(name) ||
        name === "from" ||
        name === "to" ||
        kept.some((one) => one.name === name && one.value === value),
    ),
  );
}

/** The list of the traces for which one condition holds. */
export function tracesWith(name: FilterName, value: string): string {
  return `/traces${queryString({ [name]: value })}`;
}

/** Another filter has other pages. */
function withoutPlaceInList(query: URLSearchParams): URLSearchParams {
  const next = new URLSearchParams(query);
  next.delete("cursor");
  return next;
}

function dedupe(query: URLSearchParams): URLSearchParams {
  const seen = new Set<string>();
  return new URLSearchParams(
    [...query].filter(([name, value]) => {
      const entry = JSON.stringify([name, value]);
      return !seen.has(entry) && seen.add(entry);
    }),
  );
}

function listAddress(query: URLSearchParams): string {
  const text = query.toString();
  return text === "" ? "/traces" : `/traces?${text}`;
}

const TRACE_ID = /^[0-9a-f]{32}$/i;

/** What somebody typed into the search box: a trace's id, `field:value` conditions, and words to look for. */
export function readSearch(typed: string): {
  readonly traceId?: string;
  readonly conditions: readonly (readonly [string, string])[];
} {
  const text = typed.trim();
  if (TRACE_ID.test(text)) return { traceId: text.toLowerCase(), conditions: [] };
  const conditions: [string, string][] = [];
  const words: string[] = [];
  for (const [token] of text.matchAll(/(?:[^\s"]+:)?"[^"]*"|\S+/g)) {
    const colon = token.indexOf(":");
    const name = fieldNamed(token.slice(0, Math.max(colon, 0)));
    const value = unquoted(token.slice(colon + 1));
    if (name !== undefined && value !== "") conditions.push([name, value]);
    else words.push(unquoted(token));
  }
  if (words.length > 0) conditions.push(["text", words.join(" ")]);
  return { conditions };
}

/** Field names in any case of letters, `test-case` and `test_case` too; other names with a dot are attributes. */
function fieldNamed(typed: string): string | undefined {
  const plain = typed.replace(/[-_]/g, "").toLowerCase();
  const field = FILTER_FIELDS.find(({ name }) => name.toLowerCase() === plain);
  if (field !== undefined) return field.name;
  if (typed.startsWith(ATTRIBUTE) && typed.length > ATTRIBUTE.length) return typed;
  return /^[\w-]+(\.[\w-]+)+$/.test(typed) ? ATTRIBUTE + typed : undefined;
}

function unquoted(text: string): string {
  return text.replace(/^"(.*)"$/, "$1");
}
