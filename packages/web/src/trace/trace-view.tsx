import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import type { FollowState } from "../api/follow.ts";
import { copyText } from "../elements/copy-button.tsx";
import { useNow } from "../format/now.ts";
import { go, type Place, withQuery } from "../location/place.ts";
import { useKeys } from "../location/use-keys.ts";
import { SpanPanel } from "../span/span-panel.tsx";
import { lastList } from "../traces/last-list.ts";
import type { FoundInTranscript } from "../transcript/transcript-view.tsx";
import { findSpans } from "./find-spans.ts";
import { FindingsStrip } from "./findings-strip.tsx";
import { type HeatName, heatOf, nextHeat, readHeat } from "./heat.ts";
import { idleGaps } from "./idle-gaps.ts";
import { Minimap } from "./minimap.tsx";
import { pathMarks } from "./path-marks.ts";
import { PathSummary } from "./path-summary.tsx";
import { rowOf } from "./shown-tree.ts";
import { mainSpan } from "./span-facts.ts";
import { timeScale } from "./time-scale.ts";
import { TraceHeader } from "./trace-header.tsx";
import { useTraceOrder } from "./trace-order.ts";
import { totalsOf } from "./trace-sums.ts";
import { isGrowing, printWindow, readWindow, sentTimes, type TimeWindow, wholeWindow } from "./trace-time.ts";
import { TraceToolbar } from "./trace-toolbar.tsx";
import css from "./trace-view.module.css";
import { useAnalysis } from "./use-analysis.ts";
import { useLaterView } from "./use-later-view.ts";
import { useSelection } from "./use-selection.ts";
import { useTraceRows } from "./use-trace-rows.ts";
import { useTraceWalk } from "./use-trace-walk.ts";
import { useWritten } from "./use-written.ts";
import { firstView, readView, TRACE_VIEWS, type TraceViewName, ViewSwitch } from "./view-switch.tsx";
import { Waterfall } from "./waterfall.tsx";
import { panned, zoomedAround, zoomedTo } from "./zoom.ts";

const GROW_MS = 500;
/** Of the window; shorter gaps stay. */
const LEAST_GAP = 0.05;
/** Traces that are larger have their repeats folded unless somebody unfolds them. */
const FOLDED_FROM = 2000;
/** By such a part of the window the keys move it. */
const PAN = 0.25;
/** What an address says of one trace alone. */
const OWN_PARAMETERS = ["span", "zoom", "tab", "in", "page", "log"];
/** Views that have the trace's time from left to right. */
const OVER_TIME: readonly TraceViewName[] = ["waterfall", "lanes"];

const WITH_HEAT: readonly TraceViewName[] = ["waterfall", "lanes", "graph"];

const TranscriptView = lazy(async () => ({
  default: (await import("../transcript/transcript-view.tsx")).TranscriptView,
}));

interface TraceViewProps {
  readonly trace: TraceColumns;
  readonly place: Place;
  readonly follow: FollowState;
}

/** One trace: what it is about, what is worth a look, its spans in one of several views, and the selected span. */
export function TraceView({ trace, place, follow }: TraceViewProps) {
  const [selectedId, select] = useSelection(place);
  const [zoomed, setZoomed] = useWritten(place, "zoom");
  // What a trace begins with does not change while it grows.
  const [first] = useState(() => firstView(trace));
  const view = readView(place.query.get("v")) ?? first;
  const [told, setTold] = useState<FoundInTranscript>();
  const isOverTime = view === "flame" ? place.query.get("flame") !== "merged" : OVER_TIME.includes(view);
  const isBrief = place.query.get("hide") === "infra";
  // Lanes are looked at to see who held up whom.
  const asked = place.query.get("cp");
  const showsPath = view === "lanes" ? asked !== "0" : asked === "1";
  const heatName = readHeat(place.query.get("heat"));
  const folds = (place.query.get("fold") ?? (trace.n > FOLDED_FROM ? "1" : "0")) === "1";
  const isIdleFolded = view === "waterfall" && place.query.get("idle") === "1";
  const rows = useTraceRows(trace, { isBrief, folds });
  const order = useTraceOrder(trace.traceId);
  const { analysed, hasFailed } = useAnalysis(trace);
  const LaterView = useLaterView(view);
  const grid = useRef<HTMLDivElement>(null);
  const panel = useRef<HTMLElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const [growing, setGrowing] = useState(() => isGrowing(trace, Date.now()));
  const nowMs = useNow(growing ? GROW_MS : undefined);
  useEffect(() => setGrowing(isGrowing(trace, nowMs)), [trace, nowMs]);

  const totals = useMemo(() => totalsOf(trace, rows.whole), [trace, rows.whole]);
  const whole = useMemo(() => wholeWindow(trace, nowMs), [trace, nowMs]);
  const window = useMemo(() => readWindow(zoomed ?? null, whole), [zoomed, whole]);
  const hasTimes = isIdleFolded || heatName !== undefined;
  const times = useMemo(() => (hasTimes ? sentTimes(trace, whole) : undefined), [hasTimes, trace, whole]);
  const gaps = useMemo(
    () => (isIdleFolded && times ? idleGaps(rows.tree, times, LEAST_GAP * (window.to - window.from)) : []),
    [isIdleFolded, rows.tree, times, window],
  );
  const scale = useMemo(() => timeScale(window, gaps), [window, gaps]);
  const heat = useMemo(
    () => (heatName && times && view === "waterfall" ? heatOf(heatName, trace, rows.tree, times) : undefined),
    [heatName, view, trace, rows.tree, times],
  );
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
    go(withQuery(place, { span: selectedId, zoom: zoomed, ...changes }), { replace: true });
  const zoom = (next: TimeWindow): void => setZoomed(printWindow(next, whole));
  const setHeat = (name: HeatName | undefined): void => write({ heat: name });
  const toggleFolds = (): void =>
    write({ fold: folds === trace.n > FOLDED_FROM ? (folds ? "0" : "1") : undefined });
  const toggleIdle = (): void => write({ idle: isIdleFolded ? undefined : "1" });
  const toggleBrief = (): void => write({ hide: isBrief ? undefined : "infra" });
  const togglePath = (): void =>
    write({ cp: showsPath === (view === "lanes") ? (showsPath ? "0" : "1") : undefined });
  /** Another view is another step for the back button. */
  const showView = (next: TraceViewName): void =>
    go(withQuery(place, { span: selectedId, zoom: zoomed, v: next === first ? undefined : next }));
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
  /** What the page is looked at with stays; what belongs to this trace does not. */
  const goTo = (id: string | undefined): void => {
    if (id === undefined) return;
    const gone = Object.fromEntries(OWN_PARAMETERS.map((name) => [name, undefined]));
    go(withQuery({ path: `/traces/${id}`, query: place.query }, gone), { replace: true });
  };
  const walkFound = (by: 1 | -1): void =>
    view === "transcript" ? told?.walk(by) : walk.to(by, (span) => found?.[span] === 1);
  const enter = (): void => panel.current?.focus();
  const leave = (): boolean => {
    if (panel.current?.contains(document.activeElement)) grid.current?.focus();
    else go(lastList());
    return true;
  };
  useKeys({
    "/": () => (search.current === null ? false : search.current.focus()),
    ...Object.fromEntries(TRACE_VIEWS.map(({ key, name }) => [key, () => showView(name)])),
    c: togglePath,
    e: () => walk.error(1),
    E: () => walk.error(-1),
    n: () => walkFound(1),
    N: () => walkFound(-1),
    ".": () => walk.inLane(1),
    ",": () => walk.inLane(-1),
    ...(view === "waterfall" && { "[": rows.closeAll, "]": rows.openAll }),
    ...(WITH_HEAT.includes(view) && { h: () => setHeat(nextHeat(heatName)) }),
    ...(view === "waterfall" && { z: toggleIdle, x: toggleFolds }),
    J: () => goTo(order.next),
    K: () => goTo(order.previous),
    ...(isOverTime && {
      w: () => zoom(zoomedAround(window, 1 / 2, whole)),
      s: () => zoom(zoomedAround(window, 2, whole)),
      a: () => zoom(panned(window, -PAN, whole)),
      d: () => zoom(panned(window, PAN, whole)),
      f: () => zoom(zoomedTo(trace, shown, whole)),
    }),
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
    heat: heatName,
    selected: selectedThen,
    onSelect: (span: number) => select(analysed?.trace.id[span]),
    onZoom: zoom,
    onEnter: enter,
  };
  return (
    <div className={css.view} data-open={selected >= 0} data-view={view}>
      <TraceHeader trace={trace} totals={totals} whole={whole} follow={follow} order={order} onTrace={goTo} />
      <TraceToolbar
        find={find}
        foundCount={view === "transcript" ? told?.count : foundCount}
        isText={view === "transcript"}
        isPlain={view === "logs" || view === "raw"}
        hasHeat={WITH_HEAT.includes(view)}
        input={search}
        onFind={(text) => write({ find: text })}
        onNext={() => walkFound(1)}
        onPrevious={() => walkFound(-1)}
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
        heat={heatName}
        onHeat={setHeat}
        {...(view === "waterfall" && {
          folds,
          hasRuns: rows.hasRuns,
          onFolds: toggleFolds,
          isIdleFolded,
          idleFolds: scale.folds,
          onIdle: toggleIdle,
        })}
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
              scale={scale}
              whole={whole}
              heat={heat}
              active={rowOf(rows.tree, rows.rows, shown)}
              selected={selected}
              found={found}
              path={path}
              grid={grid}
              onSelect={(span) => select(trace.id[span])}
              onEnter={enter}
            />
          ) : view === "transcript" ? (
            <Suspense fallback={<div className={css.explaining} />}>
              <TranscriptView
                trace={trace}
                find={find}
                selected={selected}
                feed={grid}
                onSelect={select}
                onEnter={enter}
                onFound={setTold}
              />
            </Suspense>
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
