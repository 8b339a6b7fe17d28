import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { IconButton } from "../elements/button.tsx";
import { Icon } from "../elements/icon.tsx";
import { exact } from "../format/quantities.ts";
import css from "./error-strip.module.css";
import { textOf } from "./span-facts.ts";
import type { TraceTotals } from "./trace-totals.ts";

interface ErrorStripProps {
  readonly trace: TraceColumns;
  readonly totals: TraceTotals;
  readonly onShow: (span: number) => void;
  readonly onNext: () => void;
  readonly onPrevious: () => void;
}

/** What went wrong first, and a way through all that went wrong. */
export function ErrorStrip({ trace, totals, onShow, onNext, onPrevious }: ErrorStripProps) {
  const span = totals.firstError;
  if (span < 0) return null;
  const where = textOf(trace, "agent", span) || textOf(trace, "service", span);
  return (
    <div className={css.strip}>
      <button type="button" onClick={() => onShow(span)} title="Show the span that failed first">
        <Icon name="error" />
        <span>
          <strong>{textOf(trace, "err", span) || "Error"}</strong> in {textOf(trace, "name", span)}
          {where && ` · ${where}`}
        </span>
        {totals.errors > 1 && <small>first of {exact(totals.errors)}</small>}
      </button>
      {totals.errors > 1 && (
        <>
          <IconButton icon="up" label="Previous error (E)" onClick={onPrevious} />
          <IconButton icon="down" label="Next error (e)" onClick={onNext} />
        </>
      )}
    </div>
  );
}
