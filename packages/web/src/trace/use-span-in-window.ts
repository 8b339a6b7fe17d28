import { useEffect, useRef } from "react";
import type { SpanTimes } from "./own-times.ts";
import type { TimeWindow } from "./trace-time.ts";
import { within } from "./zoom.ts";

interface Zoomable {
  readonly window: TimeWindow;
  readonly whole: TimeWindow;
  readonly onZoom: (window: TimeWindow) => void;
}

/** Moves the window to a span that was selected by key or from a list and is outside of it; -1 for none. */
export function useSpanInWindow(
  selected: number,
  times: SpanTimes,
  { window, whole, onZoom }: Zoomable,
): void {
  const seen = useRef(selected);
  useEffect(() => {
    if (selected === seen.current) return;
    seen.current = selected;
    if (selected < 0) return;
    const [start, end] = [times.start[selected] ?? 0, times.end[selected] ?? 0];
    if (end >= window.from && start <= window.to) return;
    const length = window.to - window.from;
    onZoom(within({ from: start - length / 4, to: start + (length * 3) / 4 }, whole));
  }, [selected, times, window, whole, onZoom]);
}
