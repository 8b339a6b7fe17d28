import { type RefObject, useEffect, useEffectEvent } from "react";
import type { TimeWindow } from "./trace-time.ts";
import { panned, zoomedAt } from "./zoom.ts";

interface WheelZoom {
  readonly window: TimeWindow;
  readonly whole: TimeWindow;
  /** Undefined where the wheel does nothing. */
  readonly onZoom: ((window: TimeWindow) => void) | undefined;
}

/** By so many pixels of the wheel the window becomes e times as long. */
const PX_PER_E = 300;

/**
 * Over an element as wide as the window: ctrl with the wheel, or a pinch, zooms to where the pointer is; sideways moves
 * the window. What goes up and down alone still scrolls.
 */
export function useWheelZoom(
  element: RefObject<HTMLElement | null>,
  { window, whole, onZoom }: WheelZoom,
): void {
  const onWheel = useEffectEvent((event: WheelEvent): void => {
    if (onZoom === undefined || !(event.currentTarget instanceof HTMLElement)) return;
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
    if (event.ctrlKey || event.metaKey) {
      const at = Math.min(1, Math.max(0, (event.clientX - left) / width));
      onZoom(zoomedAt(window, at, Math.exp(event.deltaY / PX_PER_E), whole));
    } else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
      onZoom(panned(window, sideways / width, whole));
    } else return;
    event.preventDefault();
  });
  useEffect(() => {
    const over = element.current;
    const listener = (event: WheelEvent): void => onWheel(event);
    // React's own are passive: they cannot keep the page from zooming as well.
    over?.addEventListener("wheel", listener, { passive: false });
    return () => over?.removeEventListener("wheel", listener);
  }, [element]);
}
