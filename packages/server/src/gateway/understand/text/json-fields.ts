/**
 * Finds the fields of a JSON object without making values of those nobody asks for: a long prompt costs no more than a
 * search for its closing quote. Texts are read as latin1, so that places in them are places in the bytes.
 */

/** Where one field stands: its key without quotes, then its value. Ends are exclusive. */
export interface FieldPlace {
  readonly key: string;
  readonly valueAt: number;
  readonly valueEnd: number;
}

export interface ObjectPlace {
  readonly fields: readonly FieldPlace[];
  /** Where its closing brace stands; -1 when the text ends before it, or is no JSON from some place on. */
  readonly closeAt: number;
}

/** The fields of the object that begins at `at`; those before the fault where the text is cut off or malformed. */
export function fieldsAt(text: string, at: number): ObjectPlace {
  const fields: FieldPlace[] = [];
  const broken = { fields, closeAt: -1 };
  if (text.charCodeAt(at) !== OPEN_OBJECT) return broken;
  let place = skipSpace(text, at + 1);
  if (text.charCodeAt(place) === CLOSE_OBJECT) return { fields, closeAt: place };
  for (;;) {
    if (text.charCodeAt(place) !== QUOTE) return broken;
    const keyEnd = skipString(text, place);
    if (keyEnd < 0) return broken;
    const key = keyOf(text.slice(place + 1, keyEnd - 1));
    place = skipSpace(text, keyEnd);
    if (text.charCodeAt(place) !== COLON) return broken;
    const valueAt = skipSpace(text, place + 1);
    const valueEnd = skipValue(text, valueAt);
    if (valueEnd < 0) return broken;
    fields.push({ key, valueAt, valueEnd });
    place = skipSpace(text, valueEnd);
    const next = text.charCodeAt(place);
    if (next === CLOSE_OBJECT) return { fields, closeAt: place };
    if (next !== COMMA) return broken;
    place = skipSpace(text, place + 1);
  }
}

/** Where the elements of the list that begins at `at` stand; those before the fault where it is malformed. */
export function elementsAt(text: string, at: number): [start: number, end: number][] {
  const places: [number, number][] = [];
  if (text.charCodeAt(at) !== OPEN_LIST) return places;
  let place = skipSpace(text, at + 1);
  while (text.charCodeAt(place) !== CLOSE_LIST) {
    const end = skipValue(text, place);
    if (end < 0) return places;
    places.push([place, end]);
    place = skipSpace(text, end);
    if (text.charCodeAt(place) !== COMMA) return places;
    place = skipSpace(text, place + 1);
  }
  return places;
}

export function skipSpace(text: string, at: number): number {
  let place = at;
  for (;;) {
    const code = text.charCodeAt(place);
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return place;
    place++;
  }
}

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** The place after a value; -1 when it is cut off. */
function skipValue(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (first === QUOTE) return skipString(text, at);
  if (first === OPEN_OBJECT || first === OPEN_LIST) return skipNested(text, at);
  let place = at;
  for (; place < text.length; place++) {
    const code = text.charCodeAt(place);
    if (code === COMMA || code === CLOSE_OBJECT || code === CLOSE_LIST || code <= 32) break;
  }
  return place === at || place === text.length ? -1 : place;
}

function skipNested(text: string, at: number): number {
  let depth = 0;
  for (let place = at; place < text.length; place++) {
    const code = text.charCodeAt(place);
    if (code === QUOTE) {
      place = skipString(text, place) - 1;
      if (place < 0) return -1;
    } else if (code === OPEN_OBJECT || code === OPEN_LIST) depth++;
    else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
      if (--depth === 0) return place + 1;
    }
  }
  return -1;
}

function skipString(text: string, at: number): number {
  let from = at + 1;
  for (;;) {
    const end = text.indexOf('"', from);
    if (end < 0) return -1;
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return end + 1;
    from = end + 1;
  }
}

function keyOf(latin1: string): string {
  const raw = NOT_ASCII.test(latin1) ? Buffer.from(latin1, "latin1").toString() : latin1;
  if (!raw.includes("\\")) return raw;
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return raw;
  }
}

const NOT_ASCII = /[\u0080-\u00ff]/;
