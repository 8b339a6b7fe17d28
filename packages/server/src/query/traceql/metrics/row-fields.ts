import type { Field } from "@clew/protocol/traceql/ast";
import { elementsOf, type Value } from "@clew/protocol/traceql/value";
import { fragment, type Parameters, type SqlFragment } from "../../sql.ts";
import { codedText, codedFaces as facesOfCode, spanText, textValue } from "../attribute-sql.ts";
import { codedFaces } from "../coded-sql.ts";
import { decodeValue } from "../coded-value.ts";
import { isServiceColumn, type Known } from "../conditions.ts";
import { codedTexts, repeatedValue } from "../event-sql.ts";
import { intrinsicValue } from "../intrinsic-sql.ts";
import { type Face, type Faces, type FaceType, oneOf } from "../sql-value.ts";
import type { OriginCodes } from "./origin-codes.ts";

/** What a row is grouped by for the value of a field, and how that is read back. */
export interface RowLabel {
  readonly key: SqlFragment;
  decode(stored: unknown): Value;
}

/** Fields as a row of `spans` has them, together with its resource and scope. */
export class RowFields {
  readonly #known: Known;
  readonly #origins: ReadonlyMap<Field, OriginCodes>;
  readonly #inContent: ReadonlySet<string>;
  readonly #parameters: Parameters;

  constructor(options: {
    readonly known: Known;
    readonly origins: ReadonlyMap<Field, OriginCodes>;
    readonly inContent: readonly string[];
    readonly parameters: Parameters;
  }) {
    this.#known = options.known;
    this.#origins = options.origins;
    this.#inContent = new Set(options.inContent);
    this.#parameters = options.parameters;
  }

  label(field: Field): RowLabel {
    if (field.kind === "attribute" && isServiceColumn(field, this.#known.types)) {
      return {
        key: fragment`service_name`,
        decode: (stored) => decodeValue(stored === "" ? "" : `s${stored}`),
      };
    }
    const plain = field.kind === "intrinsic" ? plainColumn(field) : undefined;
    const isRepeated = field.kind === "attribute" && (field.scope === "event" || field.scope === "link");
    // Of an array that an event has, its first element stands for all.
    const one = (value: Value) => (isRepeated ? elementsOf(value)[0] : value);
    return plain ?? { key: this.#coded(field), decode: (stored) => one(decodeValue(String(stored))) };
  }

  /** The number that a series of the field is made of, durations in seconds; NaN where there is none. */
  number(field: Field): SqlFragment {
    const faces = this.#faces(field);
    const seconds = faces.duration && {
      ...faces.duration,
      value: fragment`(toFloat64(${faces.duration.value}) / 1e9)`,
    };
    return numberOf([faces.int, faces.float, seconds]);
  }

  /** The same with durations in nanoseconds. */
  wholeNumber(field: Field): SqlFragment {
    const { int, float, duration } = this.#faces(field);
    return numberOf([int, float, duration]);
  }

  #faces(field: Field): Faces {
    if (field.kind === "intrinsic") {
      const value = intrinsicValue(field.name);
      return value === undefined ? {} : oneOf(value);
    }
    const { scope, name } = field;
    const { types } = this.#known;
    if (scope === "event" || scope === "link")
      return oneOf(repeatedValue(scope, name, types.of(scope, name), this.#parameters));
    if (this.#origins.has(field)) return facesOfCode(this.#coded(field));
    const codes = this.#ownTypes(field);
    return codes === "" ? {} : textValue(this.#ownText(name, codes), codes).faces;
  }

  #coded(field: Field): SqlFragment {
    const origin = this.#origins.get(field);
    const ofOrigin = origin && this.#originCode(origin);
    if (field.kind === "intrinsic") {
      if (ofOrigin !== undefined) return ofOrigin;
      const value = intrinsicValue(field.name);
      return value === undefined ? fragment`''` : codedFaces(oneOf(value));
    }
    const { scope, name } = field;
    if (scope === "event" || scope === "link") {
      const coded = codedTexts(scope, name, this.#parameters);
      return fragment`arrayElement(arrayFilter(coded -> coded != 'a[]', ${coded}), 1)`;
    }
    const codes = this.#ownTypes(field);
    if (codes === "") return ofOrigin ?? fragment`''`;
    const own = codedText(this.#ownText(name, codes), codes);
    return ofOrigin === undefined ? own : fragment`if(${own} != '', ${own}, ${ofOrigin})`;
  }

  #ownTypes({ scope, name }: Field & { readonly kind: "attribute" }): string {
    return scope === "span" || scope === "any" ? this.#known.types.of("span", name) : "";
  }

  #ownText(name: string, codes: string) {
    return spanText(name, codes, this.#inContent.has(name), this.#parameters);
  }

  #originCode({ kind, ids, codes, isNeverNil }: OriginCodes): SqlFragment {
    const other = isNeverNil ? fragment`'s'` : fragment`''`;
    if (ids.length === 0) return other;
    const id = kind === "resource" ? fragment`resource_id` : fragment`scope_id`;
    const of = this.#parameters;
    return fragment`transform(${id}, ${of.bind("Array(UInt64)", ids)}, ${of.bind("Array(String)", codes)}, ${other})`;
  }
}

const CODES: Readonly<Record<FaceType, string>> = {
  string: "s",
  int: "i",
  float: "d",
  duration: "t",
  boolean: "b",
  status: "u",
  kind: "k",
};

/** An intrinsic that is one column, which is grouped by faster than a text made of it. */
function plainColumn(field: Field & { readonly kind: "intrinsic" }): RowLabel | undefined {
  const value = intrinsicValue(field.name);
  if (value === undefined || value.several !== undefined) return undefined;
  const [[type, face]] = Object.entries(value.faces) as [[FaceType, Face]];
  if (face.when !== undefined && !face.isBlankElse) return undefined;
  const isBlank = (text: string) =>
    face.isBlankElse && (type === "string" ? text === "" : Number(text) === 0);
  return {
    key: face.value,
    decode: (stored) => {
      const text = type === "boolean" ? String(Number(stored) === 1) : String(stored);
      return isBlank(text) ? undefined : decodeValue(CODES[type] + text);
    },
  };
}

function numberOf(faces: readonly (Face | undefined)[]): SqlFragment {
  return faces
    .filter((face) => face !== undefined)
    .reduce((rest, { value, when }) => {
      const number = fragment`toFloat64(${value})`;
      return when === undefined ? number : fragment`if(${when}, ${number}, ${rest})`;
    }, fragment`nan`);
}

/** Whether a row of `spans`, with its resource and scope, tells the field. */
export function isOfRow(field: Field): boolean {
  if (field.ofParent) return false;
  if (field.kind === "attribute") return true;
  return field.name.startsWith("instrumentation:") || intrinsicValue(field.name) !== undefined;
}
