import type { Field } from "@clew/protocol/traceql/ast";
import { fragment, type Parameters, type SqlFragment } from "../sql.ts";
import { codedText, spanText } from "./attribute-sql.ts";
import type { AttributeTypes } from "./attribute-types.ts";
import { isServiceColumn } from "./conditions.ts";
import { codedTexts } from "./event-sql.ts";
import { intrinsicValue } from "./intrinsic-sql.ts";
import type { Face, Faces, FaceType } from "./sql-value.ts";

export interface CodedOptions {
  readonly types: AttributeTypes;
  readonly parameters: Parameters;
  /** Attributes that may stand in `content`. */
  readonly inContent: ReadonlySet<string>;
}

/**
 * What a row of `spans` says of a field as text that `decodeValue` reads, or as a list of such texts for what events
 * and links have; undefined for a field that no row tells. Of an unscoped attribute it is the span's own.
 */
export function codedField(
  field: Field,
  { types, parameters, inContent }: CodedOptions,
): { readonly sql: SqlFragment; readonly isList: boolean } | undefined {
  if (field.kind === "intrinsic") {
    const value = intrinsicValue(field.name);
    if (value === undefined) return undefined;
    const { several } = value;
    if (several === undefined) return { sql: codedFaces(value.faces), isList: false };
    const element = codedFaces(several.facesOf(fragment`element`));
    return { sql: fragment`arrayMap(element -> ${element}, ${several.elements})`, isList: true };
  }
  const { scope, name } = field;
  if (scope === "event" || scope === "link")
    return { sql: codedTexts(scope, name, parameters), isList: true };
  if (isServiceColumn(field, types))
    return { sql: fragment`if(service_name = '', '', concat('s', service_name))`, isList: false };
  if (scope !== "span" && scope !== "any") return undefined;
  const codes = types.of("span", name);
  if (codes === "") return { sql: fragment`''`, isList: false };
  return { sql: codedText(spanText(name, codes, inContent.has(name), parameters), codes), isList: false };
}

const WITH_CODE: Readonly<Record<FaceType, (value: SqlFragment) => SqlFragment>> = {
  string: (value) => fragment`concat('s', ${value})`,
  int: (value) => fragment`concat('i', toString(${value}))`,
  float: (value) => fragment`concat('d', toString(${value}))`,
  duration: (value) => fragment`concat('t', toString(${value}))`,
  boolean: (value) => fragment`if(${value}, 'btrue', 'bfalse')`,
  status: (value) => fragment`concat('u', toString(${value}))`,
  kind: (value) => fragment`concat('k', toString(${value}))`,
};

/** A value of one type, as every intrinsic is, as text that `decodeValue` reads. */
export function codedFaces(faces: Faces): SqlFragment {
  const [only] = Object.entries(faces) as [FaceType, Face][];
  if (only === undefined) return fragment`''`;
  const [type, { value, when }] = only;
  const coded = WITH_CODE[type](value);
  return when === undefined ? coded : fragment`if(${when}, ${coded}, '')`;
}
