import css from "./mark-button.module.css";
import { type MarkedTrace, toggleMark, useMarkedTraces } from "./marked-traces.ts";

/** Marks the trace of a row to be compared; in a list `x` does, so that it needs no stop for the Tab key. */
export function MarkButton({ traceId, name }: MarkedTrace) {
  const marked = useMarkedTraces();
  const place = marked.findIndex((one) => one.traceId === traceId);
  return (
    <button
      type="button"
      tabIndex={-1}
      data-mark
      data-some={marked.length > 0}
      className={css.mark}
      data-place={place}
      aria-pressed={place >= 0}
      aria-label={`Mark ${name || traceId} to compare it`}
      title="Mark to compare (x)"
      onClick={() => toggleMark({ traceId, name })}
    >
      {place < 0 ? "" : "AB"[place]}
    </button>
  );
}
