import type { TraceItem } from "@clew/protocol/api/trace-item";
import { printable } from "../../printable.ts";
import { outcomeMark } from "../screen/outcome-mark.ts";
import { paint } from "../screen/paint.ts";
import { cost, count, duration, many, moment } from "../screen/quantities.ts";
import type { Screen } from "../screen/screen.ts";
import { clipped, padded, textWidth } from "../screen/text-width.ts";
import { hasEnded, outcomeOf } from "./trace-outcome.ts";

const REMEMBERED = 10_000;
const NARROWEST_NAME = 16;

/** Which traces were told, and how they stood then. */
export class Tailed {
  readonly #told = new Map<string, string>();

  /** True for a trace that is new, has failed since, or has got its root or the first span that ended. */
  isNews(item: TraceItem): boolean {
    const stands = `${item.status === "error"} ${item.rootMissing} ${hasEnded(item)}`;
    if (this.#told.get(item.traceId) === stands) return false;
    this.#told.delete(item.traceId);
    this.#told.set(item.traceId, stands);
    const [oldest] = this.#told.keys();
    if (this.#told.size > REMEMBERED && oldest !== undefined) this.#told.delete(oldest);
    return true;
  }
}

/** One trace as a line, and its error as a second one; fitted to the terminal. */
export function tailLine(item: TraceItem, screen: Screen, nowMs: number): string[] {
  const more = screen.unicode ? "…" : "~";
  const mark = outcomeMark(outcomeOf(item), screen);
  const time = moment(item.startMs, nowMs);
  const id = screen.isTerminal ? item.traceId.slice(0, 8) : item.traceId;
  const said = [
    ...(hasEnded(item) ? [duration(item.durMs, !screen.unicode), many(item.spanCount, "span")] : ["running"]),
    ...(item.tokens.input + item.tokens.output > 0
      ? [`${count(item.tokens.input + item.tokens.output)} tokens`]
      : []),
    ...(item.costUsd > 0 ? [cost(item.costUsd)] : []),
  ];
  const lead = textWidth(`${mark.text} ${time} ${id}    `);
  while (said.length > 1 && screen.width - lead - textWidth(said.join(", ")) < NARROWEST_NAME) said.pop();
  const facts = said.join(", ");
  const agents = printable(item.agents.join(", ") || item.rootService).slice(0, 100);
  const room = screen.width - lead - textWidth(facts);
  const title = printable(item.rootName.slice(0, 200)) + (item.rootMissing ? " (no root yet)" : "");
  const name = clipped(agents === "" ? title : `${title}  ${agents}`, Math.max(1, room), more);
  const line = [
    paint(screen, mark.style, mark.text),
    paint(screen, "dim", time),
    paint(screen, "cyan", id),
    screen.isTerminal ? padded(name, room) : name,
    "",
    paint(screen, "dim", facts),
  ].join(" ");
  if (item.error === undefined) return [line];
  const { agent, service, type, message } = item.error;
  const text = [agent || service, type, message].filter(Boolean).map(printable).join(": ");
  return [line, paint(screen, "red", `  ${clipped(text, screen.width - 2, more)}`)];
}
