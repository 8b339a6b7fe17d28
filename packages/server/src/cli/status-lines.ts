import type { IngestCounters } from "@clew/protocol/api/ingest-event";
import type { PipelineStatus, ServerStatus, Setup } from "@clew/protocol/api/server-status";
import { formatByteSize } from "../config/byte-size.ts";
import { printable } from "../printable.ts";
import { paint, type Style } from "./screen/paint.ts";
import { duration, exact, many, moment } from "./screen/quantities.ts";
import type { Screen } from "./screen/screen.ts";
import { table } from "./screen/table.ts";
import { clipped } from "./screen/text-width.ts";

const MOST_SOURCES = 20;

/** What a server says of itself, for people. */
export function statusLines(status: ServerStatus, setup: Setup, screen: Screen, nowMs: number): string[] {
  const { store, stored, ingest, pipeline } = status;
  const state = paint(screen, store.state === "ready" ? "green" : "yellow", store.state);
  const endpoints = [
    setup.otlp.grpc && `gRPC ${setup.otlp.grpc}`,
    setup.otlp.http && `HTTP ${setup.otlp.http}`,
  ];
  return [
    `Clew ${status.version}, up ${duration(status.uptimeMs, !screen.unicode)}`,
    `  Store     ${state}, ${printable(store.location)}`,
    `  Receives  ${endpoints.filter(Boolean).join(", ") || "nothing: the receivers are off"}${setup.otlp.auth ? " (with token)" : ""}`,
    `  Holds     ${holdings(stored, nowMs)}`,
    ...(pipeline === undefined ? [] : queue(pipeline, screen, nowMs)),
    ...received(ingest, screen),
    ...refused(ingest.refusals, screen),
    ...sources(ingest, screen, nowMs),
  ];
}

function holdings(stored: ServerStatus["stored"], nowMs: number): string {
  if (stored === undefined) return "unknown, because the store does not answer";
  const { spans, traces, logs, metricPoints, diskBytes, oldestMs } = stored;
  const counts = [
    many(spans, "span"),
    many(traces, "trace"),
    many(logs, "log"),
    many(metricPoints, "metric point"),
  ];
  const since = oldestMs === undefined ? "" : `, since ${moment(oldestMs, nowMs)}`;
  return `${counts.join(", ")}; ${formatByteSize(diskBytes)}${since}`;
}

function queue({ logBytes, duplicates, trouble }: PipelineStatus, screen: Screen, nowMs: number): string[] {
  const repeated = duplicates > 0 ? `; ${many(duplicates, "record")} came twice and count once` : "";
  const stuck =
    trouble && `  Stuck     since ${moment(trouble.sinceMs, nowMs)}: ${printable(trouble.message)}`;
  return [
    `  Queue     ${formatByteSize(logBytes)} in the durable log${repeated}`,
    ...(stuck === undefined ? [] : [paint(screen, "red", stuck)]),
  ];
}

function received({ signals, sinceMs }: IngestCounters, screen: Screen): string[] {
  const rows = (["traces", "logs", "metrics"] as const)
    .map((signal) => ({ signal, ...signals[signal] }))
    .filter(({ requests }) => requests > 0);
  if (rows.length === 0) return ["", "Nothing was received since it started."];
  const lines = table(
    rows,
    [
      { title: "RECEIVED", value: ({ signal }) => signal },
      { title: "REQUESTS", value: ({ requests }) => exact(requests), align: "right" },
      { title: "RECORDS", value: ({ records }) => exact(records), align: "right" },
      {
        title: "REJECTED",
        value: ({ rejected }) => exact(rejected),
        align: "right",
        style: ({ rejected }) => (rejected > 0 ? "red" : undefined),
      },
    ],
    screen,
  );
  return ["", ...lines, paint(screen, "dim", `since ${new Date(sinceMs).toLocaleString("sv")}`)];
}

/** What a server may tell besides what every server does. */
type Refusal = IngestCounters["refusals"][number] & { readonly message?: string; readonly hint?: string };

function refused(refusals: readonly Refusal[], screen: Screen): string[] {
  if (refusals.length === 0) return [];
  const more = screen.unicode ? "…" : "~";
  const rows = [...refusals].sort((a, b) => b.count - a.count);
  const line = (text: string, indent: number, style?: Style): string => {
    const room = screen.isTerminal ? Math.max(20, screen.width - indent) : Number.POSITIVE_INFINITY;
    return " ".repeat(indent) + paint(screen, style, clipped(printable(text), room, more));
  };
  return [
    "",
    paint(screen, "red", "Refused requests"),
    ...rows.flatMap(({ code, reason, count, message, hint }) => [
      line(`${exact(count)} x ${code}  ${message || reason}`, 2),
      ...(hint ? [line(hint, 6, "dim")] : []),
    ]),
  ];
}

function sources({ sources: all }: IngestCounters, screen: Screen, nowMs: number): string[] {
  if (all.length === 0) return [];
  const rows = [...all].sort((a, b) => b.lastAtMs - a.lastAtMs);
  const lines = table(
    rows.slice(0, MOST_SOURCES),
    [
      {
        title: "SERVICE",
        value: ({ service }) => printable(service || "(no service.name)").slice(0, 100),
        shrinksTo: 12,
      },
      { title: "RECORDS", value: ({ records }) => exact(records), align: "right" },
      {
        title: "REJECTED",
        value: ({ rejected }) => (rejected > 0 ? exact(rejected) : ""),
        align: "right",
        style: () => "red",
      },
      { title: "LAST", value: ({ lastAtMs }) => moment(lastAtMs, nowMs), keep: 1 },
    ],
    screen,
  );
  return [
    "",
    ...lines,
    ...(rows.length > MOST_SOURCES ? [`and ${many(rows.length - MOST_SOURCES, "other service")}`] : []),
  ];
}
