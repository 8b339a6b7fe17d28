import type { Field, Located } from "./ast.ts";

/** A piece of the text that the parser takes whole. `text` is what was written. */
export type Token = WordToken | SignToken | FieldToken | StringToken | NumberToken | EndToken;

interface Piece extends Located {
  readonly text: string;
}

/** A name without a scope: keyword, function, old intrinsic, value such as `error`. */
export interface WordToken extends Piece {
  readonly kind: "word";
}

/** An operator, bracket or comma. */
export interface SignToken extends Piece {
  readonly kind: "sign";
}

/** A name with a scope, or with a dot in front. */
export interface FieldToken extends Piece {
  readonly kind: "field";
  readonly field: Field;
}

export interface StringToken extends Piece {
  readonly kind: "string";
  readonly value: string;
}

/** Without a sign. */
export type NumberToken =
  | (Piece & { readonly kind: "int" | "duration"; readonly value: bigint })
  | (Piece & { readonly kind: "float"; readonly value: number });

export interface EndToken extends Piece {
  readonly kind: "end";
}

/** What a token is called in a message. */
export function describeToken(token: Token): string {
  if (token.kind === "end") return "the end of the query";
  const shown = token.text.length > 40 ? `${token.text.slice(0, 40)}…` : token.text;
  return token.kind === "string" ? shown : `"${shown}"`;
}
