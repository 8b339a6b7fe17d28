import { type KeyboardEvent, useMemo } from "react";
import { many } from "../format/quantities.ts";
import type { LanesViewProps } from "../lanes/view-props.ts";
import { go, withQuery } from "../location/place.ts";
import { findSpans } from "../trace/find-spans.ts";
import type { ShownTree } from "../trace/shown-tree.ts";
import { aside, textOf } from "../trace/span-facts.ts";
import { lookOfSpan } from "../trace/span-look.ts";
import { readStep } from "./flame-keys.ts";
import { amountsOf, amountText, type FlameMeasure } from "./flame-measures.ts";
import { FlamePlot } from "./flame-plot.tsx";
import { stepFrom } from "./flame-sheet.ts";
import css from "./flame-view.module.css";
import { mergedSheet, mergePaths, sumPaths } from "./merged-sheet.ts";
import type { FlameFacts } from "./paint-flame.ts";

interface MergedFlameProps extends LanesViewProps {
  readonly tree: ShownTree;
  readonly measure: FlameMeasure;
}

/** Spans that were called along the same way put together, as wide as what they add up to. */
export function MergedFlame(props: MergedFlameProps) {
  const { analysed, tree, measure, find, place, selected, onSelect } = props;
  const { trace, analysis } = analysed;
  const paths = useMemo(() => mergePaths(trace, tree), [trace, tree]);
  const sums = useMemo(
    () => sumPaths(paths, amountsOf(measure, trace, tree, analysis.clock)),
    [paths, measure, trace, tree, analysis],
  );
  const sheet = useMemo(() => mergedSheet(paths, sums), [paths, sums]);
  const found = useMemo(() => {
    const rows = findSpans(trace, find);
    if (rows === undefined) return undefined;
    const bars = new Uint8Array(paths.count);
    for (let row = 0; row < trace.n; row++)
      if (rows[row] === 1 && paths.barOf[row]! >= 0) bars[paths.barOf[row]!] = 1;
    return bars;
  }, [trace, find, paths]);
  const facts = useMemo((): FlameFacts => {
    const nameOf = (bar: number): string => textOf(trace, "name", paths.longest[bar]!) || "(no name)";
    return {
      label: (bar) => `${nameOf(bar)}${paths.spans[bar]! > 1 ? ` ×${paths.spans[bar]}` : ""}`,
      color: (bar) => lookOfSpan(trace, paths.longest[bar]!).color,
      isRunning: () => false,
      failed: (bar) => paths.errors[bar]! / paths.spans[bar]!,
      isOrigin: () => false,
      found,
    };
  }, [trace, paths, found]);
  const all = sheet.whole.to;
  const barOf = (row: number): number => {
    const bar = row < 0 ? -1 : (paths.barOf[row] ?? -1);
    return bar >= 0 && sheet.levelOf[bar]! >= 0 ? bar : -1;
  };
  const within = place.query.get("in");
  const opened = within === null ? -1 : barOf(trace.id.indexOf(within));
  const window = useMemo(
    () => (opened < 0 ? sheet.whole : { from: sheet.from[opened]!, to: sheet.to[opened]! }),
    [sheet, opened],
  );
  const open = (bar: number): void =>
    go(withQuery(place, { in: bar < 0 ? undefined : trace.id[paths.longest[bar]!] }), { replace: true });
  const bar = barOf(selected);
  const pick = (next: number): void => {
    // The same bar stays with the span of it that is selected.
    if (next !== bar) onSelect(paths.longest[next]!);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const first = sheet.bars[0] ?? -1;
    const step = readStep(event.key);
    const keys: Readonly<Record<string, () => void>> = {
      "+": () => open(bar),
      "=": () => open(bar),
      "-": () => open(opened < 0 ? -1 : paths.parent[opened]!),
      "0": () => open(-1),
      Enter: props.onEnter,
    };
    const act = step === undefined ? keys[event.key] : () => pick(stepFrom(sheet, bar, step));
    if (act === undefined || first < 0) return;
    event.preventDefault();
    if (bar < 0) pick(first);
    else act();
  };
  if (all <= 0)
    return (
      <p className={css.nothing}>
        {measure === "cost"
          ? "No cost is known for this trace."
          : `This trace has no ${measure === "tokens" ? "tokens" : "time"} to show.`}
      </p>
    );
  const told = (at: number): readonly string[] => [
    `${amountText(measure, sums.total[at]!)}, ${percent(sums.total[at]! / all)} of all`,
    `${amountText(measure, sums.own[at]!)} its own`,
    many(paths.spans[at]!, "span"),
  ];
  return (
    <FlamePlot
      sheet={sheet}
      facts={facts}
      window={window}
      selected={bar}
      label="Spans of one way merged"
      hint="Up leads to the bar above, down to the largest below, left and right to its siblings, + makes it as wide as the view, 0 shows all, Enter leads into the details of its longest span. The table below says the same in words."
      said={bar < 0 ? "" : [facts.label(bar), ...told(bar)].join(", ")}
      amount={(at) => amountText(measure, at)}
      tip={(at) => (
        <>
          <strong>{textOf(trace, "name", paths.longest[at]!) || "(no name)"}</strong>
          <span>{aside(trace, paths.longest[at]!)}</span>
          {told(at).map((line) => (
            <span key={line}>{line}</span>
          ))}
          {paths.errors[at]! > 0 && <em>{many(paths.errors[at]!, "error")}</em>}
        </>
      )}
      stage={props.grid}
      onSelect={pick}
      onOpen={open}
      onDragged={(range) => {
        const widest = widestWithin(sheet, range);
        if (widest >= 0) open(widest);
      }}
      onKeyDown={onKeyDown}
    />
  );
}

function percent(share: number): string {
  return share > 0 && share < 0.005 ? "<1 %" : `${Math.round(share * 100)} %`;
}

/** The bar that has most of a range, the deepest of those that have all of it. */
function widestWithin(
  { bars, from, to }: { readonly bars: Int32Array; readonly from: Float64Array; readonly to: Float64Array },
  range: { readonly from: number; readonly to: number },
): number {
  let widest = -1;
  let most = 0;
  for (const bar of bars) {
    const shared = Math.min(range.to, to[bar]!) - Math.max(range.from, from[bar]!);
    if (shared < most || shared <= 0) continue;
    widest = bar;
    most = shared;
  }
  return widest;
}
