import type { FieldValue } from "@clew/protocol/api/client";
import type { LogItem } from "@clew/protocol/api/logs";
import { completeLogFilter } from "@clew/protocol/log-query/complete-log-filter";
import type { LogField } from "@clew/protocol/log-query/log-field";
import { parseLogFilter } from "@clew/protocol/log-query/parse-log-filter";
import { printName } from "@clew/protocol/traceql/attribute-name";
import { quote } from "@clew/protocol/traceql/string-text";
import { TraceQlError } from "@clew/protocol/traceql/traceql-error";
import { shortText } from "../search/attribute-text.ts";
import type { QueryChoice } from "../search/query-box.tsx";
import type { QueryFault } from "../search/read-query.ts";

/** What is known of stored records without asking for it. */
export interface KnownLogs {
  /** Records that are shown. */
  readonly items: readonly LogItem[];
  /** Names of attributes of resources. */
  readonly resourceNames: readonly string[];
  /** Values of the field of a resource that `wantedOf` names. */
  readonly resourceValues: readonly FieldValue[];
}

const MOST = 60;
/** Behind these goes more of the same word. */
const OPEN_END = /(?:\.|\s)$/;

/** Whether a text is meant as a filter, right or wrong, and not as words to look for. */
export function isLogFilter(text: string): boolean {
  return /^\s*[{(]/.test(text);
}

/** What is wrong with a filter; undefined for one that can be asked. */
export function faultOfLogFilter(text: string): QueryFault | undefined {
  try {
    parseLogFilter(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof TraceQlError)) throw error;
    const { message, offset, length, suggestion } = error;
    return { message, offset, length, suggestion };
  }
}

/** The field of a resource whose values may stand at the cursor, as TraceQL writes it. */
export function wantedOf(text: string, cursor: number): string | undefined {
  const { wanted } = completeLogFilter(text, cursor);
  if (wanted?.kind !== "values" || wanted.field.kind !== "attribute" || wanted.field.scope !== "resource") {
    return undefined;
  }
  return `resource.${printName(wanted.field.name, false)}`;
}

/** What may stand at the cursor of a filter, the best first. */
export function logProposals(text: string, cursor: number, known: KnownLogs): readonly QueryChoice[] {
  const completion = completeLogFilter(text, cursor);
  const { items, wanted } = completion;
  const own = items.map(({ text: label, about }) => ({ label, hint: about }));
  const asked =
    wanted === undefined
      ? []
      : wanted.kind === "keys"
        ? keysOf(wanted.scope, wanted.prefix, known)
        : valuesOf(wanted.field, wanted.prefix, known);
  const all = wanted?.kind === "values" ? [...asked, ...own] : [...own, ...asked];
  const different = new Map(all.map((one) => [one.label, one]));
  return [...different.values()].slice(0, MOST).map(({ label, hint }) => {
    const before = text.slice(0, completion.start);
    const after = text.slice(completion.end);
    const gap = /[\w"`})]$/.test(before) ? " " : "";
    const behind = OPEN_END.test(label) || /^\s/.test(after) ? "" : " ";
    const written = `${before}${gap}${label}${behind}`;
    return { label: label.trim(), hint, text: written + after, cursor: written.length };
  });
}

type Named = Pick<QueryChoice, "label" | "hint">;

function keysOf(scope: string, typed: string, { items, resourceNames }: KnownLogs): readonly Named[] {
  const prefix = typed.toLowerCase();
  const fits = (name: string): boolean => name.toLowerCase().includes(prefix);
  const own = new Set(items.flatMap(({ attributes }) => attributes.map(({ key = "" }) => key)));
  const ofRecords = scope === "resource" || scope === "instrumentation" ? [] : [...own].filter(fits);
  const ofResources = scope === "resource" || scope === "any" ? resourceNames.filter(fits) : [];
  return [
    ...ofRecords.map((name) => ({ label: `log.${printName(name, false)}`, hint: "attribute of the record" })),
    ...ofResources.map((name) => ({
      label: `resource.${printName(name, false)}`,
      hint: "attribute of the resource",
    })),
  ];
}

function valuesOf(field: LogField, typed: string, { items, resourceValues }: KnownLogs): readonly Named[] {
  const prefix = typed.toLowerCase();
  const shown = items.flatMap((item) => textsOf(field, item));
  const known = field.kind === "attribute" && field.scope === "resource" ? resourceValues : [];
  const labels = [
    ...known.map(({ type, value }) => (type === "string" ? quote(value) : value)),
    ...shown,
  ].filter((label) => label.toLowerCase().includes(prefix));
  return [...new Set(labels)].map((label) => ({ label, hint: "" }));
}

/** The values of a field that a record has, as a filter writes them. */
function textsOf(field: LogField, item: LogItem): readonly string[] {
  if (field.kind === "attribute") {
    if (field.scope === "resource" || field.scope === "instrumentation") return [];
    return item.attributes
      .filter(({ key }) => key === field.name)
      .flatMap(({ key, value = {} }) => {
        if (value.stringValue !== undefined) return [quote(value.stringValue)];
        const isPlain = value.intValue ?? value.doubleValue ?? value.boolValue;
        return isPlain === undefined ? [] : [shortText({ ...(key && { key }), value })];
      });
  }
  const texts: Readonly<Record<string, string | undefined>> = {
    "log:severityText": item.severityText,
    "log:eventName": item.eventName,
    "log:traceId": item.traceId,
    "log:spanId": item.spanId,
    "instrumentation:name": item.scope,
    "agent:session": item.session?.id,
    "agent:conversation": item.conversation?.id,
    "agent:task": item.task?.id,
    "agent:test_case": item.test?.case?.id,
    "agent:test_run": item.test?.run?.id,
    "agent:user": item.user?.id,
  };
  const text = texts[field.name];
  return text ? [quote(text)] : [];
}
