import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { useEffect, useMemo, useRef, useState } from "react";
import type { FollowState } from "../api/follow.ts";
import { copyText } from "../elements/copy-button.tsx";
import { useNow } from "../format/now.ts";
import { go, type Place, withQuery } from "../location/place.ts";
import { useKeys } from "../location/use-keys.ts";
import { SpanPanel } from "../span/span-panel.tsx";
import { lastList } from "../traces/last-list.ts";
import { ErrorStrip } from "./error-strip.tsx";
import { findSpans } from "./find-spans.ts";
import { Minimap } from "./minimap.tsx";
import { mainSpan } from "./span-facts.ts";
import { TraceHeader } from "./trace-header.tsx";
import { isGrowing, printWindow, readWindow, type TimeWindow, wholeWindow } from "./trace-time.ts";
import { TraceToolbar } from "./trace-toolbar.tsx";
import { totalsOf } from "./trace-totals.ts";
import { rowOf } from "./trace-tree.ts";
import css from "./trace-view.module.css";
import { useSelection } from "./use-selection.ts";
import { useTraceRows } from "./use-trace-rows.ts";
import { Waterfall } from "./waterfall.tsx";
import { zoomedAround, zoomedTo } from "./zoom.ts";

const GROW_MS = 500;

interface TraceViewProps {
  readonly trace: TraceColumns;
  readonly place: Place;
  readonly follow: FollowState;
}

/** One trace: what it is about, its spans over time, and the details of the selected one. */
export function TraceView({ trace, place, follow }: TraceViewProps) {
  const [selectedId, select] = useSelection(place);
  const isBrief = place.query.get("hide") === "infra";
  const rows = useTraceRows(trace, isBrief);
  const grid = useRef<HTMLDivElement>(null);
  const panel = useRef<HTMLElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const [growing, setGrowing] = useState(() => isGrowing(trace, Date.now()));
  const nowMs = useNow(growing ? GROW_MS : undefined);
  useEffect(() => setGrowing(isGrowing(trace, nowMs)), [trace, nowMs]);

  const totals = useMemo(() => totalsOf(trace), [trace]);
  const whole = useMemo(() => wholeWindow(trace, nowMs), [trace, nowMs]);
  const zoomed = place.query.get("zoom");
  const window = useMemo(() => readWindow(zoomed, whole), [zoomed, whole]);
  const find = place.query.get("find") ?? "";
  const found = useMemo(() => findSpans(trace, find), [trace, find]);
  const foundCount = useMemo(
    () => found && rows.tree.order.reduce((sum, span) => sum + found[span]!, 0),
    [found, rows.tree],
  );
  const selected = useMemo(
    () => (selectedId === undefined ? -1 : trace.id.indexOf(selectedId)),
    [trace, selectedId],
  );
  const shown = selected >= 0 ? selected : mainSpan(trace);

  const write = (changes: Readonly<Record<string, string | undefined>>): void =>
    go(withQuery(place, { span: selectedId, ...changes }), { replace: true });
  const zoom = (next: TimeWindow): void => write({ zoom: printWindow(next, whole) });
  const toggleBrief = (): void => write({ hide: isBrief ? undefined : "infra" });
  const jump = (span: number): void => {
    if (span < 0) return;
    rows.reveal(span);
    select(trace.id[span]);
  };
  /** The next span in the order of the rows, closed ones included, for which it holds; around the end. */
  const jumpTo = (by: 1 | -1, holds: (span: number) => boolean): void => {
    const { order, place: placed } = rows.tree;
    const from = selected >= 0 ? placed[selected]! : by > 0 ? -1 : order.length;
    for (let step = 1; step <= order.length; step++) {
      const span = order[(from + by * step + order.length * 2) % order.length]!;
      if (!holds(span)) continue;
      jump(span);
      return;
    }
  };
  const isError = (span: number): boolean => trace.status[span] === 2;
  const isFound = (span: number): boolean => found?.[span] === 1;
  const nextError = (): void => {
    if (selected < 0 && totals.firstError >= 0) jump(totals.firstError);
    else jumpTo(1, isError);
  };
  const leave = (): boolean => {
    if (panel.current?.contains(document.activeElement)) grid.current?.focus();
    else go(lastList());
    return true;
  };
  useKeys({
    "/": () => search.current?.focus(),
    e: nextError,
    E: () => jumpTo(-1, isError),
    n: () => jumpTo(1, isFound),
    N: () => jumpTo(-1, isFound),
    "[": rows.closeAll,
    "]": rows.openAll,
    "+": () => zoom(zoomedTo(trace, shown, whole)),
    "=": () => zoom(zoomedTo(trace, shown, whole)),
    "-": () => zoom(zoomedAround(window, 2, whole)),
    "0": () => zoom(whole),
    i: () => rows.infrastructure > 0 && toggleBrief(),
    y: () => void copyText(location.href),
    Escape: leave,
  });
  // Keys work at once, also for who came by keyboard.
  useEffect(() => {
    if (document.activeElement === document.body) grid.current?.focus({ preventScroll: true });
  }, []);

  return (
    <div className={css.view} data-open={selected >= 0}>
      <TraceHeader trace={trace} totals={totals} whole={whole} follow={follow} />
      <TraceToolbar
        find={find}
        foundCount={foundCount}
        input={search}
        onFind={(text) => write({ find: text })}
        onNext={() => jumpTo(1, isFound)}
        onPrevious={() => jumpTo(-1, isFound)}
        onLeave={() => grid.current?.focus()}
        infrastructure={rows.infrastructure}
        isBrief={isBrief}
        onBrief={toggleBrief}
        onOpenAll={rows.openAll}
        onCloseAll={rows.closeAll}
        isZoomed={window !== whole}
        onWhole={() => zoom(whole)}
      >
        <ErrorStrip
          trace={trace}
          totals={totals}
          onShow={jump}
          onNext={nextError}
          onPrevious={() => jumpTo(-1, isError)}
        />
      </TraceToolbar>
      <div className={css.body}>
        <div className={css.left}>
          <Minimap trace={trace} tree={rows.tree} window={window} whole={whole} onZoom={zoom} />
          <Waterfall
            trace={trace}
            rows={rows}
            window={window}
            whole={whole}
            active={rowOf(rows.tree, rows.rows, shown)}
            selected={selected}
            found={found}
            grid={grid}
            onSelect={(span) => select(trace.id[span])}
            onEnter={() => panel.current?.focus()}
          />
        </div>
        <SpanPanel
          trace={trace}
          span={shown}
          totals={rows.tree}
          place={place}
          panel={panel}
          onClose={() => {
            select(undefined);
            grid.current?.focus();
          }}
        />
      </div>
    </div>
  );
}
