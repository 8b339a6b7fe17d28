import type { SpanTree } from "@clew/protocol/analysis/analysis";
import { SPAN_FLAG, type TraceColumns } from "@clew/protocol/api/trace-columns";
import type { Correlation } from "@clew/protocol/api/trace-item";
import { printable } from "../../printable.ts";
import { outcomeMark } from "../screen/outcome-mark.ts";
import { paint, unpainted } from "../screen/paint.ts";
import { cost, count, duration, exact, many, moment } from "../screen/quantities.ts";
import type { Screen } from "../screen/screen.ts";
import { clipped, textWidth } from "../screen/text-width.ts";
import { spanView } from "./span-view.ts";

/** What a trace is about, in a few lines. */
export function traceHeader(trace: TraceColumns, tree: SpanTree, screen: Screen, nowMs: number): string[] {
  const root = tree.roots[0] ?? tree.orphans[0] ?? tree.rings[0];
  const rootView = root === undefined ? undefined : spanView(trace, root);
  const errors = trace.status.filter((status) => status === 2).length;
  const isOpen = tree.roots.length === 0 || rootView?.running === true;
  const mark = outcomeMark(errors > 0 ? "failed" : isOpen ? "open" : "ended", screen);
  const title = `${printable(rootView?.name ?? "")}${tree.roots.length === 0 ? " (no root yet)" : ""}`;
  const indent = "  ";
  const more = screen.unicode ? "…" : "~";
  const where = clipped(printable(rootView?.service ?? ""), Math.floor(screen.width / 3), more);
  const name = clipped(title, screen.width - 4 - textWidth(where), more);
  return [
    `${paint(screen, mark.style, mark.text)} ${paint(screen, "bold", name)}  ${paint(screen, "dim", where)}`.trimEnd(),
    `${indent}trace ${trace.traceId}`,
    ...wrapped(facts(trace, errors, nowMs, screen), indent, screen),
    ...wrapped(ids(trace), indent, screen),
  ];
}

function facts(trace: TraceColumns, errors: number, nowMs: number, screen: Screen): string[] {
  const { dict, tokIn, tokOut, tokCacheR, costMicro } = trace;
  const counted = Array.from({ length: trace.n }, (_, at) => at).filter((at) => spanView(trace, at).counted);
  const sum = (column: readonly number[]): number =>
    counted.reduce((total, at) => total + (column[at] ?? 0), 0);
  const input = sum(tokIn);
  const output = sum(tokOut);
  const cached = sum(tokCacheR);
  const tokens = [
    `${count(input)} in`,
    `${count(output)} out`,
    ...(cached > 0 ? [`${count(cached)} cached`] : []),
  ];
  const usd = cost(sum(costMicro) / 1e6);
  const running = trace.flags.filter((flags) => (flags & SPAN_FLAG.running) !== 0).length;
  const took = duration(trace.durMs, !screen.unicode);
  const names = (texts: readonly string[]): number => texts.length - 1;
  return [
    moment(trace.t0Ms, nowMs),
    ...(running === 0 ? [took] : trace.durMs > 0 ? [`${took} so far`] : []),
    many(trace.truncated?.total ?? trace.n, "span"),
    ...(running > 0 ? [paint(screen, "yellow", `${exact(running)} running`)] : []),
    ...(errors > 0 ? [paint(screen, "red", many(errors, "error"))] : []),
    many(names(dict.service), "service"),
    ...(names(dict.agent) > 0 ? [many(names(dict.agent), "agent")] : []),
    ...(input + output > 0 ? [`${count(input + output)} tokens (${tokens.join(", ")})`] : []),
    ...(usd === "" ? [] : [usd]),
  ];
}

function ids({ ctx }: TraceColumns): string[] {
  const one = (word: string, id: Correlation | undefined): string[] =>
    id === undefined ? [] : [`${word} ${printable(id.id)}${id.inherited ? " (inherited)" : ""}`];
  const linked = ctx.linkedTraces.length;
  return [
    ...one("session", ctx.session),
    ...(ctx.conversation?.id === ctx.session?.id ? [] : one("conversation", ctx.conversation)),
    ...one("task", ctx.task),
    ...one("test case", ctx.test?.case),
    ...one("test run", ctx.test?.run),
    ...one("user", ctx.user),
    ...(linked > 0
      ? [
          `linked with ${ctx.linkedTraces.slice(0, 3).join(", ")}${linked > 3 ? ` and ${linked - 3} more` : ""}`,
        ]
      : []),
  ];
}

/** The parts one after the other, on as many lines as they need. */
function wrapped(parts: readonly string[], indent: string, screen: Screen): string[] {
  const between = screen.unicode ? " · " : " | ";
  const lines: string[] = [];
  let line = "";
  for (const part of parts) {
    const longer = line === "" ? part : line + between + part;
    if (line !== "" && indent.length + textWidth(unpainted(longer)) > screen.width) {
      lines.push(indent + line);
      line = part;
    } else line = longer;
  }
  return line === "" ? lines : [...lines, indent + line];
}
