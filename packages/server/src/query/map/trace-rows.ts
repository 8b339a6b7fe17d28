import type { SpanRows } from "@clew/protocol/analysis/analysis";
import type { MapScope } from "@clew/protocol/api/map";
import { SPAN_FLAG } from "@clew/protocol/api/trace-columns";
import { bytesToHex } from "@clew/protocol/ids";
import type { TextColumn } from "./native-table.ts";
import type { SpanTable } from "./span-table.ts";

const TRACE_BYTES = 16;
const SPAN_BYTES = 8;
const NO_TEXTS = [""];
const PRESENT = ["", "present"];
const HAND_OFF = ["", "handoff"];

/**
 * One trace of a table as the analysis takes it, as far as lanes and edges need it: of names only whether they are those
 * of a hand-off, which `isHandOff` tells where there are any, of models and tools whether there is one. For a map of services nothing is known of agents, so that each
 * service has lanes.
 */
export function traceRows(
  table: SpanTable,
  trace: number,
  scope: MapScope,
  isHandOff: ((row: number) => boolean) | undefined,
): SpanRows {
  const { columns, starts, parent } = table;
  const { start, durationNs, isRunning } = columns;
  const from = starts[trace]!;
  const rows = Array.from(table.rows.subarray(from, starts[trace + 1]!));
  const [low, high] = [start[2 * rows[0]!]!, start[2 * rows[0]! + 1]!];
  const none = new Array<number>(rows.length).fill(0);
  const indexes = (column: TextColumn): number[] => rows.map((row) => column.indexes[row]!);
  const isThere = (column: TextColumn): number[] => rows.map((row) => (column.indexes[row] === 0 ? 0 : 1));
  const ofAgents = scope === "agents";
  const hasLinks = rows.some((row) => linkCount(table, row) > 0);
  const traceId = hasLinks ? traceIdAt(table, rows[0]!) : "";
  const links = hasLinks ? linksWithin(table, rows, traceId) : [];
  return {
    traceId,
    n: rows.length,
    // Ids are looked at for links alone.
    id: links.length === 0 ? [] : rows.map((row) => spanIdAt(table, row)),
    parent: rows.map((_, at) => (parent[from + at]! < 0 ? parent[from + at]! : parent[from + at]! - from)),
    start: rows.map((row) => ((start[2 * row + 1]! - high) * 2 ** 32 + (start[2 * row]! - low)) / 1000),
    dur: rows.map((row) => (isRunning[row] === 1 ? 0 : Number(durationNs[row]!) / 1000)),
    dict: {
      name: HAND_OFF,
      service: columns.service.texts,
      type: ofAgents ? columns.type.texts : NO_TEXTS,
      agent: ofAgents ? columns.agent.texts : NO_TEXTS,
      provider: NO_TEXTS,
      model: PRESENT,
      tool: PRESENT,
      err: NO_TEXTS,
    },
    name: ofAgents && isHandOff !== undefined ? rows.map((row) => (isHandOff(row) ? 1 : 0)) : none,
    kind: rows.map((row) => columns.kind[row]!),
    service: indexes(columns.service),
    type: ofAgents ? indexes(columns.type) : none,
    agent: ofAgents ? indexes(columns.agent) : none,
    model: ofAgents ? isThere(columns.model) : none,
    tool: ofAgents ? isThere(columns.tool) : none,
    status: rows.map((row) => columns.status[row]!),
    err: none,
    tokIn: none,
    tokOut: none,
    tokCacheR: none,
    costMicro: none,
    flags: rows.map((row) => (isRunning[row] === 1 ? SPAN_FLAG.running : 0)),
    links,
  };
}

export interface RowLink {
  readonly traceId: string;
  readonly spanId: string;
}

export function linkCount({ columns: { linkTraces } }: SpanTable, row: number): number {
  return linkTraces.ends[row]! - (row === 0 ? 0 : linkTraces.ends[row - 1]!);
}

/** The links of a row; ids in hex. */
export function linksOf({ columns: { linkTraces, linkSpans } }: SpanTable, row: number): RowLink[] {
  const from = row === 0 ? 0 : linkTraces.ends[row - 1]!;
  return Array.from({ length: linkTraces.ends[row]! - from }, (_, at) => ({
    traceId: bytesToHex(linkTraces.bytes, (from + at) * TRACE_BYTES, (from + at + 1) * TRACE_BYTES),
    spanId: bytesToHex(linkSpans.bytes, (from + at) * SPAN_BYTES, (from + at + 1) * SPAN_BYTES),
  }));
}

function linksWithin(table: SpanTable, rows: readonly number[], traceId: string): SpanRows["links"] {
  const links: (readonly [number, string, string])[] = [];
  for (let at = 0; at < rows.length; at++) {
    for (const link of linksOf(table, rows[at]!)) {
      if (link.traceId === traceId) links.push([at, traceId, link.spanId]);
    }
  }
  return links;
}

export function traceIdAt({ traceIds }: SpanTable, row: number): string {
  return bytesToHex(new Uint8Array(traceIds.buffer, row * TRACE_BYTES, TRACE_BYTES));
}

function spanIdAt({ spanIds }: SpanTable, row: number): string {
  return bytesToHex(new Uint8Array(spanIds.buffer, row * SPAN_BYTES, SPAN_BYTES));
}
