import { type CriticalPath, TIME_KINDS, type TraceAnalysis } from "@clew/protocol/analysis/analysis";
import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { printable } from "../../printable.ts";
import { paint } from "../screen/paint.ts";
import { duration, many } from "../screen/quantities.ts";
import type { Screen } from "../screen/screen.ts";
import { table } from "../screen/table.ts";
import { clipped } from "../screen/text-width.ts";
import { type PathStep, pathSteps } from "./path-steps.ts";

const MOST_STEPS = 12;
/** A step with a smaller share of the path is added up with its like. */
const LEAST_SHARE = 0.01;
const LONGEST_NAME = 60;

/** What decided how long the trace took: the longest steps, in order of time. Nothing for a trace of one step. */
export function pathLines(trace: TraceColumns, analysis: TraceAnalysis, screen: Screen): string[] {
  const steps = pathSteps(analysis);
  if (steps.length < 2) return [];
  const { fromUs, toUs } = analysis.clock;
  const whole = toUs - fromUs;
  const length = (step: PathStep): number => step.toUs - step.fromUs;
  const shown = new Set(
    steps
      .filter((step) => length(step) >= LEAST_SHARE * whole)
      .sort((a, b) => length(b) - length(a))
      .slice(0, MOST_STEPS),
  );
  const rest = steps.filter((step) => !shown.has(step));
  const time = (us: number): string => duration(us / 1000, !screen.unicode);
  const rows = table(
    steps.filter((step) => shown.has(step)),
    [
      { title: "AT", align: "right", value: (step) => time(step.fromUs - fromUs), keep: 1 },
      { title: "TIME", align: "right", value: (step) => time(length(step)) },
      { title: "SHARE", align: "right", value: (step) => share(length(step), whole), keep: 2 },
      { title: "KIND", value: (step) => step.kind },
      { title: "WHO", value: (step) => laneName(analysis, step.lane), shrinksTo: 8, keep: 3 },
      { title: "WHAT", value: (step) => what(trace, analysis, step, screen), shrinksTo: 8 },
    ],
    // Unlike other tables, this one stands among lines that are fitted to the width in any case.
    { ...screen, isTerminal: true, width: screen.width - 2 },
  );
  return [
    "",
    clippedHeading(heading(analysis.criticalPath, whole), screen),
    ...rows.map((row) => `  ${row}`),
    ...(rest.length === 0
      ? []
      : [
          paint(
            screen,
            "dim",
            `  ${many(rest.length, "shorter step")}, ${time(rest.reduce((sum, step) => sum + length(step), 0))}`,
          ),
        ]),
  ];
}

function heading({ totals }: CriticalPath, whole: number): string {
  const parts = TIME_KINDS.filter((kind) => totals[kind] > 0)
    .sort((a, b) => totals[b] - totals[a])
    .map((kind) => `${kind} ${share(totals[kind], whole)}`);
  return `Critical path: ${parts.join(", ")}`;
}

function clippedHeading(text: string, screen: Screen): string {
  return paint(screen, "bold", clipped(text, screen.width, screen.unicode ? "…" : "~"));
}

function share(us: number, whole: number): string {
  const percent = whole > 0 ? (100 * us) / whole : 0;
  return percent > 0 && percent < 0.5 ? "<1%" : `${Math.round(percent)}%`;
}

function laneName({ lanes }: TraceAnalysis, lane: number): string {
  return printable(lanes.lanes[lane]?.label.slice(0, LONGEST_NAME) ?? "");
}

function what(trace: TraceColumns, analysis: TraceAnalysis, step: PathStep, screen: Screen): string {
  const name = printable((trace.dict.name[trace.name[step.span] ?? 0] ?? "").slice(0, LONGEST_NAME));
  if (step.kind === "queue") return `until ${name}`;
  if (step.kind === "idle") return name === "" ? "" : `until ${name}`;
  if (step.onLane < 0) return name;
  return `${name} ${screen.unicode ? "→" : ">"} ${laneName(analysis, step.onLane)}`;
}
