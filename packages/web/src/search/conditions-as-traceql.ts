import { keyText } from "@clew/protocol/traceql/completion/complete";
import { parse } from "@clew/protocol/traceql/parse";
import { quote } from "@clew/protocol/traceql/string-text";
import { TraceQlError } from "@clew/protocol/traceql/traceql-error";

/** A condition of the list of traces: its name in the API, and the value. */
export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

const NO_ERRORS = "({ status = error } | count()) = 0";
const ATTRIBUTE = "attr.";
const TEXT_FIELDS: Readonly<Record<string, string>> = {
  agent: "agent:name",
  service: "resource.service.name",
  model: "agent:model",
  tool: "agent:tool",
  session: "agent:session",
  conversation: "agent:conversation",
  task: "agent:task",
  testCase: "agent:test_case",
  testRun: "agent:test_run",
  user: "agent:user",
};

/** Conditions of a list as a query for the same traces. `left` are those that TraceQL has no words for. */
export function asTraceQl(conditions: readonly NamedValue[]): {
  readonly query: string;
  readonly left: readonly NamedValue[];
} {
  const { filters, hasNoErrors, left } = translate(conditions);
  const spans = filters.map((filter) => `{ ${filter} }`).join(" && ");
  if (hasNoErrors) return { query: spans === "" ? NO_ERRORS : `${NO_ERRORS} | ${spans}`, left };
  return { query: spans === "" ? "{ }" : spans, left };
}

/**
 * The query for those of the traces that conditions hold for too; which spans match stays as it is. The query must be
 * one for traces; of another, and where there is nothing to add, it is returned as it is.
 */
export function narrowed(text: string, conditions: readonly NamedValue[]): string {
  const { filters, hasNoErrors } = translate(conditions);
  const query = parse(text);
  if (query.kind !== "search") return text;
  const stages: string[] = hasNoErrors ? [NO_ERRORS] : [];
  if (filters.length > 0) {
    const [first] = query.pipeline.stages;
    // A filter asks the same of fewer spans; what relates spans has to see all of the trace.
    const own = first?.kind === "filter" ? text.slice(first.start, first.end) : "{ }";
    stages.push([own, ...filters.map((filter) => `{ ${filter} }`)].join(" && "));
  }
  return [...stages, text].join(" | ");
}

/** What has to hold for one span, so that all of the conditions do; empty for none. */
export function spanCondition(conditions: readonly NamedValue[]): {
  readonly condition: string;
  readonly left: readonly NamedValue[];
} {
  const { filters, hasNoErrors, left } = translate(conditions);
  const all = hasNoErrors ? [...filters, "status != error"] : filters;
  return { condition: all.map((one) => (all.length > 1 ? `(${one})` : one)).join(" && "), left };
}

const ROOTS = '{ span:parentID = "" }';

/**
 * Counts the traces of a list over time, by the status of their root spans. `text` is the query for traces that the list
 * answers, if there is one. Undefined where TraceQL cannot say the same.
 */
export function countsOverTime(text: string, conditions: readonly NamedValue[]): string | undefined {
  let roots = ROOTS;
  if (text !== "") {
    const query = parse(text);
    if (query.kind !== "search") return undefined;
    const { start, end } = query.pipeline;
    roots = `${ROOTS} && (${text.slice(start, end)}) | ${ROOTS}`;
  }
  const { left } = translate(conditions);
  if (left.length > 0 || !isQuery(roots)) return undefined;
  return `${narrowed(roots, conditions)} | count_over_time() by (status)`;
}

function translate(conditions: readonly NamedValue[]) {
  const values = new Map<string, string[]>();
  for (const { name, value } of conditions) values.set(name, [...(values.get(name) ?? []), value]);
  const filters: string[] = [];
  const left: NamedValue[] = [];
  let hasNoErrors = false;
  for (const [name, all] of values) {
    if (name === "from" || name === "to") continue;
    if (name === "status" && all.includes("ok")) {
      hasNoErrors = true;
      continue;
    }
    const ways = all.flatMap((value) => filterOf(name, value));
    const filter = ways.join(" || ");
    if (ways.length > 0 && isQuery(`{ ${filter} }`)) filters.push(filter);
    else left.push(...all.map((value) => ({ name, value })));
  }
  return { filters, hasNoErrors, left };
}

/** Any of which may hold. */
function filterOf(name: string, value: string): readonly string[] {
  const field = Object.hasOwn(TEXT_FIELDS, name) ? TEXT_FIELDS[name] : undefined;
  if (field !== undefined) return [`${field} = ${quote(value)}`];
  if (name.startsWith(ATTRIBUTE)) {
    const key = keyText(
      { kind: "keys", scope: "any", ofParent: false, prefix: "" },
      name.slice(ATTRIBUTE.length),
    );
    const isNumberToo = /^-?\d{1,18}(\.\d+)?$|^(true|false)$/.test(value);
    return [`${key} = ${quote(value)}`, ...(isNumberToo ? [`${key} = ${value}`] : [])];
  }
  switch (name) {
    case "name":
      return [`name =~ ${quote(`(?is).*${value.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&")}.*`)}`];
    case "status":
      return value === "error" ? ["status = error"] : [];
    case "minDuration":
      return [`trace:duration >= ${withUnit(value)}`];
    case "maxDuration":
      return [`trace:duration <= ${withUnit(value)}`];
    default:
      return [];
  }
}

/** The API counts in milliseconds where there is no unit. */
function withUnit(duration: string): string {
  const plain = duration.replaceAll(/\s/g, "");
  return /^[\d.]+$/.test(plain) ? `${plain}ms` : plain;
}

function isQuery(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch (error) {
    if (error instanceof TraceQlError) return false;
    throw error;
  }
}
