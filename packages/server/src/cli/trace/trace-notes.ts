import { NO_PARENT, SPAN_FLAG, type TraceColumns } from "@clew/protocol/api/trace-columns";
import { printable } from "../../printable.ts";
import { paint } from "../screen/paint.ts";
import { duration, exact, many } from "../screen/quantities.ts";
import type { Screen } from "../screen/screen.ts";
import { clipped } from "../screen/text-width.ts";
import { spanView } from "./span-view.ts";
import type { Subtrees } from "./subtrees.ts";
import type { TraceLayout } from "./trace-layout.ts";
import type { TreeRow } from "./tree-rows.ts";

/** A child that starts earlier than this before its parent was measured by another clock. */
const SKEW_FROM_US = 1000;

/** What the tree alone does not tell; begins with an empty line when there is something. */
export function traceNotes(trace: TraceColumns, { parts, rows }: TraceLayout, screen: Screen): string[] {
  const notes = [...runningNotes(trace), ...skewNotes(trace, screen), ...hiddenNotes(trace, parts, rows)];
  const more = screen.unicode ? "…" : "~";
  return notes.length === 0
    ? []
    : ["", ...notes.map((note) => paint(screen, "yellow", clipped(note, screen.width, more)))];
}

function runningNotes(trace: TraceColumns): string[] {
  const running = trace.flags.filter((flags) => (flags & SPAN_FLAG.running) !== 0).length;
  if (running === 0) return [];
  const what =
    running === 1
      ? "1 span has not ended: it is running, or its"
      : `${exact(running)} spans have not ended: they are running, or their`;
  return [`${what} process was stopped before it could tell`];
}

function skewNotes(trace: TraceColumns, screen: Screen): string[] {
  const services = new Set<string>();
  let early = 0;
  let most = 0;
  let backwards = 0;
  let endless = 0;
  for (let at = 0; at < trace.n; at++) {
    if ((trace.dur[at] ?? 0) < 0) {
      if (spanView(trace, at).endless) endless++;
      else backwards++;
    }
    const parent = trace.parent[at] ?? NO_PARENT;
    const by = parent < 0 ? 0 : (trace.start[parent] ?? 0) - (trace.start[at] ?? 0);
    if (by < SKEW_FROM_US) continue;
    early++;
    most = Math.max(most, by);
    services.add(printable(trace.dict.service[trace.service[at] ?? 0] ?? ""));
  }
  return [
    ...(early > 0
      ? [
          `Clocks differ: ${many(early, "span")} of ${[...services].slice(0, 5).join(", ")} start before the caller, ` +
            `by up to ${duration(most / 1000, !screen.unicode)}; shown as sent`,
        ]
      : []),
    ...(endless > 0 ? [`${many(endless, "span")} sent without an end`] : []),
    ...(backwards > 0 ? [`${many(backwards, "span")} sent with an end before the start`] : []),
  ];
}

function hiddenNotes(trace: TraceColumns, parts: Subtrees, rows: readonly TreeRow[]): string[] {
  let shown = 0;
  let shownErrors = 0;
  let isFolded = false;
  for (const { spans } of rows) {
    const isRun = spans.length > 1;
    isFolded ||= isRun;
    for (const at of spans) {
      shown += isRun ? parts.size[at]! : 1;
      shownErrors += isRun ? parts.errors[at]! : trace.status[at] === 2 ? 1 : 0;
    }
  }
  const hiddenErrors = trace.status.filter((status) => status === 2).length - shownErrors;
  const errors = hiddenErrors > 0 ? `, ${many(hiddenErrors, "error")} among them` : "";
  const { truncated } = trace;
  return [
    ...(isFolded ? ["Rows with a count add up equal siblings; --all shows each"] : []),
    ...(shown < trace.n
      ? [`${many(trace.n - shown, "span")} more${errors}; --limit N or --all shows them`]
      : []),
    ...(truncated
      ? [`The server sent ${exact(truncated.shown)} of ${exact(truncated.total)} spans, the earliest`]
      : []),
  ];
}
