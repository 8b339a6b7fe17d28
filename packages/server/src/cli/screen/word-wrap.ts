import { textWidth } from "./text-width.ts";

const GRAPHEMES = new Intl.Segmenter("en", { granularity: "grapheme" });

/** The text on lines of at most `width` columns, broken between words; a word that is longer is broken, too. */
export function wordWrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((word) => pieces(word, width))) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && textWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line === "" ? lines : [...lines, line];
}

function pieces(word: string, width: number): string[] {
  if (textWidth(word) <= width) return [word];
  const found: string[] = [];
  let piece = "";
  for (const { segment } of GRAPHEMES.segment(word)) {
    if (piece !== "" && textWidth(piece + segment) > width) {
      found.push(piece);
      piece = "";
    }
    piece += segment;
  }
  return [...found, piece];
}
