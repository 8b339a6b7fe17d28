import { Random } from "./random.ts";

const VOCABULARY = 3000;
const SYLLABLES = [
  "ka",
  "lo",
  "mi",
  "ren",
  "ta",
  "sol",
  "ve",
  "dor",
  "an",
  "is",
  "qu",
  "pre",
  "con",
  "ter",
  "ble",
];

/** Words of an invented language, in which short ones are common, as in real ones. */
const words: readonly string[] = (() => {
  const random = new Random(7);
  return Array.from({ length: VOCABULARY }, (_, rank) => {
    const syllables = 1 + Math.floor(Math.log10(rank + 10) * random.unit() * 1.6);
    return Array.from({ length: syllables }, () => random.pick(SYLLABLES)).join("");
  });
})();

/** Prose of about `bytes` bytes; it compresses about as well as English does. */
export function proseOf(random: Random, bytes: number): string {
  let text = "";
  while (text.length < bytes) {
    const rank = Math.floor(VOCABULARY ** random.unit()) - 1;
    text += text === "" ? words[rank] : random.chance(0.08) ? `. ${words[rank]}` : ` ${words[rank]}`;
  }
  return text.slice(0, bytes);
}
