import { type KeyboardEvent, useMemo, useState, useSyncExternalStore } from "react";
import { duration, many } from "../format/quantities.ts";
import { useKeys } from "../location/use-keys.ts";
import { findSpans } from "../trace/find-spans.ts";
import { heatOf, heatText } from "../trace/heat.ts";
import { infrastructureOf } from "../trace/infrastructure.ts";
import { nextInLane, spanAt, spansOfLane } from "../trace/lane-walk.ts";
import { shownTree } from "../trace/shown-tree.ts";
import { mainSpan, textOf } from "../trace/span-facts.ts";
import type { AnalysedTrace } from "../trace/use-analysis.ts";
import { useSpanInWindow } from "../trace/use-span-in-window.ts";
import { BetweenLanes } from "./between-lanes.tsx";
import { laneFrames, NARROW, WIDE } from "./lane-frames.ts";
import { laneLevels } from "./lane-levels.ts";
import { LanePlot } from "./lane-plot.tsx";
import { laneTimes } from "./lane-times.ts";
import css from "./lanes-view.module.css";
import type { LanesViewProps } from "./view-props.ts";

const narrow = matchMedia("(max-width: 640px)");

/** Who did what when, one lane for each agent: what they hand to each other, and who waits for whom. */
export function LanesView(props: LanesViewProps) {
  const { analysed, find, isBrief, selected, onSelect, window } = props;
  const { trace, analysis } = analysed;
  const isNarrow = useSyncExternalStore(onNarrow, () => narrow.matches);
  const measures = isNarrow ? NARROW : WIDE;
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const leftOut = useMemo(
    () => (isBrief ? infrastructureOf(trace, analysis.tree, analysis.rollUps) : undefined),
    [isBrief, trace, analysis],
  );
  const isLeftOut = (span: number): boolean => leftOut?.[span] === 1;
  const levels = useMemo(() => laneLevels(analysis, leftOut), [analysis, leftOut]);
  const labelOf = (lane: number): string => analysis.lanes.lanes[lane]?.label ?? "";
  // biome-ignore lint/correctness/useExhaustiveDependencies: labels are the analysis's
  const all = useMemo(
    () => laneFrames(levels, (lane) => closed.has(labelOf(lane)), measures),
    [levels, closed, measures, analysis],
  );
  const { heat: heatName } = props;
  const heat = useMemo(
    () => heatName && heatOf(heatName, trace, shownTree(analysis.tree, leftOut), analysis.clock),
    [heatName, trace, analysis, leftOut],
  );
  const found = useMemo(() => findSpans(trace, find), [trace, find]);
  const times = useMemo(() => laneTimes(analysis), [analysis]);
  const errors = useMemo(() => {
    const byLane = new Int32Array(analysis.lanes.lanes.length);
    for (let span = 0; span < trace.n; span++)
      if (trace.status[span] === 2) byLane[analysis.lanes.laneOf[span]!]!++;
    return byLane;
  }, [trace, analysis]);
  const onPath = useMemo(() => new Set(analysis.criticalPath.span), [analysis]);

  useSpanInWindow(selected, analysis.clock, props);

  const toggle = (lane: number): void =>
    setClosed((old) => {
      const next = new Set(old);
      if (!next.delete(labelOf(lane))) next.add(labelOf(lane));
      return next;
    });
  useKeys({
    "[": () => setClosed(new Set(analysis.lanes.lanes.map(({ label }) => label))),
    "]": () => setClosed(new Set()),
  });
  const at = selected >= 0 ? selected : mainSpan(trace);
  const go = (span: number | undefined): void => {
    if (span !== undefined) onSelect(span);
  };
  /** To the lane above or below, at the same time. */
  const goOver = (by: 1 | -1): void => {
    const from = all.frameOf[analysis.lanes.laneOf[at] ?? 0] ?? -1;
    const next = all.frames[from + by];
    if (next !== undefined) go(spanAt(analysis, next.lane, analysis.clock.start[at]!, isLeftOut));
  };
  const goToEnd = (index: 0 | -1): void =>
    go(spansOfLane(analysis, analysis.lanes.laneOf[at] ?? 0, isLeftOut).at(index));
  const moves: Readonly<Record<string, () => void>> = {
    ArrowRight: () => go(selected < 0 ? at : nextInLane(analysis, at, 1, isLeftOut)),
    ArrowLeft: () => go(nextInLane(analysis, at, -1, isLeftOut)),
    ArrowDown: () => goOver(1),
    ArrowUp: () => goOver(-1),
    j: () => goOver(1),
    k: () => goOver(-1),
    Home: () => goToEnd(0),
    End: () => goToEnd(-1),
    Enter: () => {
      if (selected < 0) go(at);
      props.onEnter();
    },
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = moves[event.key];
    if (move === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    move();
  };
  const said = (span: number): string =>
    [
      `${labelOf(analysis.lanes.laneOf[span]!)}: ${textOf(trace, "name", span) || "span without a name"}`,
      duration((analysis.clock.end[span]! - analysis.clock.start[span]!) / 1000),
      ...(heat !== undefined && heat.name !== "duration" ? [heatText(heat.name, heat.amounts[span]!)] : []),
      ...(trace.status[span] === 2 ? ["error"] : []),
      ...(onPath.has(span) ? ["on the critical path"] : []),
    ].join(", ");
  return (
    <div className={css.view}>
      <ClockNote analysed={analysed} />
      <LanePlot
        {...props}
        levels={levels}
        all={all}
        measures={measures}
        found={found}
        heat={heat}
        times={times}
        errors={errors}
        onToggle={toggle}
        onSelect={(span) => span >= 0 && onSelect(span)}
        onKeyDown={onKeyDown}
        said={selected < 0 ? "" : said(selected)}
      />
      <BetweenLanes
        analysed={analysed}
        times={times}
        window={window}
        place={props.place}
        selected={selected}
        onSelect={onSelect}
      />
    </div>
  );
}

const MOST_CLOCKS = 3;

/** Says which services' spans are not where they were sent. */
function ClockNote({ analysed }: { readonly analysed: AnalysedTrace }) {
  const { skews } = analysed.analysis.clock;
  if (skews.length === 0) return null;
  const told = skews.slice(0, MOST_CLOCKS).map(({ service, aheadUs }) => {
    const by = duration(Math.abs(aheadUs) / 1000);
    return `${analysed.trace.dict.service[service] || "a service"} is ${by} ${aheadUs > 0 ? "ahead" : "behind"}`;
  });
  const rest = skews.length > told.length ? ` and ${many(skews.length - told.length, "more service")}` : "";
  return (
    <p className={css.note}>
      Clocks differ: {told.join(", ")}
      {rest}. Lanes correct for it; the waterfall shows times as they were sent.
    </p>
  );
}

function onNarrow(listener: () => void): () => void {
  narrow.addEventListener("change", listener);
  return () => narrow.removeEventListener("change", listener);
}
