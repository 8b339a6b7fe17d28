import type { FieldExpression } from "@clew/protocol/traceql/ast";
import type { Store } from "../../store/store.ts";
import { POINT_LOOKUP } from "../query-settings.ts";
import { statement } from "../sql.ts";

/** Where attributes stand, as the store calls it. */
export type Level = "span" | "resource" | "scope" | "event" | "link" | "log";

/** Characters of `attribute_types` by the names of types. */
const CODES: Readonly<Record<string, string>> = {
  string: "s",
  int: "i",
  double: "d",
  bool: "b",
  bytes: "x",
  array: "a",
  map: "mp",
  empty: "n",
};
const EVERY = "sidbxampn";

/** With which types the keys of a query were ever sent: what no span has need not be looked for. */
export class AttributeTypes {
  readonly #types: ReadonlyMap<string, string>;
  readonly #isKnown: boolean;

  private constructor(types: ReadonlyMap<string, string>, isKnown: boolean) {
    this.#types = types;
    this.#isKnown = isKnown;
  }

  static async load(store: Store, keys: readonly string[], signal?: AbortSignal): Promise<AttributeTypes> {
    if (keys.length === 0) return new AttributeTypes(new Map(), true);
    const rows = await store.query<{ level: string; key: string; type: string }>(
      statement("traceql-attribute-types"),
      { parameters: { keys }, settings: POINT_LOOKUP, ...(signal && { signal }) },
    );
    const types = new Map<string, string>();
    for (const { level, key, type } of rows) {
      const place = `${level} ${key}`;
      const known = types.get(place) ?? "";
      types.set(place, known + (CODES[type] ?? EVERY));
    }
    // The statement gives a row without a level when nothing was noted of any key at all.
    return new AttributeTypes(types, !types.has(" "));
  }

  /** Characters of the types; empty when no span has the key there. */
  of(level: Level, key: string): string {
    return this.#isKnown ? (this.#types.get(`${level} ${key}`) ?? "") : EVERY;
  }
}

/** The names of all attributes that these expressions read. */
export function keysOf(expressions: readonly FieldExpression[]): string[] {
  const keys = new Set<string>();
  const open = [...expressions];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (one.kind === "attribute") keys.add(one.name);
    else if (one.kind === "binary") open.push(one.left, one.right);
    else if (one.kind === "unary" || one.kind === "exists") open.push(one.operand);
  }
  return [...keys];
}
