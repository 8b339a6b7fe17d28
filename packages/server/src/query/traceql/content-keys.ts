import type { FieldExpression } from "@clew/protocol/traceql/ast";
import type { Store } from "../../store/store.ts";
import { POINT_LOOKUP } from "../query-settings.ts";
import { statement } from "../sql.ts";
import { LONGEST_ATTRIBUTE } from "./attribute-sql.ts";
import type { AttributeTypes } from "./attribute-types.ts";
import { fieldsOf, partsOf } from "./fields-of.ts";

/** Whether the short values of a key are attributes and no content is the same for all spans and for good. */
const plainKeys = new WeakMap<Store, Set<string>>();
/** A key that is rarer than once in so many spans is looked for in both places. */
const MOST_ROWS = 1_000_000;
const MOST_QUESTIONS = 16;

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
  const known = plainKeys.get(store) ?? new Set();
  plainKeys.set(store, known);
  const asked = [...all].filter((key) => !long.has(key) && !known.has(key)).slice(0, MOST_QUESTIONS);
  await Promise.all(
    asked.map(async (key) => {
      const rows = await store.query(statement("traceql-plain-key"), {
        parameters: { key },
        settings: { ...POINT_LOOKUP, max_rows_to_read: MOST_ROWS, read_overflow_mode: "break" },
        ...(signal && { signal }),
      });
      if (rows.length > 0) known.add(key);
    }),
  );
  return [...all].filter((key) => long.has(key) || !known.has(key));
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
