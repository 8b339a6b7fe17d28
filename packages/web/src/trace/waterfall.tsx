import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from "react";
import { duration } from "../format/quantities.ts";
import type { Heat } from "./heat.ts";
import type { PathMarks } from "./path-marks.ts";
import { rowId, SpanRow } from "./span-row.tsx";
import type { TimePart, TimeScale } from "./time-scale.ts";
import type { TimeWindow } from "./trace-time.ts";
import { useFocusAtFirst } from "./use-focus-at-first.ts";
import { rowsIn, useRowWindow } from "./use-row-window.ts";
import type { TraceRows } from "./use-trace-rows.ts";
import css from "./waterfall.module.css";

interface WaterfallProps {
  readonly trace: TraceColumns;
  readonly rows: TraceRows;
  readonly scale: TimeScale;
  readonly whole: TimeWindow;
  /** Undefined while bars have the colours of what they are. */
  readonly heat: Heat | undefined;
  /** Place in the rows that the keyboard is at. */
  readonly active: number;
  /** Index of the span that was chosen; -1 for none. */
  readonly selected: number;
  readonly found: Uint8Array | undefined;
  /** Undefined while the critical path is not shown. */
  readonly path: PathMarks | undefined;
  readonly grid: RefObject<HTMLDivElement | null>;
  readonly onSelect: (span: number) => void;
  readonly onEnter: () => void;
}

const ROW_PX = 30;
const NARROW_ROW_PX = 46;
const NARROW = "(max-width: 640px)";

/**
 * The spans as a tree beside their bars. Only rows in view are in the document; the focus stays on the grid, which
 * names the active row, so it is never lost with a row.
 */
export function Waterfall(props: WaterfallProps) {
  const { trace, rows, scale, whole, active, selected, found, grid } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const rowPx = useRowHeight();
  useFocusAtFirst(grid);
  const inView = useRowWindow(scroller, rows.rows.length, rowPx);
  const { scrollTo } = inView;
  useEffect(() => {
    if (selected >= 0) scrollTo(active);
  }, [active, selected, scrollTo]);
  const height = rows.rows.length * rowPx;

  const spanAt = (row: number): number => rows.rows[Math.min(rows.rows.length - 1, Math.max(0, row))] ?? 0;
  const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 300) / rowPx) - 1);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const span = spanAt(active);
    const hasBelow = rows.tree.size[span]! > 1;
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => props.onSelect(spanAt(selected < 0 ? active : active + 1)),
      ArrowUp: () => props.onSelect(spanAt(active - 1)),
      j: () => props.onSelect(spanAt(selected < 0 ? active : active + 1)),
      k: () => props.onSelect(spanAt(active - 1)),
      PageDown: () => props.onSelect(spanAt(active + page)),
      PageUp: () => props.onSelect(spanAt(active - page)),
      Home: () => props.onSelect(spanAt(0)),
      End: () => props.onSelect(spanAt(rows.rows.length - 1)),
      ArrowRight: () => {
        if (rows.isFolded(span)) rows.setFolded(span, false);
        else if (hasBelow && rows.isClosed(span)) rows.setClosed(span, false);
        else if (hasBelow) props.onSelect(spanAt(active + 1));
      },
      ArrowLeft: () => {
        const above = rows.tree.parent[span] ?? -1;
        if (hasBelow && !rows.isClosed(span) && !rows.isFolded(span)) rows.setClosed(span, true);
        else if (rows.isUnfolded(span)) rows.setFolded(span, true);
        else if (above >= 0) props.onSelect(above);
      },
      Enter: () => {
        if (selected < 0) props.onSelect(span);
        props.onEnter();
      },
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    move();
  };

  return (
    <div className={css.waterfall}>
      <div className={css.axis} aria-hidden="true">
        <span className={css.axisName}>Span</span>
        <span className={css.axisTime}>
          {scale.ticks.map(({ us, left }) => (
            <span key={us} style={{ left: `${left * 100}%` }}>
              {duration(us / 1000)}
            </span>
          ))}
          {scale.folds.map(({ us, left, width }) => (
            <em
              key={left}
              title={`${duration(us / 1000)} in which no step runs`}
              style={percent({ left, width })}
            >
              <span>{duration(us / 1000)}</span>
            </em>
          ))}
        </span>
      </div>
      <div ref={scroller} className={css.scroller}>
        {scale.folds.length > 0 && (
          <div className={css.folds} aria-hidden="true" style={{ height }}>
            <div>
              {scale.folds.map(({ left, width }) => (
                <span key={left} style={percent({ left, width })} />
              ))}
            </div>
          </div>
        )}
        <div
          ref={grid}
          role="treegrid"
          aria-label="Spans"
          aria-rowcount={rows.rows.length}
          aria-activedescendant={rowId(active)}
          tabIndex={0}
          className={css.grid}
          style={{ height }}
          onKeyDown={onKeyDown}
        >
          {/* What the grid names as active has to be in the document. */}
          {rowsIn(inView, active).map((index) => {
            const span = rows.rows[index]!;
            return (
              <SpanRow
                key={span}
                trace={trace}
                tree={rows.tree}
                sums={rows.sums}
                path={props.path}
                span={span}
                row={index}
                top={index * rowPx}
                height={rowPx}
                isClosed={rows.isClosed(span)}
                runs={rows.runs}
                run={rows.isFolded(span) ? "folded" : rows.isUnfolded(span) ? "unfolded" : undefined}
                heat={props.heat}
                isActive={index === active}
                isSelected={span === selected}
                isFound={found === undefined ? undefined : found[span] === 1}
                scale={scale}
                whole={whole}
                onSelect={props.onSelect}
                onToggle={rows.setClosed}
                onFold={rows.setFolded}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

function percent({ left, width }: TimePart): { readonly left: string; readonly width: string } {
  return { left: `${left * 100}%`, width: `${width * 100}%` };
}

function useRowHeight(): number {
  const [isNarrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const media = matchMedia(NARROW);
    const onChange = (): void => setNarrow(media.matches);
    media.addEventListener("change", onChange);
    return () => media.removeEventListener("change", onChange);
  }, []);
  return isNarrow ? NARROW_ROW_PX : ROW_PX;
}
