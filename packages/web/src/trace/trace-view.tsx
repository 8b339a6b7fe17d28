import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { useEffect, useMemo, useRef, useState } from "react";
import type { FollowState } from "../api/follow.ts";
import { copyText } from "../elements/copy-button.tsx";
import { useNow } from "../format/now.ts";
import { go, type Place, withQuery } from "../location/place.ts";
import { useKeys } from "../location/use-keys.ts";
import { SpanPanel } from "../span/span-panel.tsx";
import { lastList } from "../traces/last-list.ts";
import { findSpans } from "./find-spans.ts";
import { FindingsStrip } from "./findings-strip.tsx";
import { Minimap } from "./minimap.tsx";
import { pathMarks } from "./path-marks.ts";
import { PathSummary } from "./path-summary.tsx";
import { rowOf } from "./shown-tree.ts";
import { mainSpan } from "./span-facts.ts";
import { TraceHeader } from "./trace-header.tsx";
import { totalsOf } from "./trace-sums.ts";
import { isGrowing, printWindow, readWindow, type TimeWindow, wholeWindow } from "./trace-time.ts";
import { TraceToolbar } from "./trace-toolbar.tsx";
import css from "./trace-view.module.css";
import { useAnalysis } from "./use-analysis.ts";
import { useLaterView } from "./use-later-view.ts";
import { useSelection } from "./use-selection.ts";
import { useTraceRows } from "./use-trace-rows.ts";
import { useTraceWalk } from "./use-trace-walk.ts";
import { readView, TRACE_VIEWS, type TraceViewName, ViewSwitch } from "./view-switch.tsx";
import { Waterfall } from "./waterfall.tsx";
import { zoomedAround, zoomedTo } from "./zoom.ts";

const GROW_MS = 500;
/** Views that have the trace's time from left to right. */
const OVER_TIME: readonly TraceViewName[] = ["waterfall", "lanes"];

interface TraceViewProps {
  readonly trace: TraceColumns;
  readonly place: Place;
  readonly follow: FollowState;
}

/** One trace: what it is about, what is worth a look, its spans in one of several views, and the selected span. */
export function TraceView({ trace, place, follow }: TraceViewProps) {
  const [selectedId, select] = useSelection(place);
  const view = readView(place.query.get("v"));
  const isOverTime = view === "flame" ? place.query.get("flame") !== "merged" : OVER_TIME.includes(view);
  const isBrief = place.query.get("hide") === "infra";
  // Lanes are looked at to see who held up whom.
  const asked = place.query.get("cp");
  const showsPath = view === "lanes" ? asked !== "0" : asked === "1";
  const rows = useTraceRows(trace, isBrief);
  const { analysed, hasFailed } = useAnalysis(trace);
  const LaterView = useLaterView(view);
  const grid = useRef<HTMLDivElement>(null);
  const panel = useRef<HTMLElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const [growing, setGrowing] = useState(() => isGrowing(trace, Date.now()));
  const nowMs = useNow(growing ? GROW_MS : undefined);
  useEffect(() => setGrowing(isGrowing(trace, nowMs)), [trace, nowMs]);

  const totals = useMemo(() => totalsOf(trace, rows.whole, rows.sums), [trace, rows.whole, rows.sums]);
  const whole = useMemo(() => wholeWindow(trace, nowMs), [trace, nowMs]);
  const zoomed = place.query.get("zoom");
  const window = useMemo(() => readWindow(zoomed, whole), [zoomed, whole]);
  const find = place.query.get("find") ?? "";
  const found = useMemo(() => findSpans(trace, find), [trace, find]);
  const foundCount = useMemo(
    () => found && rows.tree.order.reduce((sum, span) => sum + found[span]!, 0),
    [found, rows.tree],
  );
  const rowIn = (columns: TraceColumns): number =>
    selectedId === undefined ? -1 : columns.id.indexOf(selectedId);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the function is made of these
  const selected = useMemo(() => rowIn(trace), [trace, selectedId]);
  const selectedThen = analysed === undefined || analysed.trace === trace ? selected : rowIn(analysed.trace);
  const shown = selected >= 0 ? selected : mainSpan(trace);

  const write = (changes: Readonly<Record<string, string | undefined>>): void =>
    go(withQuery(place, { span: selectedId, ...changes }), { replace: true });
  const zoom = (next: TimeWindow): void => write({ zoom: printWindow(next, whole) });
  const toggleBrief = (): void => write({ hide: isBrief ? undefined : "infra" });
  const togglePath = (): void =>
    write({ cp: showsPath === (view === "lanes") ? (showsPath ? "0" : "1") : undefined });
  /** Another view is another step for the back button. */
  const showView = (next: TraceViewName): void =>
    go(withQuery(place, { span: selectedId, v: next === "waterfall" ? undefined : next }));
  const jump = (span: number): void => {
    if (span < 0) return;
    rows.reveal(span);
    select(trace.id[span]);
  };
  const walk = useTraceWalk(trace, analysed, rows, { selected, shown }, jump);
  const { rowNow } = walk;
  const path = useMemo(
    () => (showsPath && analysed !== undefined ? pathMarks(trace, analysed, rows.tree, rowNow) : undefined),
    [showsPath, analysed, trace, rows.tree, rowNow],
  );
  const isFound = (span: number): boolean => found?.[span] === 1;
  const enter = (): void => panel.current?.focus();
  const leave = (): boolean => {
    if (panel.current?.contains(document.activeElement)) grid.current?.focus();
    else go(lastList());
    return true;
  };
  useKeys({
    "/": () => search.current?.focus(),
    ...Object.fromEntries(TRACE_VIEWS.map(({ key, name }) => [key, () => showView(name)])),
    c: togglePath,
    e: () => walk.error(1),
    E: () => walk.error(-1),
    n: () => walk.to(1, isFound),
    N: () => walk.to(-1, isFound),
    ".": () => walk.inLane(1),
    ",": () => walk.inLane(-1),
    ...(view === "waterfall" && { "[": rows.closeAll, "]": rows.openAll }),
    "+": () => zoom(zoomedTo(trace, shown, whole)),
    "=": () => zoom(zoomedTo(trace, shown, whole)),
    "-": () => zoom(zoomedAround(window, 2, whole)),
    "0": () => zoom(whole),
    i: () => rows.infrastructure > 0 && toggleBrief(),
    y: () => void copyText(location.href),
    Escape: leave,
  });

  const common = {
    ...{ whole, window, find, isBrief, showsPath, grid, place },
    selected: selectedThen,
    onSelect: (span: number) => select(analysed?.trace.id[span]),
    onZoom: zoom,
    onEnter: enter,
  };
  return (
    <div className={css.view} data-open={selected >= 0} data-view={view}>
      <TraceHeader trace={trace} totals={totals} whole={whole} follow={follow} />
      <TraceToolbar
        find={find}
        foundCount={foundCount}
        input={search}
        onFind={(text) => write({ find: text })}
        onNext={() => walk.to(1, isFound)}
        onPrevious={() => walk.to(-1, isFound)}
        onLeave={() => grid.current?.focus()}
        infrastructure={rows.infrastructure}
        isBrief={isBrief}
        onBrief={toggleBrief}
        onOpenAll={view === "waterfall" ? rows.openAll : undefined}
        onCloseAll={view === "waterfall" ? rows.closeAll : undefined}
        isZoomed={window !== whole}
        onWhole={() => zoom(whole)}
        showsPath={showsPath}
        onPath={togglePath}
      >
        <ViewSwitch view={view} onView={showView} />
      </TraceToolbar>
      {analysed !== undefined && (
        <FindingsStrip analysed={analysed} selected={selectedThen} onShow={(span) => jump(rowNow(span))} />
      )}
      {/* Errors are found in any case: room is kept for them. */}
      {analysed === undefined && !hasFailed && totals.errors > 0 && <div className={css.findings} />}
      {showsPath && analysed !== undefined && <PathSummary analysis={analysed.analysis} />}
      <div className={css.body}>
        <div className={css.left}>
          {isOverTime && (
            <Minimap
              trace={trace}
              tree={rows.tree}
              errors={rows.sums.errors}
              window={window}
              whole={whole}
              onZoom={zoom}
            />
          )}
          {view === "waterfall" ? (
            <Waterfall
              trace={trace}
              rows={rows}
              window={window}
              whole={whole}
              active={rowOf(rows.tree, rows.rows, shown)}
              selected={selected}
              found={found}
              path={path}
              grid={grid}
              onSelect={(span) => select(trace.id[span])}
              onEnter={enter}
            />
          ) : analysed === undefined || LaterView === undefined ? (
            <Explaining hasFailed={hasFailed} />
          ) : (
            <LaterView analysed={analysed} {...common} />
          )}
        </div>
        <SpanPanel
          trace={trace}
          span={shown}
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

function Explaining({ hasFailed }: { readonly hasFailed: boolean }) {
  return hasFailed ? (
    <p className={css.explaining} role="alert">
      What happened between the agents could not be told. The waterfall shows all spans.
    </p>
  ) : (
    <p className={css.explaining} role="status">
      Looking at who waited for whom
    </p>
  );
}
