import { Re2Error } from "./re2-error.ts";
import type { Re2Reader } from "./re2-reader.ts";

/** Classes that a letter behind a backslash means, without the brackets. */
const PERL: Readonly<Record<string, string>> = {
  d: "0-9",
  D: "\\0-\\/:-\\u{10ffff}",
  s: "\\t\\n\\f\\r ",
  S: "\\0-\\x08\\x0b\\x0e-\\x1f!-\\u{10ffff}",
  w: "0-9A-Za-z_",
  W: "\\0-\\/:-@\\x5b-\\x5e`\\x7b-\\u{10ffff}",
};
const POSIX: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  alnum: [
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x61, 0x7a],
  ],
  alpha: [
    [0x41, 0x5a],
    [0x61, 0x7a],
  ],
  ascii: [[0, 0x7f]],
  blank: [
    [0x09, 0x09],
    [0x20, 0x20],
  ],
  cntrl: [
    [0, 0x1f],
    [0x7f, 0x7f],
  ],
  digit: [[0x30, 0x39]],
  graph: [[0x21, 0x7e]],
  lower: [[0x61, 0x7a]],
  print: [[0x20, 0x7e]],
  punct: [
    [0x21, 0x2f],
    [0x3a, 0x40],
    [0x5b, 0x60],
    [0x7b, 0x7e],
  ],
  space: [
    [0x09, 0x0d],
    [0x20, 0x20],
  ],
  upper: [[0x41, 0x5a]],
  word: [
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x5f, 0x5f],
    [0x61, 0x7a],
  ],
  xdigit: [
    [0x30, 0x39],
    [0x41, 0x46],
    [0x61, 0x66],
  ],
};
const LETTERS: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };
const LAST = 0x10ffff;

/** One character in JavaScript's notation, fit for inside and outside of brackets. */
export function codePoint(code: number): string {
  return `\\u{${code.toString(16)}}`;
}

/** Reads a class whose `[` is taken already; gives it in JavaScript's notation. */
export function charClass(reader: Re2Reader): string {
  const negated = reader.take("^");
  let items = "";
  for (let first = true; first || !reader.at("]"); first = false) {
    if (reader.atEnd()) throw new Re2Error("missing closing ]");
    items += posixClass(reader) ?? classItem(reader);
  }
  reader.take("]");
  return `[${negated ? "^" : ""}${items}]`;
}

function classItem(reader: Re2Reader): string {
  const escaped = reader.take("\\");
  const shorthand = escaped ? perlClass(reader) : undefined;
  if (shorthand !== undefined) return shorthand;
  const from = escaped ? readEscape(reader) : reader.next().codePointAt(0)!;
  if (reader.takeMatch(/-(?=[^\]])/y) === undefined) return codePoint(from);
  const to = reader.take("\\") ? readEscape(reader) : reader.next().codePointAt(0)!;
  if (to < from) throw new Re2Error("a range of characters runs backwards");
  return `${codePoint(from)}-${codePoint(to)}`;
}

function posixClass(reader: Re2Reader): string | undefined {
  const found = reader.takeMatch(/\[:(\^?)([^\]:]*):\]/y);
  if (found === undefined) return undefined;
  const ranges = Object.hasOwn(POSIX, found[2]!) ? POSIX[found[2]!]! : undefined;
  if (ranges === undefined) throw new Re2Error(`there is no class ${found[0]}`);
  const wanted = found[1] === "^" ? complement(ranges) : ranges;
  return wanted.map(([from, to]) => `${codePoint(from)}-${codePoint(to)}`).join("");
}

function complement(ranges: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const gaps: (readonly [number, number])[] = [];
  let next = 0;
  for (const [from, to] of ranges) {
    if (from > next) gaps.push([next, from - 1]);
    next = to + 1;
  }
  gaps.push([next, LAST]);
  return gaps;
}

/** Takes `d`, `pL`, `p{Greek}` and the like behind a backslash; gives what stands in brackets for it. */
export function perlClass(reader: Re2Reader): string | undefined {
  const letter = reader.takeMatch(/[dDsSwW]/y)?.[0];
  if (letter !== undefined) return PERL[letter];
  const property = reader.takeMatch(/([pP])(?:\{(\^?)(\w+)\}|(\w))/y);
  if (property === undefined) return undefined;
  const name = property[3] ?? property[4]!;
  const positive = (property[1] === "p") === (property[2] !== "^");
  if (name === "Any") return positive ? "\\0-\\u{10ffff}" : "";
  const written = /^[CLMNPSZ][a-z]?$/.test(name) ? name : `Script=${name}`;
  const source = `\\${positive ? "p" : "P"}{${written}}`;
  try {
    new RegExp(source, "u");
  } catch (cause) {
    throw new Re2Error(`there is no class ${property[0]}`, { cause });
  }
  return source;
}

/** The character that an escape means, its backslash taken already. */
export function readEscape(reader: Re2Reader): number {
  const hex = reader.takeMatch(/x(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{2}))/y);
  if (hex !== undefined) {
    const code = Number.parseInt(hex[1] ?? hex[2]!, 16);
    if (code > LAST) throw new Re2Error(`there is no character \\${hex[0]}`);
    return code;
  }
  const octal = reader.takeMatch(/0[0-7]{0,2}|[1-7][0-7]{1,2}/y);
  if (octal !== undefined) return Number.parseInt(octal[0], 8);
  if (reader.atEnd()) throw new Re2Error("a backslash at the end");
  const sign = reader.next();
  const letter = LETTERS[sign];
  if (letter !== undefined) return letter;
  if (/[1-9]/.test(sign)) throw new Re2Error(`\\${sign} refers back, which RE2 cannot`);
  if (/[0-9A-Za-z]/.test(sign) || sign.codePointAt(0)! >= 0x80)
    throw new Re2Error(`unknown escape \\${sign}`);
  return sign.codePointAt(0)!;
}
