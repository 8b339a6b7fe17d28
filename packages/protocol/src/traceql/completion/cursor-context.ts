import { METRICS_FUNCTIONS, RANK_FUNCTIONS } from "../parse-metrics.ts";
import type { Token } from "../token.ts";

/** What a bracket that is open at the cursor holds. */
export interface CursorContext {
  readonly kind: "query" | "expression" | "fields" | "numbers" | "nothing" | "filter" | "hints";
  /** The word before the bracket, empty when none. */
  readonly opener: string;
  readonly close: "}" | ")" | undefined;
  /** What stands in it so far; of brackets closed again only the closing one. */
  readonly tokens: readonly Token[];
  /** The contexts closed again, by their closing token. */
  readonly closed: ReadonlyMap<Token, CursorContext>;
  /** True behind a metrics function, or a bracket with one. */
  readonly hasMetrics: boolean;
}

type Open = { -readonly [Key in keyof CursorContext]: CursorContext[Key] } & {
  tokens: Token[];
  closed: Map<Token, CursorContext>;
};

/** The innermost bracket that is open behind the tokens; the query itself when none is. */
export function contextOf(tokens: readonly Token[]): CursorContext {
  const stack: Open[] = [open("query", "", undefined)];
  for (const token of tokens) {
    const top = stack[stack.length - 1]!;
    if (token.kind === "sign" && (token.text === "{" || token.text === "(")) {
      stack.push(opened(top, token));
      continue;
    }
    if (token.kind === "sign" && token.text === top.close && stack.length > 1) {
      stack.pop();
      const outer = stack[stack.length - 1]!;
      outer.tokens.push(token);
      outer.closed.set(token, top);
      outer.hasMetrics ||= top.kind === "query" && top.hasMetrics;
      continue;
    }
    if (token.kind === "word" && top.kind === "query" && METRICS_FUNCTIONS.includes(token.text))
      top.hasMetrics = true;
    top.tokens.push(token);
  }
  return stack[stack.length - 1]!;
}

function open(kind: Open["kind"], opener: string, close: Open["close"]): Open {
  return { kind, opener, close, tokens: [], closed: new Map(), hasMetrics: false };
}

function opened(top: Open, bracket: Token): Open {
  if (bracket.text === "{") return open("filter", "", "}");
  const last = top.tokens.at(-1);
  const word = last?.kind === "word" ? last.text : "";
  if (top.kind !== "query") return open(top.kind === "filter" ? "expression" : top.kind, "", ")");
  if (word === "by") return open(top.hasMetrics ? "fields" : "expression", word, ")");
  if (word === "select") return open("fields", word, ")");
  if (["avg", "min", "max", "sum"].includes(word)) return open("expression", word, ")");
  if (["count", "coalesce", "rate", "count_over_time"].includes(word)) return open("nothing", word, ")");
  if (RANK_FUNCTIONS.includes(word)) return open("numbers", word, ")");
  if (word === "with") return open("hints", word, ")");
  if (METRICS_FUNCTIONS.includes(word)) return open(word === "compare" ? "query" : "fields", word, ")");
  return open("query", word, ")");
}
