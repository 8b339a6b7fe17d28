import { type KeyboardEvent, useMemo } from "react";
import { duration } from "../format/quantities.ts";
import type { LanesViewProps } from "../lanes/view-props.ts";
import { findSpans } from "../trace/find-spans.ts";
import { ownStretches, ownTimes } from "../trace/own-times.ts";
import type { ShownTree } from "../trace/shown-tree.ts";
import { aside, mainSpan, textOf } from "../trace/span-facts.ts";
import { lookOfSpan } from "../trace/span-look.ts";
import { isRunning } from "../trace/trace-time.ts";
import { useSpanInWindow } from "../trace/use-span-in-window.ts";
import { within } from "../trace/zoom.ts";
import { readStep } from "./flame-keys.ts";
import { FlamePlot } from "./flame-plot.tsx";
import { stepFrom } from "./flame-sheet.ts";
import type { FlameFacts } from "./paint-flame.ts";
import { timeSheet } from "./time-sheet.ts";

/** Room left and right of a span that is zoomed to, as a part of its length. */
const MARGIN = 0.05;

/** Spans over time; zoom and selection are those of the page. */
export function TimeFlame(props: LanesViewProps & { readonly tree: ShownTree }) {
  const { analysed, tree, window, whole, find, selected, onSelect, onZoom } = props;
  const { trace, analysis } = analysed;
  const { start } = analysis.clock;
  const end = useMemo(() => {
    const ends = analysis.clock.end.slice();
    for (let row = 0; row < trace.n; row++)
      if (isRunning(trace, row)) ends[row] = Math.max(ends[row]!, whole.to);
    return ends;
  }, [trace, analysis, whole]);
  const sheet = useMemo(() => timeSheet(tree, { start, end }), [tree, start, end]);
  const own = useMemo(() => ownTimes(ownStretches(tree, { start, end }), trace.n), [tree, start, end, trace]);
  const found = useMemo(() => findSpans(trace, find), [trace, find]);
  const facts = useMemo((): FlameFacts => {
    const { errors } = analysis.rollUps;
    return {
      label: (row) => textOf(trace, "name", row) || "(no name)",
      color: (row) => lookOfSpan(trace, row).color,
      isRunning: (row) => isRunning(trace, row),
      failed: (row) => (trace.status[row] === 2 ? 1 : 0),
      isOrigin: (row) => trace.status[row] === 2 && errors[row] === 1,
      found,
    };
  }, [trace, analysis, found]);
  useSpanInWindow(selected, analysis.clock, props);
  const at = selected >= 0 && sheet.levelOf[selected]! >= 0 ? selected : mainSpan(trace);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = readStep(event.key);
    if (step === undefined && event.key !== "Enter") return;
    event.preventDefault();
    if (selected < 0) onSelect(at);
    else if (step !== undefined) onSelect(stepFrom(sheet, at, step));
    if (event.key === "Enter") props.onEnter();
  };
  const length = (row: number): string => {
    const text = duration((end[row]! - start[row]!) / 1000);
    return isRunning(trace, row) ? `running, ${text}` : text;
  };
  const said = (row: number): string =>
    [
      textOf(trace, "name", row) || "span without a name",
      ...[aside(trace, row)].filter(Boolean),
      length(row),
      ...(trace.status[row] === 2 ? ["error"] : []),
      `level ${sheet.levelOf[row]! + 1}`,
    ].join(", ");
  return (
    <FlamePlot
      sheet={sheet}
      facts={facts}
      window={window}
      whole={whole}
      selected={selected}
      label="Spans over time"
      hint="Up leads to the span above, down to the first below, left and right to its siblings, Enter into the details. The waterfall has all of them as a tree."
      said={selected < 0 ? "" : said(selected)}
      amount={(us) => duration(us / 1000)}
      tip={(row) => (
        <>
          <strong>{textOf(trace, "name", row) || "(no name)"}</strong>
          <span>{[aside(trace, row), length(row)].filter(Boolean).join(" · ")}</span>
          <span>{duration(own[row]! / 1000)} its own</span>
          {trace.status[row] === 2 && <em>{textOf(trace, "err", row) || "error"}</em>}
        </>
      )}
      stage={props.grid}
      onSelect={onSelect}
      onOpen={(row) => {
        const room = Math.max(1, end[row]! - start[row]!) * MARGIN;
        onZoom(within({ from: start[row]! - room, to: end[row]! + room }, whole));
      }}
      onDragged={onZoom}
      onWheel={onZoom}
      onKeyDown={onKeyDown}
    />
  );
}
