import type { Screen } from "./screen.ts";

const CODES = {
  bold: 1,
  dim: 2,
  reverse: 7,
  red: 31,
  green: 32,
  yellow: 33,
  blue: 34,
  magenta: 35,
  cyan: 36,
} as const;

export type Style = keyof typeof CODES;

/** Colours that tell services and agents apart; red is kept for errors. */
export const DISTINCT: readonly Style[] = ["cyan", "magenta", "blue", "green", "yellow"];

/** The text in a style, or as it is where there is no colour. */
export function paint(screen: Pick<Screen, "color">, style: Style | undefined, text: string): string {
  if (!screen.color || style === undefined || text === "") return text;
  return `\x1b[${CODES[style]}m${text}\x1b[0m`;
}

/** The text without colours. */
export function unpainted(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a colour begins with
  return text.replace(/\x1b\[\d+m/g, "");
}
