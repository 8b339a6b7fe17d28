import { useMemo, useRef, useState } from "react";
import { Button } from "../elements/button.tsx";
import { useNow } from "../format/now.ts";
import { go, type Place, withQuery } from "../location/place.ts";
import { useKeys } from "../location/use-keys.ts";
import { useSelection } from "../trace/use-selection.ts";
import {
  type AlignedRow,
  alignedRows,
  isClosed,
  notability,
  type OpenState,
  revealed,
  rowOfLine,
  UNTOUCHED,
} from "./aligned-rows.ts";
import { AlignedTree } from "./aligned-tree.tsx";
import { CompareHead } from "./compare-head.tsx";
import css from "./compare-view.module.css";
import { COMPARE_VIEWS, type CompareViewName, readCompareView } from "./compare-views.ts";
import type { Compared } from "./compared.ts";
import { GraphDiffView } from "./graph-diff-view.tsx";
import { lineAt, printLine } from "./line-address.ts";
import { PairPanel } from "./pair-panel.tsx";
import type { Side } from "./side-badge.tsx";
import { StatsView } from "./stats-view.tsx";
import { TraceChooser } from "./trace-chooser.tsx";
import { Verdict } from "./verdict.tsx";

interface CompareViewProps {
  readonly compared: Compared;
  readonly place: Place;
  readonly onLeave: () => void;
  readonly onAgain: () => void;
}

const AGO_MS = 30_000;

/** Two traces that are there: how they differ as a whole, where they parted, and one of three views of both. */
export function CompareView({ compared, place, onLeave, onAgain }: CompareViewProps) {
  const { comparison } = compared;
  const view = readCompareView(place.query.get("v"));
  const nowMs = useNow(AGO_MS);
  const found = useMemo(() => notability(compared), [compared]);
  const [at, select] = useSelection(place);
  const selected = useMemo(() => lineAt(compared, at), [compared, at]);
  const [open, setOpen] = useState<OpenState>(() =>
    selected < 0 ? UNTOUCHED : revealed(comparison, found.notable, UNTOUCHED, selected),
  );
  const [cursor, setCursor] = useState(Math.max(0, selected));
  const [choosing, setChoosing] = useState<Side>();
  const grid = useRef<HTMLDivElement>(null);
  const panel = useRef<HTMLElement>(null);
  const rows = useMemo(() => alignedRows(comparison, found.notable, open), [comparison, found, open]);
  const closed = (line: number): boolean => isClosed(comparison, found.notable, open, line);

  /** Another view is another step for the back button. */
  const showView = (name: CompareViewName, span = at): void =>
    go(withQuery(place, { span, v: name === "aligned" ? undefined : name }));
  const onRow = ({ line, alike }: AlignedRow): void => {
    setCursor(line);
    if (alike === 0) select(printLine(compared, line));
  };
  const jump = (line: number): void => {
    setOpen((old) => revealed(comparison, found.notable, old, line));
    setCursor(line);
    select(printLine(compared, line));
    if (view !== "aligned") showView("aligned", printLine(compared, line));
    grid.current?.focus({ preventScroll: true });
  };
  const onTurn = ({ line, alike }: AlignedRow): void => {
    setCursor(line);
    setOpen((old) => {
      if (alike > 0) return { ...old, runs: new Set(old.runs).add(line) };
      const turned = new Set(old.turned);
      if (!turned.delete(line)) turned.add(line);
      return { ...old, turned };
    });
  };
  const step = (by: 1 | -1): void => {
    const lines = found.differences;
    if (lines.length === 0) return;
    const next = by > 0 ? lines.find((line) => line > cursor) : lines.findLast((line) => line < cursor);
    jump(next ?? (by > 0 ? lines[0]! : lines.at(-1)!));
  };
  /** A span of one of the traces, in the panel beside whatever is shown. */
  const showSpan = (side: Side, row: number): void => {
    const line = comparison[side].indexOf(row);
    if (line < 0) return;
    setOpen((old) => revealed(comparison, found.notable, old, line));
    setCursor(line);
    select(printLine(compared, line));
  };
  const swap = (): void => {
    const { a, b } = compared;
    const span = at?.replace(/^./, (side) => (side === "a" ? "b" : "a"));
    go(withQuery(place, { a: b.trace.traceId, b: a.trace.traceId, span }), { replace: true });
  };
  const leave = (): boolean => {
    if (choosing !== undefined) setChoosing(undefined);
    else if (panel.current?.contains(document.activeElement)) grid.current?.focus();
    else if (selected >= 0) select(undefined);
    else onLeave();
    return true;
  };
  useKeys({
    d: () => comparison.firstDivergence >= 0 && jump(comparison.firstDivergence),
    m: () => comparison.timeDifference >= 0 && jump(comparison.timeDifference),
    n: () => step(1),
    N: () => step(-1),
    x: swap,
    c: () => setChoosing("a"),
    "1": () => showView("aligned"),
    "2": () => showView("graph"),
    "3": () => showView("stats"),
    ...(view === "aligned" && {
      "[": () => setOpen(UNTOUCHED),
      "]": () => setOpen({ ...UNTOUCHED, isAll: true }),
    }),
    Escape: leave,
  });
  return (
    <div className={css.view} data-open={selected >= 0}>
      <CompareHead
        compared={compared}
        nowMs={nowMs}
        choosing={choosing}
        onChoose={(side) => setChoosing(choosing === side ? undefined : side)}
        onSwap={swap}
        onAgain={onAgain}
      >
        {choosing !== undefined && (
          <TraceChooser
            key={choosing}
            side={choosing}
            other={compared[choosing === "a" ? "b" : "a"].trace}
            taken={[compared.a.trace.traceId, compared.b.trace.traceId]}
            isFocused
            onLeave={() => {
              setChoosing(undefined);
              grid.current?.focus();
            }}
            onChoose={(reference) => go(withQuery(place, { [choosing]: reference, span: undefined }))}
          />
        )}
      </CompareHead>
      <Verdict compared={compared} differences={found.differences.length} onShow={jump} />
      <div className={css.tools}>
        <div role="group" aria-label="View" className={css.views}>
          {COMPARE_VIEWS.map(({ name, label, key }) => (
            <button
              key={name}
              type="button"
              aria-pressed={name === view}
              title={`${label} (${key})`}
              onClick={() => showView(name)}
            >
              {label}
            </button>
          ))}
        </div>
        {view === "aligned" && (
          <span className={css.opening}>
            <Button
              variant="quiet"
              icon="expand"
              title="Open all (])"
              onClick={() => setOpen({ ...UNTOUCHED, isAll: true })}
            >
              All spans
            </Button>
            <Button
              variant="quiet"
              icon="collapse"
              title="Only what differs ([)"
              onClick={() => setOpen(UNTOUCHED)}
            >
              Only what differs
            </Button>
          </span>
        )}
      </div>
      <div className={css.body}>
        {view === "aligned" && (
          <AlignedTree
            compared={compared}
            found={found}
            rows={rows}
            active={rowOfLine(rows, cursor)}
            selected={selected}
            isClosed={closed}
            grid={grid}
            onRow={onRow}
            onTurn={onTurn}
            onEnter={() => panel.current?.focus()}
          />
        )}
        {view === "graph" && <GraphDiffView compared={compared} onShow={showSpan} />}
        {view === "stats" && <StatsView compared={compared} onShow={showSpan} />}
        {selected >= 0 && (
          <PairPanel
            compared={compared}
            line={selected}
            place={place}
            panel={panel}
            onClose={() => {
              select(undefined);
              grid.current?.focus();
            }}
          />
        )}
      </div>
    </div>
  );
}
