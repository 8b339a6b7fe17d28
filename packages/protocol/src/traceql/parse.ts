import type { Hint, Located, Query } from "./ast.ts";
import { checkQuery } from "./check.ts";
import type { Term } from "./combine-terms.ts";
import { literalOf } from "./parse-literal.ts";
import { parsePipeline } from "./parse-pipeline.ts";
import { TokenStream } from "./token-stream.ts";
import { TraceQlError } from "./traceql-error.ts";

/**
 * Reads a TraceQL query as Grafana Tempo 3 documents them. Beyond Tempo it has the intrinsics of `agent:`, `parent.`,
 * comparisons between aggregates, and pipelines in parentheses wherever a spanset may stand. Time and memory grow with
 * the text, which may have 65,536 characters.
 *
 * @throws {TraceQlError} and nothing else, for text that is not a query or that makes no sense.
 */
export function parse(text: string): Query {
  const tokens = new TokenStream(text);
  const { start } = tokens.peek();
  const term = parsePipeline(tokens);
  const range = { start, end: tokens.lastEnd };
  const hints: Hint[] = [];
  while (tokens.isWord("with")) hints.push(...parseHints(tokens));
  if (tokens.peek().kind !== "end") throw tokens.unexpected(endings(term));
  const query = queryOf(term, range, hints, tokens);
  checkQuery(query);
  return query;
}

function endings(term: Term): readonly string[] {
  return term.kind === "constant" ? ["an operator"] : ["an operator", '"|"', "with", "the end of the query"];
}

function queryOf(term: Term, range: Located, hints: readonly Hint[], tokens: TokenStream): Query {
  const whole = { hints, start: range.start, end: tokens.lastEnd };
  if (term.kind === "metrics") return { kind: "metrics", expression: term.node, ...whole };
  if (term.kind === "scalar" || term.kind === "constant") {
    const message = "a number alone is no query; compare it, as in count() > 2";
    const found = tokens.text.slice(range.start, range.end);
    throw new TraceQlError({ ...range, message, found, expected: ["a comparison"] });
  }
  const { node } = term;
  const pipeline =
    node.kind === "pipeline" ? node : ({ kind: "pipeline", stages: [node], ...range } as const);
  return { kind: "search", pipeline, ...whole };
}

function parseHints(tokens: TokenStream): Hint[] {
  tokens.take();
  tokens.expectSign("(");
  const hints: Hint[] = [];
  do {
    const name = tokens.peek();
    if (name.kind !== "word") throw tokens.unexpected(["the name of a hint"]);
    tokens.take();
    tokens.expectSign("=");
    const value = literalOf(tokens.peek());
    if (value === undefined) throw tokens.unexpected(["a value"]);
    const { end } = tokens.take();
    hints.push({ kind: "hint", name: name.text, value, start: name.start, end });
  } while (tokens.takeSign(","));
  if (!tokens.isSign(")")) throw tokens.unexpected(['","', '")"']);
  tokens.take();
  return hints;
}
