import type { SpanRows } from "@clew/protocol/analysis/analysis";
import type { MapScope } from "@clew/protocol/api/map";
import { SPAN_FLAG } from "@clew/protocol/api/trace-columns";
import { bytesToHex } from "@clew/protocol/ids";
import type { SpanTable } from "./span-table.ts";

const TRACE_BYTES = 16;
const SPAN_BYTES = 8;
const NO_TEXTS = [""];
const PRESENT = ["", "present"];
const HAND_OFF = ["", "handoff"];

/**
 * One trace of a table as the analysis takes it, as far as lanes and edges need it: of names only whether they are those
 * of a hand-off, which `isHandOff` tells where there are any, of models and tools whether there is one. For a map of
 * services nothing is known of agents, so that each service has lanes.
 */
export function traceRows(
  table: SpanTable,
  trace: number,
  scope: MapScope,
  isHandOff: ((row: number) => boolean) | undefined,
): SpanRows {
  const { columns, starts } = table;
  const from = starts[trace]!;
  const n = starts[trace + 1]! - from;
  const first = table.rows[from]!;
  const [low, high] = [columns.start[2 * first]!, columns.start[2 * first + 1]!];
  const ofAgents = scope === "agents";
  const none = new Array<number>(n).fill(0);
  const [parent, start, dur] = [none.slice(), none.slice(), none.slice()];
  const [kind, service, status, flags] = [none.slice(), none.slice(), none.slice(), none.slice()];
  const [type, agent, model, tool] = ofAgents
    ? [none.slice(), none.slice(), none.slice(), none.slice()]
    : [none, none, none, none];
  const name = ofAgents && isHandOff !== undefined ? none.slice() : none;
  let links = 0;
  for (let at = 0; at < n; at++) {
    const row = table.rows[from + at]!;
    const place = table.parent[from + at]!;
    parent[at] = place < 0 ? place : place - from;
    start[at] = ((columns.start[2 * row + 1]! - high) * 2 ** 32 + (columns.start[2 * row]! - low)) / 1000;
    if (columns.isRunning[row] === 1) flags[at] = SPAN_FLAG.running;
    else dur[at] = columns.durationNs[row]! / 1000;
    kind[at] = columns.kind[row]!;
    service[at] = columns.service.indexes[row]!;
    status[at] = columns.status[row]!;
    links += linkCount(table, row);
    if (!ofAgents) continue;
    type[at] = columns.type.indexes[row]!;
    agent[at] = columns.agent.indexes[row]!;
    if (columns.model.indexes[row] !== 0) model[at] = 1;
    if (columns.tool.indexes[row] !== 0) tool[at] = 1;
    if (isHandOff?.(row)) name[at] = 1;
  }
  const traceId = links === 0 ? "" : traceIdAt(table, first);
  return {
    traceId,
    n,
    // Ids are looked at for links alone.
    id: links === 0 ? [] : Array.from(table.rows.subarray(from, from + n), (row) => spanIdAt(table, row)),
    ...{ parent, start, dur, name, kind, service, type, agent, model, tool, status, flags },
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
    ...{ err: none, tokIn: none, tokOut: none, tokCacheR: none, costMicro: none },
    links: links === 0 ? [] : linksWithin(table, from, n, traceId),
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

function linksWithin(table: SpanTable, from: number, n: number, traceId: string): SpanRows["links"] {
  const links: (readonly [number, string, string])[] = [];
  for (let at = 0; at < n; at++) {
    for (const link of linksOf(table, table.rows[from + at]!)) {
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
