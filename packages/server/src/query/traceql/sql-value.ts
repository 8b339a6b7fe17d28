import type { Literal } from "@clew/protocol/traceql/ast";
import { fragment, type Parameters, type SqlFragment } from "../sql.ts";

/** What a value may be of; an attribute is now one, now the other. */
export type FaceType = "string" | "int" | "float" | "duration" | "boolean" | "status" | "kind";

/** A value as far as it is of one type. */
export interface Face {
  /** Never null. Means nothing where `when` does not hold. */
  readonly value: SqlFragment;
  /** Where the value is of this type; absent when it always is. */
  readonly when?: SqlFragment;
  /** Where `when` does not hold, `value` is empty or 0. */
  readonly isBlankElse?: true;
  /** What it is in every row. */
  readonly constant?: string | bigint | number | boolean;
}

/** At most one of them holds in a row; none where the value is nil. */
export type Faces = { readonly [Type in FaceType]?: Face };

/** What a row has several of: the elements of an array, or what its events have. */
export interface Several {
  readonly when: SqlFragment;
  readonly elements: SqlFragment;
  readonly facesOf: (element: SqlFragment) => Faces;
  /** The first stands for all where one is needed; the elements of an array are not taken for it. */
  readonly firstCounts: boolean;
}

/** What an expression is in SQL for a row. */
export interface SqlValue {
  readonly faces: Faces;
  readonly several?: Several;
}

export const NIL: SqlValue = { faces: {} };

export const STATUS_CODES = { unset: fragment`0`, ok: fragment`1`, error: fragment`2` } as const;
export const KIND_CODES = {
  unspecified: fragment`0`,
  internal: fragment`1`,
  server: fragment`2`,
  client: fragment`3`,
  producer: fragment`4`,
  consumer: fragment`5`,
} as const;

/** A value that is written out in a query. */
export function literalValue(literal: Literal, parameters: Parameters): SqlValue {
  switch (literal.type) {
    case "string":
      return { faces: { string: bound("String", literal.value, parameters) } };
    case "int":
      return { faces: { int: bound("Int64", literal.value, parameters) } };
    case "duration":
      return { faces: { duration: bound("Int64", literal.value, parameters) } };
    case "float":
      return { faces: { float: bound("Float64", literal.value, parameters) } };
    case "boolean":
      return {
        faces: {
          boolean: { value: literal.value ? fragment`true` : fragment`false`, constant: literal.value },
        },
      };
    case "status":
      return { faces: { status: { value: STATUS_CODES[literal.value], constant: literal.value } } };
    case "kind":
      return { faces: { kind: { value: KIND_CODES[literal.value], constant: literal.value } } };
  }
}

function bound(
  type: "String" | "Int64" | "Float64",
  constant: string | bigint | number,
  parameters: Parameters,
): Face {
  return { value: parameters.bind(type, constant), constant };
}

/** What stands for a value that is only needed once: of events the first. */
export function oneOf(value: SqlValue): Faces {
  const { several } = value;
  if (several === undefined || !several.firstCounts) return value.faces;
  const first = several.facesOf(fragment`arrayElement(${several.elements}, 1)`);
  const entries = Object.entries(first).map(([type, face]) => {
    const when = face.when === undefined ? several.when : fragment`(${several.when} AND ${face.when})`;
    return [type, { value: face.value, when }];
  });
  return Object.fromEntries(entries);
}

/** Where a value is of some type; false where it is nil. */
export function isThere({ faces, several }: SqlValue): SqlFragment[] {
  const found = Object.values(faces).map((face) => face.when ?? fragment`true`);
  return several === undefined ? found : [...found, several.when];
}

/** Where a value is the boolean `wanted`. */
export function isBoolean({ boolean }: Faces, wanted: boolean): SqlFragment {
  if (boolean === undefined) return fragment`false`;
  if (boolean.constant !== undefined) return boolean.constant === wanted ? fragment`true` : fragment`false`;
  const holds = wanted ? boolean.value : fragment`NOT (${boolean.value})`;
  if (boolean.when === undefined || (wanted && boolean.isBlankElse)) return fragment`(${holds})`;
  return fragment`(${boolean.when} AND ${holds})`;
}
