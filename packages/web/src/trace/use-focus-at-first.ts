import { type RefObject, useEffect } from "react";

/** Takes the focus when nothing else has it, so that keys work at once in a view that has just come. */
export function useFocusAtFirst(element: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (document.activeElement === document.body) element.current?.focus({ preventScroll: true });
  }, [element]);
}
