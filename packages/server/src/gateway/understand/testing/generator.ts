/** Random values that come out the same for the same seed (mulberry32). */
export function generator(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  /** A whole number from 0 to `limit`, without it. */
  const below = (limit: number) => Math.floor(next() * limit);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  const object = (depth: number): unknown =>
    Object.fromEntries(Array.from({ length: below(5) }, () => [pick(KEYS), value(depth - 1)]));
  const value = (depth: number): unknown => {
    const kind = below(depth > 0 ? 7 : 5);
    if (kind === 0) return pick(TEXTS);
    if (kind === 1) return (next() - 0.5) * 10 ** below(20);
    if (kind === 2) return below(1000);
    if (kind === 3) return next() < 0.5;
    if (kind === 4) return null;
    return kind === 5 ? object(depth) : Array.from({ length: below(4) }, () => value(depth - 1));
  };
  return { below, pick, object, value };
}

const TEXTS = [
  "",
  "a",
  '"',
  "\\",
  '\\"',
  "}",
  "]{",
  ",:",
  "ü",
  "🧶",
  "\n\r\t",
  "\u0000",
  "key with space",
  "__proto",
];
/** Keys that differ in nothing but an escape are left out: V8 13.6 parses `{"\"":1}` wrongly after `{"\\":1}`. */
const KEYS = ["", "a", "}", "]{", ",:", "ü", "🧶", "key with space", 'a "quoted" \\ key\n', "__proto"];
