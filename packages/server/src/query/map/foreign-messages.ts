import { STATUS_ERROR } from "@clew/protocol/analysis/span-role";
import type { MapScope } from "@clew/protocol/api/map";
import { hexToBytes } from "@clew/protocol/ids";
import type { Store } from "../../store/store.ts";
import type { SearchBudget } from "../traceql/search-budget.ts";
import { knownTraces } from "./begun-traces.ts";
import type { MapLimits } from "./map-limits.ts";
import { pausing } from "./pausing.ts";
import { type LaneName, type PlacedTrace, type PlaceTrace, placerOf, tookUs } from "./placed-traces.ts";
import { readGroups } from "./read-groups.ts";
import type { SpanTable } from "./span-table.ts";
import { linkCount, linksOf, type RowLink, traceIdAt } from "./trace-rows.ts";

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

/**
 * The messages that came to the traces of a table from others, which are read where they are not in it. Links to what
 * is not stored are left out. Throws `BudgetSpent`.
 */
export async function foreignMessages(
  store: Store,
  table: SpanTable,
  scope: MapScope,
  budget: SearchBudget,
  limits: MapLimits,
): Promise<ForeignMessage[]> {
  const messages: ForeignMessage[] = [];
  const place = placerOf(table, scope);
  let left = takeFrom(table, place, await receivedIn(table, place), messages);
  const elsewhere = new Set(left.map(({ senderTrace }) => senderTrace));
  if (elsewhere.size === 0) return messages;
  const groups = knownTraces(store, [...elsewhere], budget, limits);
  for await (const read of readGroups(store, groups, budget, limits)) {
    left = takeFrom(read.table, placerOf(read.table, scope), left, messages);
  }
  return messages;
}

async function receivedIn(table: SpanTable, place: PlaceTrace): Promise<Received[]> {
  const found: Received[] = [];
  if (table.columns.linkTraces.bytes.length === 0) return found;
  const pause = pausing();
  for (let trace = 0; trace < table.traceCount; trace++) {
    let placed: PlacedTrace | undefined;
    for (let at = table.starts[trace]!; at < table.starts[trace + 1]!; at++) {
      const row = table.rows[at]!;
      if (linkCount(table, row) === 0 || table.columns.isRunning[row] === 1) continue;
      const own = traceIdAt(table, row);
      const links = linksOf(table, row).filter(({ traceId }) => traceId !== own);
      if (links.length === 0) continue;
      placed ??= place(trace);
      const isError = table.columns.status[row] === STATUS_ERROR;
      found.push(...receivedBy(placed, at - table.starts[trace]!, isError, links));
    }
    await pause();
  }
  return found;
}

function receivedBy(
  placed: PlacedTrace,
  at: number,
  isError: boolean,
  links: readonly RowLink[],
): Received[] {
  return links.map(({ traceId, spanId }) => ({
    senderTrace: traceId,
    senderSpan: spanId,
    to: placed.names[placed.lanes.laneOf[at]!]!,
    startUs: placed.t0Us + placed.clock.start[at]!,
    tookUs: tookUs(placed, at),
    isError,
  }));
}

/** Makes messages of what was sent by a trace of the table; the rest is left. */
function takeFrom(
  table: SpanTable,
  place: PlaceTrace,
  received: readonly Received[],
  messages: ForeignMessage[],
): Received[] {
  const known = new Map<number, PlacedTrace>();
  return received.filter(({ senderTrace, senderSpan, to, startUs, tookUs, isError }) => {
    const sender = table.placeOf(hexToBytes(senderTrace)!, hexToBytes(senderSpan)!);
    if (sender === undefined) return true;
    const placed = known.get(sender.trace) ?? place(sender.trace);
    known.set(sender.trace, placed);
    const { names, lanes, clock, t0Us } = placed;
    const endUs = t0Us + clock.end[sender.at]!;
    // Those who measured may have different clocks.
    const queueUs = Math.max(0, startUs - endUs);
    messages.push({ from: names[lanes.laneOf[sender.at]!]!, to, tookUs, isError, queueUs });
    return false;
  });
}
