import {
  type AnalysedTrace,
  CHANGE,
  type TraceComparison,
} from "@clew/protocol/analysis/comparison/comparison";
import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { printable } from "../../printable.ts";
import { outcomeMark } from "../screen/outcome-mark.ts";
import { paint, type Style } from "../screen/paint.ts";
import { cost, count, duration, exact, many, moment } from "../screen/quantities.ts";
import type { Screen } from "../screen/screen.ts";
import { table } from "../screen/table.ts";
import { clipped, textWidth } from "../screen/text-width.ts";
import { wordWrapped } from "../screen/word-wrap.ts";
import { type CompareRow, type CompareRowOptions, compareRows } from "./compare-rows.ts";
import { changeText, lineAndServiceText, lineText } from "./line-text.ts";

/** A trace as it came, and what was made of it. */
export interface ComparedTrace extends AnalysedTrace {
  readonly trace: TraceColumns;
}

export interface CompareLinesOptions extends CompareRowOptions {
  readonly screen: Screen;
  readonly nowMs: number;
}

/** Two traces as lines: what they are, how they differ as a whole, where they part, and the tree of both. */
export function compareLines(
  a: ComparedTrace,
  b: ComparedTrace,
  comparison: TraceComparison,
  options: CompareLinesOptions,
): string[] {
  const { screen, nowMs } = options;
  return [
    traceLine("A", a, screen, nowMs),
    traceLine("B", b, screen, nowMs),
    "",
    ...totalLines(comparison, screen),
    "",
    ...verdictLines(a, b, comparison, screen),
    ...treeLines(a, b, comparison, options),
    ...truncatedLines([a, b], screen),
  ];
}

/** On narrower screens the beginning of a trace id has to do. */
const FULL_ID_FROM = 80;

function traceLine(
  letter: string,
  { trace, analysis }: ComparedTrace,
  screen: Screen,
  nowMs: number,
): string {
  const { roots, orphans, rings } = analysis.tree;
  const top = roots[0] ?? orphans[0] ?? rings[0] ?? 0;
  const mark = outcomeMark(
    analysis.rollUps.whole.errors > 0 ? "failed" : roots.length === 0 ? "open" : "ended",
    screen,
  );
  const name = printable(trace.dict.name[trace.name[top] ?? 0] ?? "");
  const service = printable(trace.dict.service[trace.service[top] ?? 0] ?? "");
  const id = screen.width < FULL_ID_FROM ? trace.traceId.slice(0, 8) : trace.traceId;
  const known = `${letter}  ${mark.text} ${id}  ${moment(trace.t0Ms, nowMs)}  `;
  const rest = clipped(`${name}  ${service}`, Math.max(1, screen.width - textWidth(known)), more(screen));
  return (
    paint(screen, "bold", known.slice(0, 1)) +
    known.slice(1).replace(mark.text, paint(screen, mark.style, mark.text)) +
    rest
  );
}

function more(screen: Screen): string {
  return screen.unicode ? "…" : "~";
}

interface TotalRow {
  readonly what: string;
  readonly a: string;
  readonly b: string;
  readonly difference: string;
}

function totalLines({ totals: [a, b] }: TraceComparison, screen: Screen): string[] {
  const time = (us: number): string => duration(us / 1000, !screen.unicode);
  const usd = (micro: number): string => cost(micro / 1e6) || "0";
  const row = (
    what: string,
    [one, other]: readonly [number, number],
    text: (value: number) => string,
    differenceText = text,
  ): TotalRow => {
    const difference = signed(other - one, differenceText);
    return { what, a: text(one), b: text(other), difference: difference && difference + percent(one, other) };
  };
  const rows = [
    row("duration", [a.durationUs, b.durationUs], time),
    row("spans", [a.spans, b.spans], exact),
    row("errors", [a.errors, b.errors], exact),
    row("model calls", [a.modelCalls, b.modelCalls], exact),
    row("tool calls", [a.toolCalls, b.toolCalls], exact),
    row("tokens in", [a.inputTokens, b.inputTokens], count),
    row("tokens out", [a.outputTokens, b.outputTokens], count),
    row("cost", [a.costMicro, b.costMicro], usd, costText),
  ].filter(({ a: one, b: other }) => one !== "0" || other !== "0");
  return table(
    rows,
    [
      { title: "", value: ({ what }) => what },
      { title: "A", align: "right", value: ({ a: one }) => one },
      { title: "B", align: "right", value: ({ b: other }) => other },
      { title: "DIFFERENCE", align: "right", value: ({ difference }) => difference, keep: 0 },
    ],
    { ...screen, isTerminal: true },
  );
}

/** Differences that small have no figures. */
const LEAST_COST_MICRO = 100;

function costText(micro: number): string {
  return Math.abs(micro) < LEAST_COST_MICRO ? "" : cost(micro / 1e6);
}

/** `+1.2 s`, `-3`; empty for none. */
function signed(difference: number, text: (value: number) => string): string {
  const size = difference === 0 ? "" : text(Math.abs(difference));
  return size === "" ? "" : `${difference > 0 ? "+" : "-"}${size}`;
}

function percent(one: number, other: number): string {
  if (one === 0 || one === other) return "";
  const change = Math.round((100 * (other - one)) / one);
  return change === 0 || Math.abs(change) > 999 ? "" : ` (${change > 0 ? "+" : ""}${change}%)`;
}

function verdictLines(
  a: ComparedTrace,
  b: ComparedTrace,
  comparison: TraceComparison,
  screen: Screen,
): string[] {
  const { firstDivergence, timeDifference, count: lines } = comparison;
  const said: string[] = [];
  if (firstDivergence < 0) said.push(`Both did the same${lines > 0 ? `, in ${many(lines, "span")}` : ""}`);
  else {
    const where = lineAndServiceText(a, b, comparison, firstDivergence, screen);
    said.push(`First divergence: ${where}: ${changeText(a, b, comparison, firstDivergence, screen)}`);
  }
  if (timeDifference >= 0) {
    said.push(
      `Most of the difference in time: ${lineAndServiceText(a, b, comparison, timeDifference, screen)}`,
    );
  }
  return said.flatMap((line, at) =>
    wordWrapped(line, screen.width).map((part) => paint(screen, at === 0 ? "bold" : undefined, part)),
  );
}

const MARKS: readonly (readonly [change: number, mark: string, style: Style])[] = [
  [CHANGE.added, "+", "green"],
  [CHANGE.removed, "-", "red"],
];
const DEEPEST_INDENT = 16;

function treeLines(
  a: ComparedTrace,
  b: ComparedTrace,
  comparison: TraceComparison,
  options: CompareLinesOptions,
): string[] {
  const { screen } = options;
  const rows = compareRows(a, b, comparison, options);
  if (rows.every((row) => "alike" in row)) return [];
  const indent = ({ depth }: CompareRow): string => "  ".repeat(Math.min(depth, DEEPEST_INDENT));
  const name = (row: CompareRow): string => {
    if ("alike" in row) return `  ${indent(row)}(${many(row.alike, "span")} alike)`;
    const { mark } = markOf(row.line, comparison);
    const hidden = row.hidden > 0 ? ` (and ${many(row.hidden, "span")} below)` : "";
    return `${mark} ${indent(row)}${lineText(a, b, comparison, row.line, screen)}${hidden}`;
  };
  const time = (us: number): string => duration(us / 1000, !screen.unicode);
  const took = ({ trace, analysis: { clock } }: ComparedTrace, row: number): string =>
    row < 0 || row >= trace.n ? "" : time(clock.end[row]! - clock.start[row]!);
  const style = (row: CompareRow): Style | undefined =>
    "alike" in row ? "dim" : markOf(row.line, comparison).style;
  const told = <Text>(
    row: CompareRow,
    read: (row: Exclude<CompareRow, { alike: number }>) => Text,
  ): Text | "" => ("alike" in row ? "" : read(row));
  const lines = table(
    rows,
    [
      { title: "", value: name, style, shrinksTo: 20 },
      {
        title: "A",
        align: "right",
        value: (row) => told(row, ({ line }) => took(a, comparison.a[line]!)),
        keep: 2,
      },
      {
        title: "B",
        align: "right",
        value: (row) => told(row, ({ line }) => took(b, comparison.b[line]!)),
        keep: 3,
      },
      {
        title: "DIFFERENCE",
        align: "right",
        value: (row) => told(row, ({ difference }) => signed(difference.durationUs, time)),
      },
      {
        title: "TOKENS",
        align: "right",
        value: (row) =>
          told(row, ({ difference }) => signed(difference.inputTokens + difference.outputTokens, count)),
        keep: 1,
      },
      {
        title: "COST",
        align: "right",
        value: (row) => told(row, ({ difference }) => signed(difference.costMicro, costText)),
        keep: 0,
      },
    ],
    { ...screen, isTerminal: true },
  );
  const isCut = rows.length === options.limit;
  return [
    "",
    ...lines,
    ...(isCut ? ["", `The first ${many(rows.length, "row")}; --limit N shows more`] : []),
  ];
}

function markOf(line: number, { changes }: TraceComparison): { mark: string; style: Style | undefined } {
  const change = changes[line]!;
  for (const [bit, mark, style] of MARKS) if ((change & bit) !== 0) return { mark, style };
  return change === 0 ? { mark: " ", style: undefined } : { mark: "~", style: "yellow" };
}

function truncatedLines(traces: readonly ComparedTrace[], screen: Screen): string[] {
  return traces.flatMap(({ trace: { truncated } }, at) =>
    truncated === undefined
      ? []
      : [
          paint(
            screen,
            "yellow",
            `Of ${at === 0 ? "A" : "B"} the server sent ${exact(truncated.shown)} of ${exact(truncated.total)} spans, the earliest`,
          ),
        ],
  );
}
