import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useKeys } from "../location/use-keys.ts";
import { useFocusAtFirst } from "../trace/use-focus-at-first.ts";
import { AlignedLine, rowId } from "./aligned-line.tsx";
import type { AlignedRow, Notability } from "./aligned-rows.ts";
import css from "./aligned-tree.module.css";
import type { Compared } from "./compared.ts";
import { SideBadge } from "./side-badge.tsx";

interface AlignedTreeProps {
  readonly compared: Compared;
  readonly found: Notability;
  readonly rows: readonly AlignedRow[];
  /** Place in the rows that the keyboard is at. */
  readonly active: number;
  /** Line that was chosen; -1 for none. */
  readonly selected: number;
  readonly isClosed: (line: number) => boolean;
  readonly grid: RefObject<HTMLDivElement | null>;
  /** For a row that stands for several, this moves the keyboard there. */
  readonly onRow: (row: AlignedRow) => void;
  /** Opens or closes what is below a line, or gives the lines of a run rows of their own. */
  readonly onTurn: (row: AlignedRow) => void;
  readonly onEnter: () => void;
}

const ROW_PX = 34;
const NARROW_ROW_PX = 52;
const NARROW = "(max-width: 640px)";
const OVERSCAN = 12;

/**
 * Both traces as one tree, a row for what is in the same place. Only rows in view are in the document; the focus stays
 * on the grid, which names the active row.
 */
export function AlignedTree(props: AlignedTreeProps) {
  const { compared, found, rows, active, selected, grid } = props;
  const { comparison } = compared;
  const scroller = useRef<HTMLDivElement>(null);
  const rowPx = useRowHeight();
  useFocusAtFirst(grid);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: OVERSCAN,
    rangeExtractor: (range) => {
      const indexes = defaultRangeExtractor(range);
      // What the grid names as active has to be in the document.
      return indexes.includes(active) ? indexes : [...indexes, active].sort((a, b) => a - b);
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height of a row is what changed
  useLayoutEffect(() => virtual.measure(), [rowPx]);
  const { scrollToIndex } = virtual;
  useEffect(() => {
    scrollToIndex(active, { align: "auto" });
  }, [active, scrollToIndex]);
  const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 300) / rowPx) - 1);
  const move = (to: number): void => {
    const row = rows[Math.min(rows.length - 1, Math.max(0, to))];
    if (row !== undefined) props.onRow(row);
  };
  useKeys({ j: () => move(active + 1), k: () => move(active - 1) });
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = rows[active];
    if (row === undefined) return;
    const { line, alike } = row;
    const hasBelow = comparison.size[line]! > 1;
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => move(active + 1),
      ArrowUp: () => move(active - 1),
      PageDown: () => move(active + page),
      PageUp: () => move(active - page),
      Home: () => move(0),
      End: () => move(rows.length - 1),
      ArrowRight: () => {
        if (alike > 0 || (hasBelow && props.isClosed(line))) props.onTurn(row);
        else if (hasBelow) move(active + 1);
      },
      ArrowLeft: () => {
        const above = comparison.parent[line]!;
        if (alike === 0 && hasBelow && !props.isClosed(line)) props.onTurn(row);
        else if (above >= 0) move(rows.findIndex((one) => one.alike === 0 && one.line === above));
      },
      Enter: () => (alike > 0 ? props.onTurn(row) : props.onEnter()),
      " ": () => props.onTurn(row),
    };
    const action = moves[event.key];
    if (action === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  };
  return (
    <div className={css.tree}>
      <div className={css.columns} aria-hidden="true">
        <span>What was done</span>
        <span>
          <SideBadge side="a" />
        </span>
        <span>
          <SideBadge side="b" />
        </span>
        <span>Δ duration</span>
        <span>Δ tokens</span>
        <span>Δ cost</span>
      </div>
      <div ref={scroller} className={css.scroller}>
        <div
          ref={grid}
          role="treegrid"
          aria-label="Both traces, line by line"
          aria-rowcount={rows.length}
          aria-activedescendant={rows.length > 0 ? rowId(active) : undefined}
          tabIndex={0}
          className={css.grid}
          style={{ height: virtual.getTotalSize() }}
          onKeyDown={onKeyDown}
        >
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index]!;
            return (
              <AlignedLine
                key={row.alike > 0 ? `run ${row.line}` : row.line}
                compared={compared}
                most={found.most}
                line={row.line}
                alike={row.alike}
                index={index}
                top={start}
                height={rowPx}
                isClosed={row.alike === 0 && props.isClosed(row.line)}
                isActive={index === active}
                isSelected={row.alike === 0 && row.line === selected}
                onRow={props.onRow}
                onTurn={props.onTurn}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
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
