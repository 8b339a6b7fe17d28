import type { SpansetFilter } from "./ast.ts";
import { parseFieldExpression } from "./parse-field-expression.ts";
import type { TokenStream } from "./token-stream.ts";

/** Parses `{ ... }`. */
export function parseFilter(tokens: TokenStream): SpansetFilter {
  const { start } = tokens.expectSign("{");
  const condition = tokens.isSign("}") ? undefined : parseFieldExpression(tokens);
  if (!tokens.isSign("}")) throw tokens.unexpected(["an operator", '"}"']);
  const { end } = tokens.take();
  return { kind: "filter", condition, start, end };
}
