import type { Compare, Field, FieldOverTime, MetricsAggregate, Rank } from "./ast.ts";
import { parseField, parseFieldList } from "./parse-field-expression.ts";
import { parseFilter } from "./parse-filter.ts";
import type { TokenStream } from "./token-stream.ts";
import { TraceQlError } from "./traceql-error.ts";

const SPAN_COUNTS = ["rate", "count_over_time"] as const;
const FIELD_FUNCTIONS = [
  "min_over_time",
  "max_over_time",
  "avg_over_time",
  "sum_over_time",
  "histogram_over_time",
] as const;
const RANKS = ["topk", "bottomk"] as const;

/** Functions that make series of spans. */
export const METRICS_FUNCTIONS: readonly string[] = [
  ...SPAN_COUNTS,
  ...FIELD_FUNCTIONS,
  "quantile_over_time",
  "compare",
];
/** Functions that choose among series. */
export const RANK_FUNCTIONS: readonly string[] = RANKS;

/** Parses one of `METRICS_FUNCTIONS`, which is the next token. */
export function parseMetricsAggregate(tokens: TokenStream): MetricsAggregate {
  const name = tokens.take();
  const { start } = name;
  tokens.expectSign("(");
  if (name.text === "compare") return parseCompare(tokens, start);

  const count = SPAN_COUNTS.find((known) => known === name.text);
  if (count !== undefined) {
    tokens.expectSign(")");
    const by = parseBy(tokens);
    return { kind: "spanCount", function: count, by, start, end: tokens.lastEnd };
  }
  const field = parseField(tokens);
  if (name.text === "quantile_over_time") {
    const quantiles = parseQuantiles(tokens);
    const by = parseBy(tokens);
    return { kind: "quantile", field, quantiles, by, start, end: tokens.lastEnd };
  }
  tokens.expectSign(")");
  const by = parseBy(tokens);
  const overTime = name.text as FieldOverTime["function"];
  return { kind: "fieldOverTime", function: overTime, field, by, start, end: tokens.lastEnd };
}

/** Parses one of `RANK_FUNCTIONS`, which is the next token. */
export function parseRank(tokens: TokenStream): Rank {
  const name = tokens.take();
  tokens.expectSign("(");
  const limit = parseCount(tokens, "the number of series to keep", 1);
  const { end } = tokens.expectSign(")");
  return { kind: "rank", function: name.text as Rank["function"], limit, start: name.start, end };
}

function parseBy(tokens: TokenStream): Field[] {
  if (!tokens.isWord("by")) return [];
  tokens.take();
  tokens.expectSign("(");
  return parseFieldList(tokens);
}

function parseQuantiles(tokens: TokenStream): number[] {
  const quantiles: number[] = [];
  while (tokens.takeSign(",")) {
    const token = tokens.peek();
    if (token.kind !== "int" && token.kind !== "float") throw tokens.unexpected(["a number from 0 to 1"]);
    if (Number(token.value) > 1) {
      const message = `a quantile is a number from 0 to 1, not ${token.text}`;
      throw new TraceQlError({ ...token, message, found: token.text, expected: ["a number from 0 to 1"] });
    }
    quantiles.push(Number(token.value));
    tokens.take();
  }
  if (!tokens.isSign(")") || quantiles.length === 0)
    throw tokens.unexpected(quantiles.length === 0 ? ['","'] : ['","', '")"']);
  tokens.take();
  return quantiles;
}

function parseCompare(tokens: TokenStream, start: number): Compare {
  const selection = parseFilter(tokens);
  let topN = 10;
  let from = 0n;
  let to = 0n;
  if (tokens.takeSign(",")) {
    topN = parseCount(tokens, "the number of values of each field", 1, 1_000);
    if (tokens.takeSign(",")) {
      const first = tokens.peek();
      from = parseNanos(tokens);
      tokens.expectSign(",");
      to = parseNanos(tokens);
      if ((from !== 0n || to !== 0n) && (from === 0n || to <= from)) {
        const message = "the end of the selection has to be behind its start, both in Unix nanoseconds";
        throw new TraceQlError({ start: first.start, end: tokens.lastEnd, message, found: `${from}, ${to}` });
      }
    }
  }
  if (!tokens.isSign(")")) throw tokens.unexpected(['","', '")"']);
  const { end } = tokens.take();
  return { kind: "compare", selection, topN, from, to, start, end };
}

function parseNanos(tokens: TokenStream): bigint {
  const token = tokens.peek();
  if (token.kind !== "int") throw tokens.unexpected(["a time in Unix nanoseconds"]);
  tokens.take();
  return token.value;
}

function parseCount(tokens: TokenStream, what: string, least: number, most = 1_000_000): number {
  const token = tokens.peek();
  if (token.kind !== "int") throw tokens.unexpected([what]);
  if (token.value < BigInt(least) || token.value > BigInt(most)) {
    const message = `${what} has to be from ${least} to ${most}`;
    throw new TraceQlError({ ...token, message, found: token.text });
  }
  tokens.take();
  return Number(token.value);
}
