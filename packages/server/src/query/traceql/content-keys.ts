import type { FieldExpression } from "@clew/protocol/traceql/ast";
import type { Store } from "../../store/store.ts";
import { LONGEST_ATTRIBUTE } from "./attribute-sql.ts";
import type { AttributeTypes } from "./attribute-types.ts";
import { fieldsOf, partsOf } from "./fields-of.ts";
import { PlainKeys } from "./plain-keys.ts";

const plainKeys = new PlainKeys("traceql-plain-key");

/**
 * Which attributes of spans have to be looked for in `content` too: those of prompts and the like, and any other of
 * which longer texts matter.
 */
export async function contentKeys(
  store: Store,
  expressions: readonly FieldExpression[],
  types: AttributeTypes,
  signal?: AbortSignal,
): Promise<string[]> {
  const { all, long } = keysRead(expressions, types);
  const short = [...all].filter((key) => !long.has(key));
  const plain = await plainKeys.among(store, short, signal);
  return [...all].filter((key) => long.has(key) || !plain.has(key));
}

function keysRead(expressions: readonly FieldExpression[], types: AttributeTypes) {
  const all = new Set<string>();
  const long = new Set<string>();
  for (const field of expressions.flatMap(fieldsOf)) {
    if (field.kind !== "attribute" || (field.scope !== "span" && field.scope !== "any")) continue;
    const codes = types.of("span", field.name);
    if (codes === "") continue;
    all.add(field.name);
    // Texts, arrays and what else may be long.
    if (/[sampx]/.test(codes)) long.add(field.name);
  }
  // Of a key that is only ever compared with short texts the long ones do not matter.
  const open = expressions.flatMap((expression) => [...keysOfOthers(expression)]);
  const others = new Set(open);
  for (const key of long) if (!others.has(key) && !types.of("span", key).includes("a")) long.delete(key);
  return { all, long };
}

/** Names of attributes that stand elsewhere than in `attribute = "short text"`. */
function* keysOfOthers(expression: FieldExpression): Generator<string> {
  if (expression.kind === "attribute") yield expression.name;
  else if (expression.kind === "binary" && expression.operator === "=") {
    const { left, right } = expression;
    const isShort =
      right.kind === "literal" &&
      (right.type !== "string" || Buffer.byteLength(right.value) <= LONGEST_ATTRIBUTE);
    if (!(left.kind === "attribute" && isShort)) for (const part of [left, right]) yield* keysOfOthers(part);
  } else for (const part of partsOf(expression)) yield* keysOfOthers(part);
}
