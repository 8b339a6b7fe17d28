import type { KindName, Literal, NumberLiteral, StatusName } from "./ast.ts";
import type { NumberToken, Token } from "./token.ts";
import { TraceQlError } from "./traceql-error.ts";

export const STATUS_NAMES: readonly StatusName[] = ["error", "ok", "unset"];
export const KIND_NAMES: readonly KindName[] = [
  "server",
  "client",
  "internal",
  "producer",
  "consumer",
  "unspecified",
];
export const MIN_INT = -(2n ** 63n);
export const MAX_INT = 2n ** 63n - 1n;
/** Every word that is a value by itself. */
export const VALUE_WORDS: readonly string[] = [
  "true",
  "false",
  ...STATUS_NAMES,
  ...KIND_NAMES,
  "minInt",
  "maxInt",
];

/** The literal that a token alone is; undefined when it is something else. */
export function literalOf(token: Token): Literal | undefined {
  const { start, end } = token;
  switch (token.kind) {
    case "int":
    case "float":
    case "duration":
      return numberLiteral(token);
    case "string":
      return { kind: "literal", type: "string", value: token.value, start, end };
    case "word":
      return wordLiteral(token.text, start, end);
    default:
      return undefined;
  }
}

export function numberLiteral(token: NumberToken): NumberLiteral {
  const { start, end } = token;
  return token.kind === "float"
    ? { kind: "literal", type: "float", value: token.value, start, end }
    : { kind: "literal", type: token.kind, value: token.value, start, end };
}

function wordLiteral(word: string, start: number, end: number): Literal | undefined {
  if (word === "true" || word === "false") {
    return { kind: "literal", type: "boolean", value: word === "true", start, end };
  }
  if (word === "minInt") return { kind: "literal", type: "int", value: MIN_INT, start, end };
  if (word === "maxInt") return { kind: "literal", type: "int", value: MAX_INT, start, end };
  const status = STATUS_NAMES.find((name) => name === word);
  if (status !== undefined) return { kind: "literal", type: "status", value: status, start, end };
  const kind = KIND_NAMES.find((name) => name === word);
  return kind && { kind: "literal", type: "kind", value: kind, start, end };
}

/** The number with the other sign; `start` is that of the sign. */
export function negate(literal: NumberLiteral, start: number): NumberLiteral {
  if (literal.type === "float") return { ...literal, value: -literal.value, start };
  if (literal.value === MIN_INT) {
    const message = "this number does not fit into 64 bits";
    throw new TraceQlError({ start, end: literal.end, message, found: "-minInt" });
  }
  return { ...literal, value: -literal.value, start };
}
