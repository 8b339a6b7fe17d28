import type { Field, FieldExpression, Literal, SearchQuery } from "@clew/protocol/traceql/ast";
import { parse } from "@clew/protocol/traceql/parse";
import { TraceQlError } from "@clew/protocol/traceql/traceql-error";
import type { SpanMatch, TagValue } from "./span-match.ts";

const STATUSES = ["unset", "ok", "error"];
const KINDS = ["unspecified", "internal", "server", "client", "producer", "consumer"];

/**
 * The equalities of a TraceQL filter that is not written to its end, as `{ name = "a" && resource.b = }`: what cannot
 * be read narrows nothing, nor does a filter with `||`, or anything that is no filter.
 */
export function unfinishedFilterMatch(text: string): SpanMatch {
  const whole = filterMatch(text);
  if (whole !== undefined) return whole;
  const inside = /^\s*\{(.*?)\}?\s*$/s.exec(text)?.[1];
  if (inside === undefined || inside.includes("||")) return {};
  const parts = inside.split("&&").flatMap((part) => filterMatch(`{${part}}`) ?? []);
  return parts.reduce<SpanMatch>((match, part) => both(match, part) ?? match, {});
}

/**
 * What a TraceQL query says that is one filter of equalities, as `{ name = "a" && resource.b = "c" }`; empty for
 * `{ }`. Undefined for any other text.
 */
export function filterMatch(text: string): SpanMatch | undefined {
  const [filter, ...others] = parsed(text)?.pipeline.stages ?? [];
  if (filter?.kind !== "filter" || others.length > 0) return undefined;
  let match: SpanMatch | undefined = {};
  for (const part of filter.condition === undefined ? [] : conjuncts(filter.condition)) {
    const added = equality(part);
    match = match && added && both(match, added);
  }
  return match;
}

/** Undefined when both say what only one can. */
function both(a: SpanMatch, b: SpanMatch): SpanMatch | undefined {
  const isTwice = Object.keys(b).some((name) => name !== "tags" && name in a);
  const tags = [...(a.tags ?? []), ...(b.tags ?? [])];
  return isTwice ? undefined : { ...a, ...b, ...(tags.length > 0 && { tags }) };
}

function parsed(text: string): SearchQuery | undefined {
  try {
    const query = parse(text);
    return query.kind === "search" ? query : undefined;
  } catch (error) {
    if (error instanceof TraceQlError) return undefined;
    throw error;
  }
}

/** The operands of `&&`, however it is nested. */
function conjuncts(expression: FieldExpression): FieldExpression[] {
  const found: FieldExpression[] = [];
  const open = [expression];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.kind === "binary" && next.operator === "&&") open.push(next.right, next.left);
    else found.push(next);
  }
  return found;
}

function equality(expression: FieldExpression): SpanMatch | undefined {
  if (expression.kind !== "binary" || expression.operator !== "=") return undefined;
  const { left, right } = expression;
  if (right.kind === "literal") return isField(left) ? matchOf(left, right) : undefined;
  return left.kind === "literal" && isField(right) ? matchOf(right, left) : undefined;
}

function isField(expression: FieldExpression): expression is Field {
  return expression.kind === "attribute" || expression.kind === "intrinsic";
}

function matchOf(field: Field, literal: Literal): SpanMatch | undefined {
  if (field.ofParent) return undefined;
  const value = String(literal.value);
  if (field.kind === "attribute") {
    if (!["string", "int", "boolean"].includes(literal.type)) return undefined;
    if (field.scope === "any") return { tags: [tag(field.name, value, "either")] };
    const isRead = field.scope === "span" || field.scope === "resource";
    return isRead ? { tags: [tag(field.name, value, field.scope)] } : undefined;
  }
  if (field.name === "span:name") return { name: value };
  if (field.name === "span:status") return { status: STATUSES.indexOf(value) };
  if (field.name === "span:kind") return { kind: KINDS.indexOf(value) };
  return undefined;
}

function tag(key: string, value: string, level: NonNullable<TagValue["level"]>): TagValue {
  return { key, value, level };
}
