import type { Attribute, Field } from "../ast.ts";
import type { ValueType } from "../intrinsics.ts";
import { printField } from "../print.ts";
import { ALIASES } from "../scopes.ts";
import { quote } from "../string-text.ts";
import type { Token } from "../token.ts";
import { allows, fieldType } from "../value-type.ts";
import type { Completion, CompletionItem, WantedKeys } from "./completion.ts";
import * as items from "./completion-items.ts";
import { type CursorContext, contextOf } from "./cursor-context.ts";
import { tokensBefore } from "./tokens-before.ts";

const COMPARISON_SIGNS: readonly string[] = items.COMPARISONS.map(({ text }) => text);
const LOGICAL_SIGNS: readonly string[] = items.LOGICAL.map(({ text }) => text);
const SEPARATOR: readonly CompletionItem[] = [{ text: ",", kind: "operator", about: "" }];

/**
 * What may stand at the cursor, an offset of the text, given what stands before it. Never fails: a text that makes no
 * sense has no completion.
 */
export function complete(text: string, cursor: number): Completion {
  const { tokens, partial, start, end } = tokensBefore(text, cursor);
  const context = contextOf(tokens);
  const offer = offerOf(context, partial);
  return { start, end, items: offer.items.filter((item) => fits(item, partial)), wanted: offer.wanted };
}

/** The text of an attribute's name that the caller knows. */
export function keyText(wanted: WantedKeys, name: string): string {
  const { scope, ofParent } = wanted;
  return printField({ kind: "attribute", scope, ofParent, name, start: 0, end: 0 } satisfies Attribute);
}

/** The text of a value that the caller knows. */
export function valueText(value: string | number | bigint | boolean): string {
  return typeof value === "string" ? quote(value) : String(value);
}

type Offer = Pick<Completion, "items" | "wanted">;

function only(...offered: readonly (readonly CompletionItem[])[]): Offer {
  return { items: offered.flat(), wanted: undefined };
}

function fits({ text }: CompletionItem, partial: string): boolean {
  if (text === partial) return false;
  const written = partial.toLowerCase();
  const known = text.toLowerCase();
  return known.startsWith(written) || (!written.includes(":") && known.includes(`:${written}`));
}

function offerOf(context: CursorContext, partial: string): Offer {
  const close = context.close === undefined ? [] : [items.closing(context.close)];
  const last = context.tokens.at(-1);
  switch (context.kind) {
    case "filter":
    case "expression":
      return inExpression(context, partial, close);
    case "fields":
      if (last === undefined || isSign(last, ",")) return quantilesOnly(context) ? only() : fields(partial);
      return only(SEPARATOR, close);
    case "hints": {
      if (last === undefined || isSign(last, ",")) return only(items.HINTS);
      if (isSign(last, "=")) return only(items.knownValues("boolean", undefined));
      const before = context.tokens.at(-2);
      const isValue = before !== undefined && isSign(before, "=");
      return isValue ? only(SEPARATOR, close) : only([{ text: "=", kind: "operator", about: "" }]);
    }
    case "numbers":
      return last === undefined ? only() : only(close);
    case "nothing":
      return only(close);
    case "query":
      return inQuery(context, close);
  }
}

/** Behind the field of `quantile_over_time` only numbers follow. */
function quantilesOnly({ opener, tokens }: CursorContext): boolean {
  return opener === "quantile_over_time" && tokens.length > 0;
}

function inExpression(context: CursorContext, partial: string, close: readonly CompletionItem[]): Offer {
  const { tokens } = context;
  const last = tokens.at(-1);
  const before = tokens.at(-2);
  if (last === undefined || (last.kind === "sign" && !context.closed.has(last))) {
    const field = before === undefined ? undefined : fieldOf(before);
    if (field !== undefined && last?.kind === "sign" && COMPARISON_SIGNS.includes(last.text)) {
      return values(field, last.text, partial);
    }
    return partial.startsWith('"') || partial.startsWith("`") ? only() : fields(partial);
  }
  const compared = tokens.findLastIndex(
    (token) => token.kind === "sign" && COMPARISON_SIGNS.includes(token.text),
  );
  const joined = tokens.findLastIndex((token) => token.kind === "sign" && LOGICAL_SIGNS.includes(token.text));
  const field = fieldOf(last);
  const type = field === undefined ? "any" : fieldType(field);
  const arithmetic = allows("+", type) ? items.ARITHMETIC : [];
  if (compared > joined) return only(items.LOGICAL, close, arithmetic);
  const whole = type === "any" || type === "boolean" ? [...items.LOGICAL, ...close] : [];
  return only(comparisonsOf(type), whole, arithmetic);
}

function comparisonsOf(type: ValueType): readonly CompletionItem[] {
  if (type === "nil") return items.COMPARISONS.slice(0, 2);
  return items.COMPARISONS.filter(({ text }) => allows(text as "=", type));
}

function values(field: Field, operator: string, partial: string): Offer {
  const type = fieldType(field);
  const known = items.knownValues(type, field.kind === "intrinsic" ? field.name : undefined);
  const nil: CompletionItem = { text: "nil", kind: "value", about: "no value" };
  const offered = (operator === "=" || operator === "!=") && type === "any" ? [...known, nil] : known;
  if (type !== "any" && type !== "string") return only(offered);
  const prefix = partial.replace(/^["`]/, "");
  return { items: offered, wanted: { kind: "values", field, prefix } };
}

function fields(partial: string): Offer {
  const scoped = /^(?:(parent)\.)?(?:(span|resource|event|link|instrumentation)?\.)(.*)$/s.exec(partial);
  if (partial.startsWith("parent.")) {
    const [scope, prefix] = scopeOf(partial.slice("parent.".length));
    return { items: items.PARENT_FIELDS, wanted: { kind: "keys", scope, ofParent: true, prefix } };
  }
  const offered = [...items.FIELDS, ...items.SCOPES];
  const scope = (scoped?.[2] ?? "any") as WantedKeys["scope"];
  const prefix = (scoped?.[3] ?? partial).replaceAll('"', "");
  if (partial.includes(":")) return only(offered);
  return { items: offered, wanted: { kind: "keys", scope, ofParent: false, prefix } };
}

function scopeOf(name: string): readonly [WantedKeys["scope"], string] {
  for (const scope of ["span", "resource"] as const) {
    if (name.startsWith(`${scope}.`)) return [scope, name.slice(scope.length + 1)];
  }
  return ["any", name];
}

function inQuery(context: CursorContext, close: readonly CompletionItem[]): Offer {
  const last = context.tokens.at(-1);
  if (context.opener === "compare")
    return last === undefined ? only(items.SPANSETS.slice(0, 1)) : only(close);
  if (last === undefined) return only(items.SPANSETS, items.AGGREGATES, items.FIRST_STAGES);
  if (last.kind === "word") return only([{ text: "(", kind: "bracket", about: "" }]);
  const closed = context.closed.get(last);
  if (closed !== undefined) return behindBracket(context, closed, close);
  if (last.kind !== "sign")
    return only(items.PIPE, close, context.hasMetrics ? items.WITH : [], items.ARITHMETIC);
  if (last.text !== "|") return only(items.SPANSETS, items.AGGREGATES);
  if (context.hasMetrics) return only(items.RANKS);
  return only(items.SPANSETS, items.AGGREGATES, items.FIRST_STAGES, items.COALESCE, items.METRICS);
}

function behindBracket(
  context: CursorContext,
  closed: CursorContext,
  close: readonly CompletionItem[],
): Offer {
  const ends = [items.PIPE, close, context.close === undefined ? items.WITH : []] as const;
  const comparisons = items.COMPARISONS.filter(({ text }) => !text.includes("~"));
  if (["count", "avg", "min", "max", "sum"].includes(closed.opener))
    return only(comparisons, items.ARITHMETIC);
  if (closed.opener === "with") return only();
  if (!context.hasMetrics) {
    const operators = closed.kind === "filter" || closed.opener === "" ? items.SPANSET_OPERATORS : [];
    return only(...ends, operators);
  }
  const arithmetic = closed.opener === "" ? items.ARITHMETIC.slice(0, 4) : [];
  const grouping = closed.opener === "" || closed.opener === "by" ? [] : items.GROUPING;
  return only(grouping, ...ends, comparisons, arithmetic);
}

function isSign(token: Token, text: string): boolean {
  return token.kind === "sign" && token.text === text;
}

function fieldOf(token: Token): Field | undefined {
  if (token.kind === "field") return token.field;
  const name = token.kind === "word" ? ALIASES.get(token.text) : undefined;
  return name && { kind: "intrinsic", name, ofParent: false, start: token.start, end: token.end };
}
