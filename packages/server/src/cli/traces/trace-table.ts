import type { TraceItem } from "@clew/protocol/api/trace-item";
import { printable } from "../../printable.ts";
import { outcomeMark } from "../screen/outcome-mark.ts";
import { paint } from "../screen/paint.ts";
import { cost, count, duration, exact, moment } from "../screen/quantities.ts";
import type { Screen } from "../screen/screen.ts";
import { type Column, table } from "../screen/table.ts";
import { clipped } from "../screen/text-width.ts";
import { hasEnded, outcomeOf } from "./trace-outcome.ts";

const SHORTEST_ID = 8;
const LONGEST_TEXT = 200;

/** Traces as a table; on a terminal with ids as short as can be told apart and errors, or `below`, below their trace. */
export function traceTable<Item extends TraceItem>(
  items: readonly Item[],
  screen: Screen,
  nowMs: number,
  below: (item: Item) => string[] = (item) => errorLine(item, screen),
): string[] {
  if (items.length === 0) return [];
  const idLength = screen.isTerminal ? shortestIds(items.map((item) => item.traceId)) : 32;
  const [head = "", ...rows] = table(items, columns(screen, idLength, nowMs), screen);
  return [head, ...items.flatMap((item, at) => [rows[at] ?? "", ...(screen.isTerminal ? below(item) : [])])];
}

function columns(screen: Screen, idLength: number, nowMs: number): Column<TraceItem>[] {
  const text = (value: string): string => printable(value.slice(0, LONGEST_TEXT));
  const mark = (item: TraceItem) => outcomeMark(outcomeOf(item), screen);
  return [
    { title: "", value: (item) => mark(item).text, style: (item) => mark(item).style },
    { title: "STARTED", value: (item) => moment(item.startMs, nowMs), style: () => "dim", keep: 6 },
    { title: "TRACE", value: (item) => item.traceId.slice(0, idLength), style: () => "cyan" },
    {
      title: "NAME",
      value: (item) => text(item.rootName) + (item.rootMissing ? " (no root yet)" : ""),
      shrinksTo: 16,
      style: () => "bold",
    },
    { title: "AGENTS OR SERVICES", value: (item) => text(who(item)), shrinksTo: 12, keep: 3 },
    { title: "SESSION", value: (item) => text(item.session?.id ?? ""), shrinksTo: 8, keep: 1 },
    { title: "TASK", value: (item) => text(item.task?.id ?? ""), shrinksTo: 8, keep: 1 },
    { title: "TEST CASE", value: (item) => text(item.test?.case?.id ?? ""), shrinksTo: 8, keep: 2 },
    {
      title: "DURATION",
      value: (item) => (hasEnded(item) ? duration(item.durMs, !screen.unicode) : "running"),
      align: "right",
    },
    {
      title: "SPANS",
      value: (item) => (hasEnded(item) ? exact(item.spanCount) : ""),
      align: "right",
      keep: 5,
    },
    { title: "TOKENS", value: (item) => tokens(item), align: "right", keep: 4 },
    { title: "COST", value: (item) => cost(item.costUsd), align: "right", keep: 4 },
  ];
}

/** The root's service when no span says which agent it is of. */
function who(item: TraceItem): string {
  const names =
    item.agents.length > 0 ? item.agents : item.services.length > 0 ? item.services : [item.rootService];
  return names.join(", ");
}

function tokens({ tokens: { input, output } }: TraceItem): string {
  return input + output === 0 ? "" : count(input + output);
}

function errorLine({ error }: TraceItem, screen: Screen): string[] {
  if (error === undefined) return [];
  const where = error.agent || error.service;
  const text = [where, error.type, error.message].filter(Boolean).map(printable).join(": ");
  return [paint(screen, "red", `   ${clipped(text, screen.width - 3, screen.unicode ? "…" : "~")}`)];
}

/** The length at which every id differs from the others. */
function shortestIds(ids: readonly string[]): number {
  let length = SHORTEST_ID;
  while (length < 32 && new Set(ids.map((id) => id.slice(0, length))).size < new Set(ids).size) length++;
  return length;
}
