import { type RefObject, useEffect, useState } from "react";

/** Whether a part of the element is in view now. */
export function useInView(element: RefObject<Element | null>): boolean {
  const [isInView, setInView] = useState(false);
  useEffect(() => {
    const { current } = element;
    if (current === null) return;
    const observer = new IntersectionObserver((entries) => {
      const last = entries.at(-1);
      if (last !== undefined) setInView(last.isIntersecting);
    });
    observer.observe(current);
    return () => observer.disconnect();
  }, [element]);
  return isInView;
}
