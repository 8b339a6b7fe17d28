import type { LogItem, LogRelation } from "@clew/protocol/api/logs";
import { SEVERITIES, type SeverityName, severityLevel } from "@clew/protocol/log-query/severity";
import type { AnyValue } from "@clew/protocol/otlp/model";
import { printable } from "../../printable.ts";
import type { Style } from "../screen/paint.ts";
import { moment } from "../screen/quantities.ts";
import type { Screen } from "../screen/screen.ts";
import { type Column, table } from "../screen/table.ts";

const SHORT_ID = 8;
const LONGEST_NAME = 200;
const LONGEST_VALUE = 80;

const STYLES: Readonly<Record<SeverityName, Style | undefined>> = {
  trace: "dim",
  debug: "dim",
  info: "green",
  warn: "yellow",
  error: "red",
  fatal: "reverse",
};

/** Log records as a table in the order given, a line each; how they belong to a span where that was asked. */
export function logTable(items: readonly LogItem[], screen: Screen, nowMs: number): string[] {
  return items.length === 0 ? [] : table(items, columns(screen, nowMs), screen);
}

function columns(screen: Screen, nowMs: number): Column<LogItem>[] {
  const idLength = screen.isTerminal ? SHORT_ID : undefined;
  return [
    { title: "TIME", value: ({ timeMs }) => time(timeMs, nowMs), style: () => "dim" },
    { title: "SEVERITY", value: severity, style: (item) => severityStyle(item) },
    {
      title: "SERVICE",
      value: ({ service }) => printable(service.slice(0, LONGEST_NAME)),
      shrinksTo: 8,
      keep: 3,
      style: () => "cyan",
    },
    { title: "TRACE", value: ({ traceId }) => traceId.slice(0, idLength), keep: 2, style: () => "dim" },
    { title: "OF", value: ({ relation }) => relationName(relation), keep: 1 },
    { title: "BODY", value: text, shrinksTo: 12 },
  ];
}

function relationName(relation: LogRelation | undefined): string {
  return relation ?? "";
}

function time(ms: number, nowMs: number): string {
  const fraction = String(Math.floor(ms % 1000)).padStart(3, "0");
  return `${moment(ms, nowMs)}.${fraction}`;
}

/** The level; what the source calls it where there is none. */
function severity({ severityNumber, severityText }: LogItem): string {
  const level = severityLevel(severityNumber);
  return level === 0 ? printable(severityText.slice(0, 12)) : SEVERITIES[level - 1]!.toUpperCase();
}

function severityStyle({ severityNumber }: LogItem): Style | undefined {
  const name = SEVERITIES[severityLevel(severityNumber) - 1];
  return name && STYLES[name];
}

/** What the record says: its event's name and its body, else its attributes. */
function text({ eventName, body, cut, attributes }: LogItem): string {
  const said = [eventName, cut?.body ? `${body}…` : body].filter((part) => part !== "").join(" ");
  if (said !== "") return printable(said);
  return printable(attributes.map(({ key = "", value }) => `${key}=${valueText(value)}`).join(" "));
}

function valueText(value: AnyValue | undefined): string {
  if (value === undefined) return "";
  const [plain] = Object.values(value);
  const shown = typeof plain === "object" ? JSON.stringify(plain) : String(plain ?? "");
  return shown.slice(0, LONGEST_VALUE);
}
