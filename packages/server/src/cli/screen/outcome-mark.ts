import type { Style } from "./paint.ts";
import type { Screen } from "./screen.ts";

/** How a trace stands; `open` when its root is running or has not arrived. */
export type Outcome = "ended" | "failed" | "open";

const MARKS: Readonly<Record<Outcome, readonly [unicode: string, ascii: string, style: Style]>> = {
  ended: ["✓", "+", "green"],
  failed: ["✗", "x", "red"],
  open: ["…", ".", "yellow"],
};

/** The character that stands in front of a trace, and its colour. */
export function outcomeMark(
  outcome: Outcome,
  screen: Pick<Screen, "unicode">,
): { text: string; style: Style } {
  const [unicode, ascii, style] = MARKS[outcome];
  return { text: screen.unicode ? unicode : ascii, style };
}
