import { type PointerEvent, useRef, useState } from "react";

interface DragActions {
  /** Pixels from the upper left corner of the element. */
  readonly onClick: (x: number, y: number) => void;
  /** From left to right. */
  readonly onDragged: (from: number, to: number) => void;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Moved less far, it is a click. */
const LEAST_DRAG_PX = 5;

/** Clicks, and drags over a stretch from left to right or back; and where the pointer is meanwhile. */
export function useDrag({ onClick, onDragged }: DragActions) {
  const begin = useRef<Point>(undefined);
  const [range, setRange] = useState<readonly [number, number]>();
  const [hover, setHover] = useState<Point>();
  const at = (event: PointerEvent<HTMLElement>): Point => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: Math.min(box.width, Math.max(0, event.clientX - box.left)), y: event.clientY - box.top };
  };
  const stop = (): void => {
    begin.current = undefined;
    setRange(undefined);
  };
  return {
    range,
    hover: range === undefined ? hover : undefined,
    handlers: {
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        if (event.button === 0) begin.current = at(event);
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        const now = at(event);
        if (event.pointerType === "mouse") setHover(now);
        const from = begin.current;
        if (from === undefined || (range === undefined && Math.abs(now.x - from.x) < LEAST_DRAG_PX)) return;
        // Not before it is a drag: what captures the pointer also takes the click of what is below it.
        event.currentTarget.setPointerCapture(event.pointerId);
        setRange(from.x < now.x ? [from.x, now.x] : [now.x, from.x]);
      },
      onPointerUp: (event: PointerEvent<HTMLElement>) => {
        const from = begin.current;
        const dragged = range;
        stop();
        if (from === undefined) return;
        if (dragged !== undefined) onDragged(...dragged);
        else if (!(event.target instanceof SVGElement)) onClick(from.x, from.y);
      },
      onPointerCancel: stop,
      onPointerLeave: () => setHover(undefined),
    },
  };
}
