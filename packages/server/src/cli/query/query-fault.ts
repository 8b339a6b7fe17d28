import { printable } from "../../printable.ts";
import type { Screen } from "../screen/screen.ts";
import { clipped, textWidth } from "../screen/text-width.ts";

/** Columns of the line that are shown before the fault when it is far to the right. */
const BEFORE = 20;

/** The line of a query that has the fault, with carets under it; positions count UTF-16 units. */
export function faultLines(
  query: string,
  { offset, length }: { readonly offset: number; readonly length: number },
  screen: Pick<Screen, "width" | "unicode">,
): string[] {
  const lineStart = query.lastIndexOf("\n", offset - 1) + 1;
  const lineEnd = query.indexOf("\n", offset);
  const line = query.slice(lineStart, lineEnd === -1 ? undefined : lineEnd);
  const at = offset - lineStart;
  const room = screen.width - 2;
  const more = screen.unicode ? "…" : "~";
  const isFar = textWidth(printable(line.slice(0, at))) > room - BEFORE;
  const from = isFar ? Math.max(0, at - BEFORE) : 0;
  const before = (isFar ? more : "") + printable(line.slice(from, at));
  const fault = printable(line.slice(at, at + length));
  const shown = clipped(before + printable(line.slice(at)), room, more);
  const left = textWidth(before);
  const carets = "^".repeat(Math.max(1, Math.min(textWidth(fault), room - left)));
  return [`  ${shown}`, `  ${" ".repeat(left)}${carets}`];
}
