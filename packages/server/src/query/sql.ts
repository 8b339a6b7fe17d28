import { readFileSync } from "node:fs";
import type { QueryParameter } from "../store/store.ts";

/** `packages/server/sql/queries/`, from `src/query` and from `dist/query` alike. */
const FOLDER = new URL("../../sql/queries/", import.meta.url);
const SLOT = /\/\*:(\w+)\*\//g;

declare const brand: unique symbol;

/** A piece of SQL whose text was written in this repository; nothing a user sent can be one. */
export type SqlFragment = string & { readonly [brand]: "SqlFragment" };

/** ClickHouse types that parameters are bound as. */
export type ParameterType =
  | "Array(String)"
  | "Array(UInt64)"
  | "Float64"
  | "Int64"
  | "String"
  | "UInt32"
  | "UInt64";

/** A fragment from a template literal; only other fragments can be put into it. */
export function fragment(text: TemplateStringsArray, ...parts: readonly SqlFragment[]): SqlFragment {
  return text.reduce((sql, piece, index) => sql + parts[index - 1]! + piece) as SqlFragment;
}

/** The fragments with ` AND ` before each; empty for none. */
export function andAll(conditions: readonly SqlFragment[]): SqlFragment {
  return conditions.map((condition) => ` AND (${condition})`).join("") as SqlFragment;
}

/** The fragments with ` OR ` between them; false for none. */
export function anyOf(conditions: readonly SqlFragment[]): SqlFragment {
  if (conditions.length === 0) return fragment`false`;
  return conditions.map((condition) => `(${condition})`).join(" OR ") as SqlFragment;
}

/** Collects what a statement's fragments are bound to. */
export class Parameters {
  readonly #values: Record<string, QueryParameter> = {};
  #count = 0;

  /** The fragment that stands for the value: a name of its own and a type, never the value. */
  bind(type: ParameterType, value: QueryParameter): SqlFragment {
    this.#count += 1;
    const name = `bound_${this.#count}`;
    this.#values[name] = value;
    return `{${name}:${type}}` as SqlFragment;
  }

  get values(): Readonly<Record<string, QueryParameter>> {
    return this.#values;
  }
}

const texts = new Map<string, string>();

/** Text of `sql/queries/<name>.sql`, read once. */
export function sqlText(name: string): string {
  let text = texts.get(name);
  if (text === undefined) {
    text = readFileSync(new URL(`${name}.sql`, FOLDER), "utf8").trimEnd();
    texts.set(name, text);
  }
  return text;
}

/** The statement with its slots filled; a slot is a comment of the form `slash-star colon name star-slash`. */
export function statement(name: string, slots: Readonly<Record<string, SqlFragment>> = {}): string {
  const unused = new Set(Object.keys(slots));
  const sql = sqlText(name).replace(SLOT, (_, slot: string) => {
    unused.delete(slot);
    return slots[slot] ?? "";
  });
  if (unused.size > 0) throw new Error(`${name}.sql has no slot ${[...unused].join(", ")}`);
  return sql;
}
