import { ATTRIBUTE_HASHES } from "../attribute-hashes.ts";
import { fragment, type Parameters, type SqlFragment } from "../sql.ts";
import type { Face, Faces, Several, SqlValue } from "./sql-value.ts";

/** Texts of at most so many bytes stand in `attributes`, unless their key is one of `content`. */
export const LONGEST_ATTRIBUTE = 1024;

/** A key's value in a row: its text, the character of its type, and where it is there. */
export interface StoredText {
  readonly text: SqlFragment;
  /** Absent when all values have the same type. */
  readonly type?: SqlFragment;
  /** Absent where it is there in every row. */
  readonly there?: SqlFragment;
}

/** The attribute of a row of `spans`. `withContent` looks among prompts and long texts as well. */
export function spanText(
  key: string,
  types: string,
  withContent: boolean,
  parameters: Parameters,
): StoredText {
  const name = parameters.bind("String", key);
  const isSimple = new Set(types).size === 1;
  const there = fragment`has(mapKeys(attributes), ${name})`;
  const text = fragment`attributes[${name}]`;
  const type = fragment`substring(translate(attribute_types, 'ABDIMNPSX', ''), indexOf(mapKeys(attributes), ${name}), 1)`;
  if (!withContent) return { text, there, ...(!isSimple && { type }) };
  const contentType = fragment`lower(substring(translate(attribute_types, 'abdimnpsx', ''), indexOf(mapKeys(content), ${name}), 1))`;
  return {
    text: fragment`if(${there}, ${text}, content[${name}])`,
    there: fragment`(${there} OR has(mapKeys(content), ${name}))`,
    ...(!isSimple && { type: fragment`if(${there}, ${type}, ${contentType})` }),
  };
}

/** A stored text as the values that it may be. */
export function textValue(stored: StoredText, types: string): SqlValue {
  const { text } = stored;
  const faces: { -readonly [Type in keyof Faces]: Face } = {};
  const face = (code: string, value: SqlFragment): Face => {
    const when = isOfType(stored, code);
    return { value, ...(when && { when }), ...(stored.type === undefined && { isBlankElse: true }) };
  };
  if (types.includes("s")) faces.string = face("s", text);
  if (types.includes("i")) faces.int = face("i", fragment`toInt64OrZero(${text})`);
  if (types.includes("d")) faces.float = face("d", fragment`toFloat64OrZero(${text})`);
  if (types.includes("b")) faces.boolean = face("b", fragment`(${text} = 'true')`);
  if (!types.includes("a")) return { faces };
  const several: Several = {
    when: isOfType(stored, "a") ?? fragment`true`,
    elements: elementsOf(text),
    facesOf: codedFaces,
    firstCounts: false,
  };
  return { faces, several };
}

/** Where the stored value is anything but nil; an empty value is nil. */
export function isStored(stored: StoredText, types: string): SqlFragment {
  const { there = fragment`true`, type } = stored;
  if (!types.includes("n")) return types === "" ? fragment`false` : there;
  return type === undefined ? fragment`false` : fragment`(${there} AND ${type} != 'n')`;
}

/** A stored value as one text: the character of its type and its text; empty for nil. */
export function codedText(stored: StoredText, types: string): SqlFragment {
  if (types === "") return fragment`''`;
  const type = stored.type ?? CODES[types[0]!]!;
  return fragment`if(${isStored(stored, types)}, concat(${type}, ${stored.text}), '')`;
}

/** The values of a text that begins with the character of its type. */
export function codedFaces(coded: SqlFragment): Faces {
  const is = (code: string) => fragment`startsWith(${coded}, ${CODES[code]!})`;
  const text = fragment`substring(${coded}, 2)`;
  return {
    string: { value: text, when: is("s") },
    int: { value: fragment`toInt64OrZero(${text})`, when: is("i") },
    float: { value: fragment`toFloat64OrZero(${text})`, when: is("d") },
    boolean: { value: fragment`(${text} = 'true')`, when: is("b") },
  };
}

const CODES: Readonly<Record<string, SqlFragment>> = {
  s: fragment`'s'`,
  i: fragment`'i'`,
  d: fragment`'d'`,
  b: fragment`'b'`,
  x: fragment`'x'`,
  a: fragment`'a'`,
  m: fragment`'m'`,
  p: fragment`'p'`,
  n: fragment`'n'`,
};

function isOfType({ type, there }: StoredText, code: string): SqlFragment | undefined {
  return type === undefined ? there : fragment`${type} = ${CODES[code]!}`;
}

/**
 * The scalars of an array as coded texts, those of arrays within it included; of one that has maps within only the
 * scalars of the outermost.
 */
export function elementsOf(json: SqlFragment): SqlFragment {
  const all = fragment`extractAll(${json}, '"(?:[^"\\\\\\\\]|\\\\\\\\.)*"|-?[0-9][0-9.eE+-]*|true|false')`;
  const outermost = fragment`arrayFilter(item -> NOT match(item, '^[\\\\[{]'), JSONExtractArrayRaw(${json}))`;
  return fragment`arrayMap(
    item -> multiIf(
      startsWith(item, '"'), concat('s', JSONExtractString(item)),
      item IN ('true', 'false'), concat('b', item),
      match(item, '[.eE]'), concat('d', item),
      concat('i', item)),
    if(position(${json}, '{') = 0, ${all}, ${outermost}))`;
}

/**
 * Where the index of attributes may have the key with one of these texts: granules, not rows, so that nothing is hashed
 * while reading. It has to stand beside the comparison itself.
 */
export function isIndexed(key: string, texts: readonly string[], parameters: Parameters): SqlFragment {
  const name = parameters.bind("String", key);
  const hashes = texts.map((text) => fragment`cityHash64(${name}, ${parameters.bind("String", text)})`);
  return fragment`indexHint(hasAny(${ATTRIBUTE_HASHES}, [${hashes.reduce((all, hash) => fragment`${all}, ${hash}`)}]))`;
}
