import { type RefObject, useEffect, useRef } from "react";
import css from "./fault-underline.module.css";
import type { QueryFault } from "./read-query.ts";

interface FaultUnderlineProps {
  readonly text: string;
  readonly fault: QueryFault;
  /** The box over which it lies; its text is set in the same type and scrolls along. */
  readonly input: RefObject<HTMLInputElement | null>;
}

/** Underlines in a box what is at fault. */
export function FaultUnderline({ text, fault, input }: FaultUnderlineProps) {
  const layer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = input.current;
    const follow = (): void => {
      if (layer.current && box) layer.current.scrollLeft = box.scrollLeft;
    };
    follow();
    const events = ["scroll", "keyup", "pointerup", "input"] as const;
    for (const event of events) box?.addEventListener(event, follow);
    return () => {
      for (const event of events) box?.removeEventListener(event, follow);
    };
  });
  const end = fault.offset + fault.length;
  return (
    <div ref={layer} className={css.layer} aria-hidden="true">
      {text.slice(0, fault.offset)}
      <mark>{text.slice(fault.offset, end) || " "}</mark>
      {text.slice(end)}
    </div>
  );
}
