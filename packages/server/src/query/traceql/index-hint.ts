import type { Field, Literal } from "@clew/protocol/traceql/ast";
import { fragment, type Parameters, type SqlFragment } from "../sql.ts";
import { isIndexed, LONGEST_ATTRIBUTE } from "./attribute-sql.ts";
import type { SqlValue } from "./sql-value.ts";

/** Largest integer up to which every one is a float of its own. */
const EXACT_INTEGERS = 2n ** 53n;

/**
 * A condition that holds wherever `field operator literal` does, and that an index of spans answers; undefined when
 * none does.
 */
export function indexHint(
  field: Field,
  operator: string,
  literal: Literal,
  value: SqlValue,
  parameters: Parameters,
): SqlFragment | undefined {
  if (field.kind === "attribute") {
    // What an array holds is not in the index.
    if (operator !== "=" || value.several !== undefined) return undefined;
    const texts = textsOf(literal);
    return texts === undefined ? undefined : isIndexed(field.name, texts, parameters);
  }
  if (field.name === "span:duration") {
    const isAtLeast = operator === "=" || operator === ">" || operator === ">=";
    if (!isAtLeast || typeof literal.value !== "bigint" || literal.value <= 0n) return undefined;
    return fragment`duration_ns >= ${parameters.bind("Int64", literal.value)}`;
  }
  if (operator !== "=" || literal.type !== "string") return undefined;
  if (field.name === "trace:id" && /^[0-9a-f]{32}$/.test(literal.value)) {
    return fragment`trace_id = toFixedString(unhex(${parameters.bind("String", literal.value)}), 16)`;
  }
  return undefined;
}

/** All texts under which a value that equals the literal can be stored; undefined when they are too many. */
function textsOf({ type, value }: Literal): string[] | undefined {
  switch (type) {
    case "string":
      return Buffer.byteLength(value) > LONGEST_ATTRIBUTE ? undefined : [value];
    case "boolean":
      return [String(value)];
    case "int":
    case "duration":
      return [...new Set([String(value), String(Number(value)), ...(value === 0n ? ["-0"] : [])])];
    case "float": {
      if (!Number.isInteger(value)) return [String(value)];
      if (BigInt(Math.abs(value)) > EXACT_INTEGERS) return undefined;
      return [String(value), ...(value === 0 ? ["-0"] : [])];
    }
    default:
      return undefined;
  }
}
