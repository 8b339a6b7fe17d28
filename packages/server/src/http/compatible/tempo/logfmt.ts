import { InvalidParameter } from "../../http-errors.ts";

const PAIR = /\s*([^\s="]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*)))?(?=\s|$)/suy;

/**
 * Keys and values of `key=value other="with spaces"`; a key alone has an empty value. Throws `InvalidParameter`, also
 * for a key that comes twice.
 */
export function parseLogfmt(parameter: string, text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (let at = 0; text.slice(at).trim() !== ""; at = PAIR.lastIndex) {
    PAIR.lastIndex = at;
    const pair = PAIR.exec(text);
    if (pair === null) throw new InvalidParameter(parameter, `is not key=value at character ${at + 1}`);
    const [, key = "", quoted, plain = ""] = pair;
    if (found.has(key)) throw new InvalidParameter(parameter, `has ${JSON.stringify(key)} twice`);
    found.set(key, quoted === undefined ? plain : unescaped(quoted));
  }
  return found;
}

function unescaped(text: string): string {
  const signs: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };
  return text.replace(/\\(.)/gsu, (_, sign: string) => signs[sign] ?? sign);
}
