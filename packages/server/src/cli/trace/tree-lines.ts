import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { printable } from "../../printable.ts";
import { DISTINCT, paint, type Style } from "../screen/paint.ts";
import { cost, count, duration, exact } from "../screen/quantities.ts";
import type { Screen } from "../screen/screen.ts";
import { clipped, padded, textWidth } from "../screen/text-width.ts";
import { type SpanView, spanView } from "./span-view.ts";
import { openBar, type Stretch, ticks, timeBar } from "./time-bar.ts";
import { errorSpanOf, type TraceLayout } from "./trace-layout.ts";
import type { TreeRow } from "./tree-rows.ts";

const GAP = "  ";
const NARROWEST_BAR = 10;
const NARROWEST_NAME = 20;
/** Deeper levels are not indented any further; their depth is written instead. */
const DEEPEST_INDENT = 24;
const LONGEST_TEXT = 1000;
const NARROWEST_LABEL = 4;

interface Line {
  readonly row: TreeRow;
  readonly span: SpanView | undefined;
  readonly rails: string;
  readonly connector: string;
  readonly label: string;
  /** How often it stands for the same, which is never clipped away. */
  readonly times: string;
  /** The service's name where it is another than the caller's. */
  readonly service: string;
  readonly error: string;
  readonly style: Style | undefined;
}

interface SideColumn {
  readonly title: string;
  readonly align: "left" | "right";
  readonly widest: number;
  readonly value: (span: SpanView) => string;
}

/** The tree, a line per row and one more where a row has an error to tell; none is wider than the screen. */
export function treeLines(
  trace: TraceColumns,
  layout: TraceLayout,
  errors: ReadonlyMap<number, string>,
  screen: Screen,
): string[] {
  const lines = layout.rows.map((row) => lineOf(trace, layout, row, errors, screen));
  const wanted = Math.max(NARROWEST_NAME, ...lines.map((line) => textWidth(nameOf(line))));
  const { nameWidth, barWidth, side } = widths(wanted, lines, screen);
  const more = screen.unicode ? "…" : "~";
  const sideText = (texts: readonly string[]): string =>
    side
      .map(
        (column, at) =>
          GAP + padded(clipped(texts[at] ?? "", column.widest, more), column.widest, column.align),
      )
      .join("");
  const head = axis(trace.durMs, barWidth, screen);
  const out = [
    paint(
      screen,
      "dim",
      `${padded("", nameWidth)}${GAP}${head}${sideText(side.map((column) => column.title))}`.trimEnd(),
    ),
  ];
  for (const line of lines) {
    const name = paintName(line, nameWidth, screen, more);
    if (line.span === undefined) {
      out.push(name.trimEnd());
      continue;
    }
    const times = stretches(trace, line.row.spans);
    const bar = line.span.running
      ? openBar(times[0]!.from, barWidth, screen.unicode)
      : timeBar(times, barWidth, screen.unicode);
    const texts = side.map((column) => column.value(line.span!));
    out.push(`${name}${GAP}${paint(screen, line.style, bar)}${sideText(texts)}`.trimEnd());
    if (line.error !== "") out.push(errorLine(line, screen, more));
  }
  return out;
}

function lineOf(
  trace: TraceColumns,
  layout: TraceLayout,
  row: TreeRow,
  errors: ReadonlyMap<number, string>,
  screen: Screen,
): Line {
  const { parts } = layout;
  const { rails, connector } = connectors(row, screen.unicode);
  const first = row.spans[0];
  if (first === undefined) {
    return {
      row,
      span: undefined,
      rails,
      connector,
      label: row.heading,
      times: "",
      service: "",
      error: "",
      style: "yellow",
    };
  }
  const span = totalled(trace, row.spans);
  const caller = trace.service[span.parent] ?? 0;
  const times = row.spans.length > 1 ? ` ${screen.unicode ? "×" : "x"}${exact(row.spans.length)}` : "";
  const each =
    row.spans.length > 1 && parts.size[first]! > 1 ? ` (${exact(parts.size[first]!)} spans each)` : "";
  const failed = errorSpanOf(trace, layout, row);
  const fault = failed === undefined ? "" : (errors.get(failed) ?? spanView(trace, failed).error);
  const mark = span.status === "error" ? (screen.unicode ? "✗ " : "x ") : "";
  return {
    row,
    span,
    rails,
    connector,
    label: mark + printable(span.name.slice(0, LONGEST_TEXT)),
    times: times + each,
    service:
      caller === trace.service[first]
        ? ""
        : `[${printable(span.service.slice(0, LONGEST_TEXT)) || "unknown service"}] `,
    error: printable(fault.slice(0, LONGEST_TEXT)),
    style: span.status === "error" ? "red" : DISTINCT[((trace.service[first] ?? 1) - 1) % DISTINCT.length],
  };
}

/** The first of the spans with the durations, tokens and costs of all. */
function totalled(trace: TraceColumns, spans: readonly number[]): SpanView {
  const views = spans.map((at) => spanView(trace, at));
  const first = views[0]!;
  if (views.length === 1) return first;
  const sum = (read: (view: SpanView) => number): number =>
    views.reduce((total, view) => total + read(view), 0);
  return {
    ...first,
    durMs: sum((view) => view.durMs),
    inputTokens: sum((view) => view.inputTokens),
    outputTokens: sum((view) => view.outputTokens),
    costUsd: sum((view) => view.costUsd),
  };
}

function connectors(
  { rails, isLast, depth, hasRowsBelow }: TreeRow,
  unicode: boolean,
): { rails: string; connector: string } {
  const [rail, branch, last, open] = unicode ? ["│ ", "├─", "╰─", "┬"] : ["| ", "|-", "`-", "-"];
  if (depth === 0) return { rails: "", connector: "" };
  const hidden = Math.max(0, rails.length - DEEPEST_INDENT);
  const shown = rails.slice(hidden).map((goesOn) => (goesOn ? rail : "  "));
  const deep = hidden > 0 ? `+${hidden} ` : "";
  return {
    rails: deep + shown.join(""),
    connector: `${isLast ? last : branch}${hasRowsBelow ? open : unicode ? "─" : "-"} `,
  };
}

function nameOf(line: Line): string {
  return line.rails + line.connector + line.service + line.label + line.times;
}

function paintName(line: Line, width: number, screen: Screen, more: string): string {
  const times = clipped(
    line.times,
    Math.max(0, width - textWidth(line.rails + line.connector) - NARROWEST_LABEL),
    more,
  );
  const room = width - textWidth(times);
  const text = padded(
    clipped(line.rails + line.connector + line.service + line.label, room, more) + times,
    width,
  );
  if (!screen.color) return text;
  const lead = line.rails.length + line.connector.length;
  const service = text.slice(lead, lead + line.service.length);
  const label = text.slice(lead + line.service.length);
  const style = line.span === undefined ? "yellow" : line.span.status === "error" ? "red" : undefined;
  return (
    paint(screen, "dim", text.slice(0, lead)) +
    paint(screen, line.style, service) +
    paint(screen, style, label)
  );
}

function errorLine(line: Line, screen: Screen, more: string): string {
  const goesOn = line.row.depth > 0 && !line.row.isLast;
  const rail = screen.unicode ? "│ " : "| ";
  const own = line.row.depth === 0 ? "" : goesOn ? rail : "  ";
  const below = line.row.hasRowsBelow ? rail : "  ";
  const lead = `${line.rails}${own}${below} `;
  const room = screen.width - textWidth(lead);
  return paint(screen, "dim", lead) + paint(screen, "red", clipped(line.error, room, more));
}

function stretches(trace: TraceColumns, spans: readonly number[]): Stretch[] {
  const total = trace.durMs * 1000 || 1;
  return spans.map((at) => {
    const start = trace.start[at] ?? 0;
    return { from: start / total, to: (start + Math.max(0, trace.dur[at] ?? 0)) / total };
  });
}

function widths(wanted: number, lines: readonly Line[], screen: Screen) {
  const arrow = screen.unicode ? "→" : ">";
  const tokens = (span: SpanView): string =>
    span.inputTokens + span.outputTokens === 0
      ? ""
      : `${count(span.inputTokens)}${arrow}${count(span.outputTokens)}`;
  const columns: SideColumn[] = [
    {
      title: "DURATION",
      align: "right",
      widest: 9,
      value: (span) =>
        span.running ? "running" : span.endless ? "no end" : duration(span.durMs, !screen.unicode),
    },
    { title: "AGENT", align: "left", widest: 16, value: (span) => printable(span.agent) },
    { title: "MODEL", align: "left", widest: 20, value: (span) => printable(span.model) },
    { title: "TOKENS", align: "right", widest: 11, value: tokens },
    { title: "COST", align: "right", widest: 8, value: (span) => cost(span.costUsd) },
  ];
  let side = columns.flatMap((column) => {
    const texts = lines.flatMap(({ span }) => (span === undefined ? [] : [column.value(span)]));
    if (texts.every((text) => text === "")) return [];
    const natural = Math.max(column.title.length, ...texts.map(textWidth));
    return [{ ...column, widest: Math.min(column.widest, natural) }];
  });
  const sideWidth = (): number => side.reduce((sum, column) => sum + column.widest + GAP.length, 0);
  // The least telling columns give way first; the bar and the duration stay.
  for (const title of ["AGENT", "MODEL", "COST", "TOKENS"]) {
    if (screen.width - sideWidth() >= Math.min(wanted, 2 * NARROWEST_NAME) + NARROWEST_BAR + GAP.length)
      break;
    side = side.filter((column) => column.title !== title);
  }
  const room = screen.width - sideWidth() - GAP.length;
  const nameWidth = Math.max(
    Math.min(wanted, Math.floor(room * 0.6)),
    Math.min(NARROWEST_NAME, room - NARROWEST_BAR),
  );
  return { nameWidth, barWidth: Math.max(1, room - nameWidth), side };
}

/** `╷0        ╷10 s     41.2 s╷`: each label begins at its moment, the last one ends at the end. */
function axis(totalMs: number, width: number, screen: Screen): string {
  const tick = screen.unicode ? "╷" : "'";
  const end = duration(totalMs, !screen.unicode) + tick;
  const room = width - textWidth(end) - 1;
  let line = "";
  for (const { cell, ms } of ticks(totalMs, width)) {
    const label = tick + duration(ms, !screen.unicode);
    if (cell >= textWidth(line) && cell + textWidth(label) <= room) line = padded(line, cell) + label;
  }
  return totalMs > 0 && room >= textWidth(line) ? padded(line, room + 1) + end : padded(line, width);
}
