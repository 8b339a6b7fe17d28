import { type RefObject, useCallback, useEffect, useState } from "react";

/** The rows to put into the document, and a way to bring one into view. */
export interface RowWindow {
  readonly first: number;
  /** Exclusive. */
  readonly end: number;
  readonly scrollTo: (row: number) => void;
}

/** Beyond what is in view, so that scrolling shows no gap. */
const OVERSCAN = 12;

/** Which rows of the same height are in view of what scrolls; nothing is kept for each row. */
export function useRowWindow(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  rowPx: number,
): RowWindow {
  // Until it is measured, the window's height is more than enough.
  const [height, setHeight] = useState(() => innerHeight);
  const [top, setTop] = useState(0);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    // Only another row is news.
    const onScroll = (): void => setTop(Math.floor(element.scrollTop / rowPx));
    const observer = new ResizeObserver(([entry]) => setHeight(Math.ceil(entry?.contentRect.height ?? 0)));
    observer.observe(element);
    element.addEventListener("scroll", onScroll, { passive: true });
    onScroll();
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", onScroll);
    };
  }, [scroller, rowPx]);
  const scrollTo = useCallback(
    (row: number): void => {
      const element = scroller.current;
      if (element === null) return;
      const { scrollTop, clientHeight } = element;
      if (row * rowPx < scrollTop) element.scrollTop = row * rowPx;
      else if ((row + 1) * rowPx > scrollTop + clientHeight)
        element.scrollTop = (row + 1) * rowPx - clientHeight;
    },
    [scroller, rowPx],
  );
  return {
    first: Math.max(0, Math.min(top, count) - OVERSCAN),
    end: Math.min(count, top + Math.ceil(height / rowPx) + 1 + OVERSCAN),
    scrollTo,
  };
}

/** The rows of a window, and the one that has to be there in any case, in order. */
export function rowsIn({ first, end }: Pick<RowWindow, "first" | "end">, kept: number): number[] {
  const rows: number[] = [];
  if (kept < first) rows.push(kept);
  for (let row = first; row < end; row++) rows.push(row);
  if (kept >= end) rows.push(kept);
  return rows;
}
