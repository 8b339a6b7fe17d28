import { STATUS_ERROR } from "@clew/protocol/analysis/span-role";
import type { MapScope } from "@clew/protocol/api/map";
import { hexToBytes } from "@clew/protocol/ids";
import type { Store } from "../../store/store.ts";
import type { SearchBudget } from "../traceql/search-budget.ts";
import { knownTraces } from "./begun-traces.ts";
import type { MapLimits } from "./map-limits.ts";
import { type LaneName, type PlacedTrace, placedTraces, tookUs } from "./placed-traces.ts";
import { readGroups } from "./read-groups.ts";
import type { SpanTable } from "./span-table.ts";
import { linkCount, linksOf, traceIdAt } from "./trace-rows.ts";

/** A link from a span to a span of another trace: what the other one sent was received here. */
export interface ForeignMessage {
  readonly from: LaneName;
  readonly to: LaneName;
  readonly tookUs: number;
  readonly isError: boolean;
  readonly queueUs: number;
}

interface Received {
  readonly senderTrace: string;
  readonly senderSpan: string;
  readonly to: LaneName;
  /** Unix epoch. */
  readonly startUs: number;
  readonly tookUs: number;
  readonly isError: boolean;
}

/** Where a span is on the map, and when it ended. */
interface Sender {
  readonly lane: LaneName;
  readonly endUs: number;
}

/**
 * The messages that came to the traces of a table from others, which are read where they are not in it. Links to what
 * is not stored are left out. Throws `BudgetSpent`.
 */
export async function foreignMessages(
  store: Store,
  table: SpanTable,
  placed: readonly PlacedTrace[],
  scope: MapScope,
  budget: SearchBudget,
  limits: MapLimits,
): Promise<ForeignMessage[]> {
  const received = receivedIn(table, placed);
  const messages: ForeignMessage[] = [];
  const take = (among: SpanTable, traces: readonly PlacedTrace[]): Received[] =>
    received.filter((message) => {
      const sender = senderOf(message, among, traces);
      if (sender !== undefined) messages.push(messageOf(sender, message));
      return sender === undefined;
    });
  const left = take(table, placed);
  const elsewhere = [...new Set(left.map(({ senderTrace }) => senderTrace))];
  if (elsewhere.length === 0) return messages;
  for await (const read of readGroups(store, knownTraces(store, elsewhere, budget, limits), budget, limits)) {
    take(read.table, await placedTraces(read.table, scope));
  }
  return messages;
}

function receivedIn(table: SpanTable, placed: readonly PlacedTrace[]): Received[] {
  if (table.columns.linkTraces.bytes.length === 0) return [];
  const found: Received[] = [];
  for (const [index, trace] of placed.entries()) {
    const from = table.starts[index]!;
    for (let at = 0; at < trace.lanes.laneOf.length; at++) {
      const row = table.rows[from + at]!;
      if (linkCount(table, row) === 0 || table.columns.isRunning[row] === 1) continue;
      const own = traceIdAt(table, row);
      for (const { traceId, spanId } of linksOf(table, row)) {
        if (traceId === own) continue;
        found.push({
          senderTrace: traceId,
          senderSpan: spanId,
          to: trace.names[trace.lanes.laneOf[at]!]!,
          startUs: trace.t0Us + trace.clock.start[at]!,
          tookUs: tookUs(trace, at),
          isError: table.columns.status[row] === STATUS_ERROR,
        });
      }
    }
  }
  return found;
}

function senderOf(
  { senderTrace, senderSpan }: Received,
  table: SpanTable,
  placed: readonly PlacedTrace[],
): Sender | undefined {
  const place = table.placeOf(hexToBytes(senderTrace)!, hexToBytes(senderSpan)!);
  if (place === undefined) return undefined;
  const { trace, at } = place;
  const { names, lanes, clock, t0Us } = placed[trace]!;
  return { lane: names[lanes.laneOf[at]!]!, endUs: t0Us + clock.end[at]! };
}

function messageOf({ lane, endUs }: Sender, { to, startUs, tookUs, isError }: Received): ForeignMessage {
  // Those who measured may have different clocks.
  return { from: lane, to, tookUs, isError, queueUs: Math.max(0, startUs - endUs) };
}
