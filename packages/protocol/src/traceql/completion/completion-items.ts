import type { IntrinsicName, ValueType } from "../intrinsics.ts";
import { KIND_NAMES, STATUS_NAMES } from "../parse-literal.ts";
import { ATTRIBUTE_SCOPES, INTRINSIC_ENTRIES } from "../scopes.ts";
import { quote } from "../string-text.ts";
import type { CompletionItem } from "./completion.ts";

type Kind = CompletionItem["kind"];

function list(kind: Kind, texts: Readonly<Record<string, string>>): readonly CompletionItem[] {
  return Object.entries(texts).map(([text, about]) => ({ text, kind, about }));
}

export const FIELDS: readonly CompletionItem[] = INTRINSIC_ENTRIES.map(([text, { about }]) => ({
  text,
  kind: "field",
  about,
}));

export const SCOPES: readonly CompletionItem[] = [...ATTRIBUTE_SCOPES, "parent"].map((scope) => ({
  text: `${scope}.`,
  kind: "scope",
  about: scope === "parent" ? "fields of the parent span" : `attributes of the ${scope}`,
}));

export const PARENT_FIELDS: readonly CompletionItem[] = [
  ...list("scope", {
    "parent.span.": "attributes of the parent span",
    "parent.resource.": "attributes of the parent span's resource",
  }),
  ...INTRINSIC_ENTRIES.flatMap(([name, { alias, about }]): CompletionItem[] =>
    alias === undefined || !name.startsWith("span:")
      ? []
      : [{ text: `parent.${alias}`, kind: "field", about: `of the parent span: ${about}` }],
  ),
];

export const COMPARISONS = list("operator", {
  "=": "equal",
  "!=": "present and not equal",
  "=~": "matches a whole regular expression",
  "!~": "does not match a regular expression",
  ">": "greater",
  ">=": "greater or equal",
  "<": "less",
  "<=": "less or equal",
});

export const ARITHMETIC = list("operator", {
  "+": "plus",
  "-": "minus",
  "*": "times",
  "/": "divided by",
  "%": "remainder",
  "^": "to the power of",
});

export const LOGICAL = list("operator", {
  "&&": "both; binds as || does, from left to right",
  "||": "either; binds as && does, from left to right",
});

export const SPANSET_OPERATORS = list("operator", {
  "&&": "traces with both",
  "||": "traces with either",
  ">>": "right below left, at any depth",
  ">": "right is a child of left",
  "<<": "right above left, at any height",
  "<": "right is the parent of left",
  "~": "right is a sibling of left",
  "!>>": "right not below any left",
  "!>": "right no child of any left",
  "!<<": "right not above any left",
  "!<": "right not the parent of any left",
  "!~": "right no sibling of any left",
  "&>>": "as >>, and the left spans too",
  "&>": "as >, and the left spans too",
  "&<<": "as <<, and the left spans too",
  "&<": "as <, and the left spans too",
  "&~": "as ~, and the left spans too",
});

export const SPANSETS = list("bracket", { "{ ": "spans for which a condition holds", "(": "a group" });

export const AGGREGATES = list("function", {
  "count()": "number of spans",
  "avg(": "mean of a number",
  "min(": "smallest of a number",
  "max(": "largest of a number",
  "sum(": "sum of a number",
});

export const FIRST_STAGES = list("function", {
  "by(": "splits spansets by a value",
  "select(": "fields to show",
});

export const COALESCE = list("function", { "coalesce()": "makes one spanset of all" });

export const METRICS = list("function", {
  "rate()": "spans per second",
  "count_over_time()": "spans per step",
  "min_over_time(": "smallest of a number per step",
  "max_over_time(": "largest of a number per step",
  "avg_over_time(": "mean of a number per step",
  "sum_over_time(": "sum of a number per step",
  "quantile_over_time(": "quantiles of a number per step",
  "histogram_over_time(": "distribution of a number per step",
  "compare(": "how the spans of a filter differ from the others",
});

export const RANKS = list("function", { "topk(": "the largest series", "bottomk(": "the smallest series" });
export const PIPE = list("operator", { "|": "the next stage" });
export const WITH = list("function", { "with (": "hints to the engine" });
export const GROUPING = list("function", { "by (": "one series for each value" });
export const HINTS = list("hint", {
  "exemplars=": "whether, or how many, examples of spans come along",
  "most_recent=": "the newest results, whatever it takes",
  "sample=": "answers from a part of the spans",
  "span_sample=": "answers from a part of the spans",
  "trace_sample=": "answers from a part of the traces",
  "extrapolate=": "counts a sampled span for all it stands for",
});

const BOOLEANS = list("value", { true: "", false: "" });
const SPAN_TYPES = [
  "llm",
  "embedding",
  "retriever",
  "reranker",
  "tool",
  "agent",
  "workflow",
  "chain",
  "guardrail",
  "evaluator",
  "prompt",
  "memory",
];

/** A bracket that may close here. */
export function closing(text: string): CompletionItem {
  return { text, kind: "bracket", about: "" };
}

/** The values of a field that are known without looking at any data. */
export function knownValues(type: ValueType, name: IntrinsicName | undefined): readonly CompletionItem[] {
  const value = (text: string): CompletionItem => ({ text, kind: "value", about: "" });
  if (type === "status") return STATUS_NAMES.map(value);
  if (type === "kind") return KIND_NAMES.map(value);
  if (type === "boolean") return BOOLEANS;
  if (name === "agent:type") return SPAN_TYPES.map((known) => value(quote(known)));
  if (type === "nil") return [value("nil")];
  return [];
}
