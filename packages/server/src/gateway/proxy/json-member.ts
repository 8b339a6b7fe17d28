const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const COMMA = 0x2c;

export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Where the value of a member of the outermost object stands, so that it can be read or replaced and every other byte
 * stays what it is. Undefined when there is no such member, or not in what there is of the text. The last of members
 * with one name is the one that counts, as for JSON.parse; of a text that is cut off, the last one there is.
 */
export function memberValue(json: Buffer, key: string): ByteRange | undefined {
  let at = skipSpace(json, 0);
  if (json[at] !== OPEN) return undefined;
  let found: ByteRange | undefined;
  at += 1;
  for (;;) {
    at = skipSpace(json, at);
    if (json[at] === COMMA) {
      at += 1;
      continue;
    }
    if (json[at] !== QUOTE) return found;
    const keyEnd = stringEnd(json, at);
    if (keyEnd === undefined) return found;
    const name = json.toString("utf8", at + 1, keyEnd - 1);
    const colon = skipSpace(json, keyEnd);
    const start = skipSpace(json, colon + 1);
    const end = valueEnd(json, start);
    if (end === undefined) return found;
    if (name === key) found = { start, end };
    at = end;
  }
}

/** The text of such a member; undefined when it's no text. */
export function textMember(json: Buffer, key: string): string | undefined {
  const range = memberValue(json, key);
  if (range === undefined || json[range.start] !== QUOTE) return undefined;
  try {
    return JSON.parse(json.toString("utf8", range.start, range.end)) as string;
  } catch {
    return undefined;
  }
}

/** The text with another value of a member that it has; as it is when it hasn't. */
export function withTextMember(json: Buffer, key: string, value: string): Buffer {
  const range = memberValue(json, key);
  if (range === undefined) return json;
  const text = Buffer.from(JSON.stringify(value));
  return Buffer.concat([json.subarray(0, range.start), text, json.subarray(range.end)]);
}

function skipSpace(json: Buffer, from: number): number {
  let at = from;
  while (json[at] === 0x20 || json[at] === 0x0a || json[at] === 0x0d || json[at] === 0x09) at += 1;
  return at;
}

/** Behind the closing quote. */
function stringEnd(json: Buffer, start: number): number | undefined {
  for (let at = json.indexOf(QUOTE, start + 1); at !== -1; at = json.indexOf(QUOTE, at + 1)) {
    let slashes = 0;
    while (json[at - 1 - slashes] === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return at + 1;
  }
  return undefined;
}

function valueEnd(json: Buffer, start: number): number | undefined {
  const first = json[start];
  if (first === QUOTE) return stringEnd(json, start);
  let depth = 0;
  for (let at = start; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === QUOTE) {
      const end = stringEnd(json, at);
      if (end === undefined) return undefined;
      at = end - 1;
    } else if (byte === OPEN || byte === OPEN_LIST) depth += 1;
    else if (byte === CLOSE || byte === CLOSE_LIST) {
      if (depth === 0) return at;
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (byte === COMMA && depth === 0) return at;
  }
  return undefined;
}
