import type { MatchedSpan, SearchItem, SpanSet } from "@clew/protocol/api/search";
import type { KeyValue } from "@clew/protocol/otlp/model";
import { printable } from "../../printable.ts";
import { paint } from "../screen/paint.ts";
import { duration, many } from "../screen/quantities.ts";
import type { Screen } from "../screen/screen.ts";
import { clipped } from "../screen/text-width.ts";
import { traceTable } from "../traces/trace-table.ts";
import { valueText } from "./value-text.ts";

const LONGEST_TEXT = 200;
const SETS_SHOWN = 5;

/** Traces as a table; on a terminal with the spans that match below each. */
export function searchTable(items: readonly SearchItem[], screen: Screen, nowMs: number): string[] {
  return traceTable(items, screen, nowMs, (item) => spanSetLines(item, screen));
}

function spanSetLines({ spanSets, spanSetCount }: SearchItem, screen: Screen): string[] {
  const lines = spanSets.slice(0, SETS_SHOWN).flatMap((spanSet) => linesOf(spanSet, screen));
  const left = spanSetCount - SETS_SHOWN;
  return left > 0 ? [...lines, `   and ${many(left, "span set")} more`] : lines;
}

function linesOf({ attributes, matched, spans }: SpanSet, screen: Screen): string[] {
  const indent = attributes.length === 0 ? 3 : 5;
  const group = attributes.map(assigned).join(", ");
  const title = group === "" ? [] : [fitted(`${group}: ${many(matched, "span")}`, screen, 3)];
  const left = matched - spans.length;
  const rest = left > 0 ? [`${" ".repeat(indent)}and ${many(left, "matching span")} more`] : [];
  return [
    ...title,
    ...spans.map((span) => spanLine(span, screen, indent)),
    ...rest.map((line) => paint(screen, "dim", line)),
  ];
}

function spanLine(span: MatchedSpan, screen: Screen, indent: number): string {
  const { name, service, durMs, attributes } = span;
  const facts = [service, duration(durMs, !screen.unicode), ...attributes.map(assigned)].filter(Boolean);
  const mark = screen.unicode ? "·" : "-";
  return fitted(
    `${mark} ${printable(name.slice(0, LONGEST_TEXT))}  ${facts.map(printable).join("  ")}`,
    screen,
    indent,
  );
}

function fitted(text: string, screen: Screen, indent: number): string {
  return " ".repeat(indent) + clipped(text, screen.width - indent, screen.unicode ? "…" : "~");
}

function assigned({ key, value }: KeyValue): string {
  return `${printable(key ?? "")}=${valueText(value)}`;
}
