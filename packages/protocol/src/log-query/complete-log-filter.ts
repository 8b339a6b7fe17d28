import type { CompletionItem } from "../traceql/completion/completion.ts";
import { ARITHMETIC, COMPARISONS, LOGICAL } from "../traceql/completion/completion-items.ts";
import { type CursorContext, contextOf } from "../traceql/completion/cursor-context.ts";
import { tokensBefore } from "../traceql/completion/tokens-before.ts";
import type { Token } from "../traceql/token.ts";
import { allows } from "../traceql/value-type.ts";
import {
  LOG_INTRINSIC_ENTRIES,
  LOG_SCOPES,
  type LogAttribute,
  type LogField,
  logFieldOf,
  logFieldType,
} from "./log-field.ts";
import { readLogToken } from "./read-log-token.ts";
import { SEVERITIES } from "./severity.ts";

/** What may stand at a place of a filter of log records. */
export interface LogCompletion {
  /** UTF-16 offsets between which a chosen text goes, in place of what stands there. */
  readonly start: number;
  readonly end: number;
  /** Only those that go with what is written already. */
  readonly items: readonly CompletionItem[];
  /** What could be offered as well, if the caller knows it: names of attributes, or values of a field. */
  readonly wanted:
    | { readonly kind: "keys"; readonly scope: LogAttribute["scope"]; readonly prefix: string }
    | { readonly kind: "values"; readonly field: LogField; readonly prefix: string }
    | undefined;
}

type Offer = Pick<LogCompletion, "items" | "wanted">;

const COMPARISON_SIGNS: readonly string[] = COMPARISONS.map(({ text }) => text);
const LOGICAL_SIGNS: readonly string[] = LOGICAL.map(({ text }) => text);
const FIELDS: readonly CompletionItem[] = [
  ...LOG_INTRINSIC_ENTRIES.map(
    ([name, info]): CompletionItem => ({
      text: "alias" in info ? info.alias : name,
      kind: "field",
      about: info.about,
    }),
  ),
  ...LOG_SCOPES.map(
    (scope): CompletionItem => ({
      text: `${scope}.`,
      kind: "scope",
      about: `attributes of the ${scope === "log" ? "record" : scope === "resource" ? "resource" : "library"}`,
    }),
  ),
];
const NAMES: readonly CompletionItem[] = SEVERITIES.map((text) => ({
  text,
  kind: "value",
  about: "severity",
}));
const NIL: CompletionItem = { text: "nil", kind: "value", about: "no value" };
const BEGIN: CompletionItem = { text: "{ ", kind: "bracket", about: "records for which a condition holds" };

/** What may stand at the cursor, given what stands before it. Never fails: what makes no sense has no completion. */
export function completeLogFilter(text: string, cursor: number): LogCompletion {
  const { tokens, partial, start, end } = tokensBefore(text, cursor, readLogToken);
  const context = contextOf(tokens);
  const { items, wanted } = offerOf(context, partial);
  return { start, end, items: items.filter((item) => fits(item, partial)), wanted };
}

function offerOf(context: CursorContext, partial: string): Offer {
  if (context.kind === "query") return only(context.tokens.length === 0 ? [BEGIN] : []);
  if (context.kind !== "filter" && context.kind !== "expression") return only();
  const { tokens } = context;
  const last = tokens.at(-1);
  if (last === undefined || (last.kind === "sign" && !context.closed.has(last))) {
    const compared = fieldOf(tokens.at(-2));
    if (compared !== undefined && last !== undefined && COMPARISON_SIGNS.includes(last.text))
      return values(compared, last.text, partial);
    return /^["`]/.test(partial) ? only() : fields(partial);
  }
  return behind(context, last);
}

/** Behind an operand. */
function behind({ tokens, close }: CursorContext, last: Token): Offer {
  const closing: readonly CompletionItem[] =
    close === undefined ? [] : [{ text: close, kind: "bracket", about: "" }];
  const isSign = (token: Token, signs: readonly string[]) =>
    token.kind === "sign" && signs.includes(token.text);
  const compared = tokens.findLastIndex((token) => isSign(token, COMPARISON_SIGNS));
  const joined = tokens.findLastIndex((token) => isSign(token, LOGICAL_SIGNS));
  if (compared > joined) return only(LOGICAL, closing);
  const field = fieldOf(last);
  if (field === undefined) return only(COMPARISONS, LOGICAL, closing);
  const type = logFieldType(field);
  if (type === "severity") return only(COMPARISONS.filter(({ text }) => !text.includes("~")));
  const whole = type === "any" ? [...LOGICAL, ...closing] : [];
  const comparisons = COMPARISONS.filter(({ text }) => allows(text as "=", type));
  return only(comparisons, whole, allows("+", type) ? ARITHMETIC : []);
}

function values(field: LogField, operator: string, partial: string): Offer {
  const type = logFieldType(field);
  if (type === "severity") return only(NAMES);
  const items = operator === "=" || operator === "!=" ? [NIL] : [];
  if (type !== "any" && type !== "string") return only(items);
  return { items, wanted: { kind: "values", field, prefix: partial.replace(/^["`]/, "") } };
}

function fields(partial: string): Offer {
  if (partial.includes(":")) return only(FIELDS);
  const scoped = /^(log|resource|instrumentation)?\.(.*)$/s.exec(partial);
  const scope = (scoped?.[1] ?? "any") as LogAttribute["scope"];
  const prefix = (scoped?.[2] ?? partial).replaceAll('"', "");
  return { items: FIELDS, wanted: { kind: "keys", scope, prefix } };
}

function only(...offered: readonly (readonly CompletionItem[])[]): Offer {
  return { items: offered.flat(), wanted: undefined };
}

function fits({ text }: CompletionItem, partial: string): boolean {
  if (text === partial) return false;
  const written = partial.toLowerCase();
  const known = text.toLowerCase();
  return known.startsWith(written) || (!written.includes(":") && known.includes(`:${written}`));
}

/** A severity that is written out is a value. */
function fieldOf(token: Token | undefined): LogField | undefined {
  if (token?.kind !== "field") return undefined;
  const field = logFieldOf(token.field);
  return field.kind === "intrinsic" && field.name.startsWith("severity:") ? undefined : field;
}
