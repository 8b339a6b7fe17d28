import { type RefObject, useEffect, useMemo } from "react";
import { rowText } from "./row-text.ts";
import type { TranscriptRow } from "./transcript-rows.ts";

/** Names of the highlights in the style sheet. */
const FOUND = "transcript-found";
const FOUND_HERE = "transcript-found-here";
/** Places marked at once in what is in the document. */
const MOST_PLACES = 2000;

/** Indexes of the rows that hold what is looked for; undefined while nothing is. */
export function useFoundRows(rows: readonly TranscriptRow[], find: string): readonly number[] | undefined {
  return useMemo(() => {
    const wanted = find.trim().toLowerCase();
    if (wanted === "") return undefined;
    return rows.flatMap((row, at) => (rowText(row).includes(wanted) ? [at] : []));
  }, [rows, find]);
}

/** Marks what was found in the text that is in the document, without changing the document. */
export function useHighlights(inside: RefObject<HTMLElement | null>, find: string, activeId: string): void {
  // After every rendering: what is in the document changes as it is scrolled and opened.
  useEffect(() => {
    if (!("highlights" in CSS)) return;
    CSS.highlights.delete(FOUND);
    CSS.highlights.delete(FOUND_HERE);
    const wanted = find.trim().toLowerCase();
    if (wanted === "" || inside.current === null) return;
    const here: Range[] = [];
    const elsewhere: Range[] = [];
    const active = document.getElementById(activeId);
    const walker = document.createTreeWalker(inside.current, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const text = (node.nodeValue ?? "").toLowerCase();
      for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
        if (here.length + elsewhere.length >= MOST_PLACES) break;
        // Some letters change their length with their case.
        if (at + wanted.length > (node.nodeValue?.length ?? 0)) break;
        const range = new Range();
        range.setStart(node, at);
        range.setEnd(node, at + wanted.length);
        (active?.contains(node) ? here : elsewhere).push(range);
      }
    }
    CSS.highlights.set(FOUND, new Highlight(...elsewhere));
    CSS.highlights.set(FOUND_HERE, new Highlight(...here));
  });
  useEffect(
    () => () => {
      if (!("highlights" in CSS)) return;
      CSS.highlights.delete(FOUND);
      CSS.highlights.delete(FOUND_HERE);
    },
    [],
  );
}
