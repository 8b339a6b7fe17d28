import type { Aggregate, AggregateFunction, NumberLiteral } from "./ast.ts";
import { combineTerms, type Term } from "./combine-terms.ts";
import { nearestWord } from "./nearest-word.ts";
import { parseFieldExpression } from "./parse-field-expression.ts";
import { parseFilter } from "./parse-filter.ts";
import { negate, numberLiteral } from "./parse-literal.ts";
import { SPANSET_PRECEDENCE } from "./precedence.ts";
import type { TokenStream } from "./token-stream.ts";
import { TraceQlError } from "./traceql-error.ts";

export const AGGREGATES: readonly AggregateFunction[] = ["count", "avg", "min", "max", "sum"];

/** Reads what a parenthesis opens; given in, as a whole pipeline may stand there. */
type ParseParenthesised = () => Term;

/** True when the next token can start what `parseTerm` reads. */
export function startsTerm(tokens: TokenStream): boolean {
  const { kind } = tokens.peek();
  if (kind === "int" || kind === "float" || kind === "duration") return true;
  return tokens.isSign("{", "(", "-") || tokens.isWord(...AGGREGATES);
}

/** Parses spansets, numbers or series and the operators between them, down to the precedence given. */
export function parseTerm(tokens: TokenStream, weakest: number, parenthesised: ParseParenthesised): Term {
  const { start } = tokens.peek();
  let left = parseOperand(tokens, parenthesised);
  for (;;) {
    const next = tokens.peek();
    const precedence = next.kind === "sign" ? SPANSET_PRECEDENCE[next.text] : undefined;
    if (precedence === undefined || precedence < weakest) return left;
    const operator = tokens.takeOperator();
    const right =
      operator.text === "^"
        ? tokens.nested(() => parseTerm(tokens, precedence, parenthesised))
        : parseTerm(tokens, precedence + 1, parenthesised);
    left = combineTerms(left, operator, right, { start, end: tokens.lastEnd });
  }
}

/** Parses a number, with arithmetic between numbers worked out: what series are compared with. */
export function parseConstant(tokens: TokenStream, parenthesised: ParseParenthesised): NumberLiteral {
  if (!startsTerm(tokens)) throw tokens.unexpected(["a number"]);
  const term = parseTerm(tokens, SPANSET_PRECEDENCE["+"]!, parenthesised);
  if (term.kind === "constant") return term.node;
  const { start, end } = term.node;
  const message = "series may be compared with a number only";
  throw new TraceQlError({
    start,
    end,
    message,
    found: tokens.text.slice(start, end),
    expected: ["a number"],
  });
}

function parseOperand(tokens: TokenStream, parenthesised: ParseParenthesised): Term {
  const token = tokens.peek();
  switch (token.kind) {
    case "int":
    case "float":
    case "duration":
      tokens.take();
      return { kind: "constant", node: numberLiteral(token) };
    case "word":
      if (tokens.isWord(...AGGREGATES)) return { kind: "scalar", node: parseAggregate(tokens) };
      break;
    case "sign":
      if (token.text === "{") return { kind: "spanset", node: parseFilter(tokens) };
      if (token.text === "(") return parenthesised();
      if (token.text === "-") return parseNegative(tokens, parenthesised);
      break;
  }
  const near = token.kind === "word" ? nearestWord(token.text, AGGREGATES) : undefined;
  throw tokens.unexpected(['"{"', '"("', "an aggregate", "a number"], near);
}

function parseNegative(tokens: TokenStream, parenthesised: ParseParenthesised): Term {
  const { start } = tokens.takeOperator();
  const operand = tokens.nested(() => parseOperand(tokens, parenthesised));
  if (operand.kind === "constant") return { kind: "constant", node: negate(operand.node, start) };
  const message = "a sign may stand before a number only; write 0 - ... or -1 * ...";
  throw new TraceQlError({ start, end: start + 1, message, found: '"-"', expected: ["a number"] });
}

function parseAggregate(tokens: TokenStream): Aggregate {
  const name = tokens.take();
  const { start } = name;
  const aggregate = name.text as AggregateFunction;
  tokens.expectSign("(");
  if (aggregate === "count") {
    const { end } = tokens.expectSign(")");
    return { kind: "aggregate", function: aggregate, argument: undefined, start, end };
  }
  const argument = parseFieldExpression(tokens);
  if (!tokens.isSign(")")) throw tokens.unexpected(["an operator", '")"']);
  const { end } = tokens.take();
  return { kind: "aggregate", function: aggregate, argument, start, end };
}
