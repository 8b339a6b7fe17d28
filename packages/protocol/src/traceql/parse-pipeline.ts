import type { Pipeline, ScalarComparison, Stage } from "./ast.ts";
import { type Series, type Term, withStage } from "./combine-terms.ts";
import { nearestWord } from "./nearest-word.ts";
import { parseFieldExpression, parseFieldList } from "./parse-field-expression.ts";
import { METRICS_FUNCTIONS, parseMetricsAggregate, parseRank, RANK_FUNCTIONS } from "./parse-metrics.ts";
import { AGGREGATES, parseConstant, parseTerm, startsTerm } from "./parse-term.ts";
import type { TokenStream } from "./token-stream.ts";
import { TraceQlError } from "./traceql-error.ts";

const STAGE_WORDS = ["by", "select", "coalesce"];
const COMPARISONS = ["=", "!=", "<", "<=", ">", ">="];

/** Parses from here to the end, `with` or the closing parenthesis: what the whole means shows only then. */
export function parsePipeline(tokens: TokenStream): Term {
  const { start } = tokens.peek();
  if (!startsTerm(tokens) && !tokens.isWord("by", "select")) {
    const words = tokens.peek().kind === "word" ? firstWord(tokens) : undefined;
    throw tokens.unexpected(['"{"', '"("', "an aggregate", "by", "select"], words);
  }
  const first = parseStage(tokens);
  if (first.kind === "metrics") return parseSecondStages(tokens, first.node, start);
  const stages: Stage[] = [];
  let pipeline: Pipeline = { kind: "pipeline", stages, start, end: start };
  for (let term: Term = first; ; term = parseStage(tokens)) {
    if (term.kind !== "stage" && term.kind !== "spanset") return endWithNumber(tokens, term, pipeline);
    stages.push(term.node);
    pipeline = { ...pipeline, end: tokens.lastEnd };
    if (!tokens.isSign("|")) return endOfStages(pipeline);
    tokens.takeOperator();
    if (tokens.isWord(...METRICS_FUNCTIONS)) {
      const aggregate = parseMetricsAggregate(tokens);
      const { lastEnd: end } = tokens;
      return parseSecondStages(tokens, { kind: "metricsPipeline", pipeline, aggregate, start, end }, start);
    }
  }
}

function parseStage(tokens: TokenStream): Term {
  const { start } = tokens.peek();
  if (tokens.isWord("by")) {
    tokens.take();
    tokens.expectSign("(");
    const expression = parseFieldExpression(tokens);
    if (!tokens.isSign(")")) throw tokens.unexpected(["an operator", '")"']);
    const { end } = tokens.take();
    return { kind: "stage", node: { kind: "by", expression, start, end } };
  }
  if (tokens.isWord("select")) {
    tokens.take();
    tokens.expectSign("(");
    const fields = parseFieldList(tokens);
    return { kind: "stage", node: { kind: "select", fields, start, end: tokens.lastEnd } };
  }
  if (tokens.isWord("coalesce")) {
    tokens.take();
    tokens.expectSign("(");
    const { end } = tokens.expectSign(")");
    return { kind: "stage", node: { kind: "coalesce", start, end } };
  }
  if (startsTerm(tokens)) return parseTerm(tokens, 1, () => parseParenthesised(tokens));
  if (tokens.isWord(...RANK_FUNCTIONS)) {
    const message = `${tokens.peek().text}() chooses among series; put a metrics function such as rate() before it`;
    throw new TraceQlError({
      ...tokens.peek(),
      message,
      found: tokens.peek().text,
      expected: METRICS_FUNCTIONS,
    });
  }
  const expected = ['"{"', '"("', "an aggregate", ...STAGE_WORDS, "a metrics function"];
  throw tokens.unexpected(expected, stageWord(tokens));
}

function parseParenthesised(tokens: TokenStream): Term {
  const { start } = tokens.expectSign("(");
  const term = tokens.nested(() => parsePipeline(tokens));
  if (!tokens.isSign(")")) throw tokens.unexpected(["an operator", '"|"', '")"']);
  const { end } = tokens.take();
  if (term.kind !== "stage") return term;
  return { kind: "spanset", node: asPipeline(term.node, start, end) };
}

/** A stage that stands where a spanset has to. */
function asPipeline(node: Stage, start: number, end: number): Pipeline {
  return node.kind === "pipeline"
    ? node
    : { kind: "pipeline", stages: [node], start: start + 1, end: end - 1 };
}

function endOfStages(pipeline: Pipeline): Term {
  const [only] = pipeline.stages;
  if (pipeline.stages.length > 1) return { kind: "spanset", node: pipeline };
  if (only!.kind === "filter" || only!.kind === "spansets" || only!.kind === "pipeline") {
    return { kind: "spanset", node: only! };
  }
  return { kind: "stage", node: only! };
}

/** A pipeline may end in a number when it is in parentheses, so that something else compares it. */
function endWithNumber(tokens: TokenStream, term: Term, pipeline: Pipeline): Term {
  if (pipeline.stages.length === 0) return term;
  if (term.kind === "scalar") {
    const range = { start: pipeline.start, end: tokens.lastEnd };
    return { kind: "scalar", node: { kind: "scalarPipeline", pipeline, scalar: term.node, ...range } };
  }
  const { start, end } = term.node;
  const message = "a stage is a filter, a comparison of an aggregate, or a function; this is none of them";
  throw new TraceQlError({ start, end, message, found: tokens.text.slice(start, end) });
}

function parseSecondStages(tokens: TokenStream, first: Series, from: number): Term {
  let expression: Series = first;
  for (;;) {
    const { start } = tokens.peek();
    if (tokens.isSign("|")) {
      tokens.takeOperator();
      if (!tokens.isWord(...RANK_FUNCTIONS)) throw tokens.unexpected(RANK_FUNCTIONS, stageWord(tokens));
      expression = withStage(expression, parseRank(tokens), from);
    } else if (tokens.isSign(...COMPARISONS)) {
      const operator = tokens.takeOperator().text as ScalarComparison;
      const value = parseConstant(tokens, () => parseParenthesised(tokens));
      expression = withStage(
        expression,
        { kind: "metricsFilter", operator, value, start, end: tokens.lastEnd },
        from,
      );
    } else if (tokens.isSign("+", "-", "*", "/")) {
      const message = "arithmetic needs each metrics query in parentheses, as in ({ } | rate()) * 60";
      const found = tokens.peek().text;
      throw new TraceQlError({ ...tokens.peek(), message, found, expected: ['"|"', "a comparison", "with"] });
    } else return { kind: "metrics", node: expression };
  }
}

function firstWord(tokens: TokenStream): string | undefined {
  return nearestWord(tokens.peek().text, [...AGGREGATES, "by", "select"]);
}

function stageWord(tokens: TokenStream): string | undefined {
  const token = tokens.peek();
  if (token.kind !== "word") return undefined;
  return nearestWord(token.text, [...AGGREGATES, ...STAGE_WORDS, ...METRICS_FUNCTIONS, ...RANK_FUNCTIONS]);
}
