import { type PointerEvent, useState } from "react";

/** A stretch from left to right, as fractions of the width. */
export type Stretch = readonly [from: number, to: number];

/** A drag shorter than this is a click. */
const LEAST_PX = 4;

/** Dragging over an element selects a stretch of it; a click selects nothing. */
export function useBrush(onSelect: (stretch: Stretch) => void) {
  const [drag, setDrag] = useState<Stretch>();
  const at = (event: PointerEvent<Element>): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return box.width === 0 ? 0 : Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  };
  const stretch: Stretch | undefined = drag && [Math.min(...drag), Math.max(...drag)];
  return {
    stretch,
    handlers: {
      onPointerDown: (event: PointerEvent<Element>) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag([at(event), at(event)]);
      },
      onPointerMove: (event: PointerEvent<Element>) => drag && setDrag([drag[0], at(event)]),
      onPointerUp: (event: PointerEvent<Element>) => {
        setDrag(undefined);
        const { width } = event.currentTarget.getBoundingClientRect();
        if (stretch && (stretch[1] - stretch[0]) * width >= LEAST_PX) onSelect(stretch);
      },
      onPointerCancel: () => setDrag(undefined),
    },
  };
}
