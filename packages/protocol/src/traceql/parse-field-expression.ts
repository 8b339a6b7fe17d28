import type {
  BinaryOperator,
  Existence,
  Field,
  FieldExpression,
  Intrinsic,
  Literal,
  Located,
} from "./ast.ts";
import { nearestWord } from "./nearest-word.ts";
import { literalOf, negate, VALUE_WORDS } from "./parse-literal.ts";
import { FIELD_PRECEDENCE, SIGN_PRECEDENCE } from "./precedence.ts";
import { ALIASES, INTRINSIC_ENTRIES } from "./scopes.ts";
import type { Token } from "./token.ts";
import type { TokenStream } from "./token-stream.ts";
import { TraceQlError } from "./traceql-error.ts";

const TRACE_IDS = new Set(["trace:id", "link:traceID"]);

/** `nil`, which is no expression of its own but may be compared with one. */
interface Nil {
  readonly kind: "nil";
  readonly start: number;
  readonly end: number;
}

/** Parses what may stand within `{ }`. */
export function parseFieldExpression(tokens: TokenStream): FieldExpression {
  const expression = parseOperators(tokens, 1);
  if (expression.kind === "nil") throw tokens.unexpected(['"="', '"!="']);
  return expression;
}

/** Parses an attribute or intrinsic alone, as `select`, `by` of metrics and the functions over time take them. */
export function parseField(tokens: TokenStream): Field {
  const field = fieldOf(tokens.peek());
  if (field === undefined)
    throw tokens.unexpected(["an attribute", "an intrinsic"], nearestField(tokens.peek()));
  tokens.take();
  return field;
}

/** The fields between parentheses, the opening one taken already; takes the closing one. */
export function parseFieldList(tokens: TokenStream): Field[] {
  const fields = [parseField(tokens)];
  while (tokens.takeSign(",")) fields.push(parseField(tokens));
  if (!tokens.isSign(")")) throw tokens.unexpected(['","', '")"']);
  tokens.take();
  return fields;
}

function parseOperators(tokens: TokenStream, weakest: number): FieldExpression | Nil {
  const { start } = tokens.peek();
  let left = parseOperand(tokens);
  for (;;) {
    const next = tokens.peek();
    const precedence = next.kind === "sign" ? FIELD_PRECEDENCE[next.text] : undefined;
    if (precedence === undefined || precedence < weakest) return left;
    const operator = tokens.takeOperator().text as BinaryOperator;
    if (operator === "=" && tokens.isSign("=", "~")) throw tokens.unexpected(["a value"], oneSign(tokens));
    const right =
      operator === "^"
        ? tokens.nested(() => parseOperators(tokens, precedence))
        : parseOperators(tokens, precedence + 1);
    left = combine(left, operator, right, { start, end: tokens.lastEnd });
  }
}

/** What to write for `==` and `= ~`. */
function oneSign(tokens: TokenStream): string {
  return tokens.isSign("=") ? "a single =" : "=~";
}

function combine(
  left: FieldExpression | Nil,
  operator: BinaryOperator,
  right: FieldExpression | Nil,
  range: Located,
): FieldExpression {
  if (left.kind !== "nil" && right.kind !== "nil") {
    return { kind: "binary", operator, left: padded(left, right), right: padded(right, left), ...range };
  }
  if (operator !== "=" && operator !== "!=") {
    const nil = left.kind === "nil" ? left : right;
    const message = `nil may only be compared with = and !=, not with ${operator}`;
    throw new TraceQlError({ start: nil.start, end: nil.end, message, found: "nil", expected: ["a value"] });
  }
  if (left.kind === "nil" && right.kind === "nil") {
    return { kind: "literal", type: "boolean", value: false, ...range };
  }
  const operand = (left.kind === "nil" ? right : left) as FieldExpression;
  return { kind: "exists", negated: operator === "=", operand, ...range } satisfies Existence;
}

/** Trace ids may be written without leading zeros; the tree has all 32 digits. */
function padded(side: FieldExpression, other: FieldExpression): FieldExpression {
  if (side.kind !== "literal" || side.type !== "string") return side;
  if (other.kind !== "intrinsic" || !TRACE_IDS.has(other.name)) return side;
  return /^[0-9a-f]{1,31}$/.test(side.value) ? { ...side, value: side.value.padStart(32, "0") } : side;
}

function parseOperand(tokens: TokenStream): FieldExpression | Nil {
  const token = tokens.peek();
  if (token.kind === "sign") return parseSigned(tokens, token);
  if (token.kind === "word" && token.text === "nil") {
    tokens.take();
    return { kind: "nil", start: token.start, end: token.end };
  }
  const node = fieldOf(token) ?? literalOf(token);
  if (node === undefined) throw tokens.unexpected(["a field", "a value"], nearestField(token));
  tokens.take();
  return node;
}

function parseSigned(tokens: TokenStream, token: Token): FieldExpression | Nil {
  if (token.text === "(") {
    tokens.take();
    const inner = tokens.nested(() => parseOperators(tokens, 1));
    if (!tokens.isSign(")")) throw tokens.unexpected(["an operator", '")"']);
    tokens.take();
    return inner;
  }
  if (token.text !== "-" && token.text !== "!") throw tokens.unexpected(["a field", "a value"]);
  const operator = token.text;
  tokens.takeOperator();
  const operand = tokens.nested(() => parseOperators(tokens, SIGN_PRECEDENCE[operator] + 1));
  if (operand.kind === "nil") throw tokens.unexpected(['"="', '"!="']);
  if (operator === "-" && isNumber(operand)) return negate(operand, token.start);
  return { kind: "unary", operator, operand, start: token.start, end: tokens.lastEnd };
}

function isNumber(node: FieldExpression): node is Literal & { readonly type: "int" | "float" | "duration" } {
  return (
    node.kind === "literal" && (node.type === "int" || node.type === "float" || node.type === "duration")
  );
}

function fieldOf(token: Token): Field | undefined {
  if (token.kind === "field") return token.field;
  const name = token.kind === "word" ? ALIASES.get(token.text) : undefined;
  return (
    name &&
    ({ kind: "intrinsic", name, ofParent: false, start: token.start, end: token.end } satisfies Intrinsic)
  );
}

function nearestField(token: Token): string | undefined {
  if (token.kind !== "word") return undefined;
  const written = [...ALIASES.keys(), ...VALUE_WORDS, "nil"];
  const near = nearestWord(token.text, written);
  if (near !== undefined) return near;
  const scoped = INTRINSIC_ENTRIES.find(([name]) => name.endsWith(`:${token.text}`));
  return scoped?.[0] ?? `span.${token.text}`;
}
