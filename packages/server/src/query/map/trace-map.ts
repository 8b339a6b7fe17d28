import type { MapScope } from "@clew/protocol/api/map";
import type { Store } from "../../store/store.ts";
import { BudgetSpent, type PartialReason, SearchBudget } from "../traceql/search-budget.ts";
import { addTraces } from "./add-traces.ts";
import { begunTraces, type MapStretch } from "./begun-traces.ts";
import { type ForeignMessage, foreignMessages } from "./foreign-messages.ts";
import { inTurn } from "./in-turn.ts";
import { MapFigures } from "./map-figures.ts";
import { MAP_LIMITS, type MapLimits } from "./map-limits.ts";
import { type ReadGroup, readGroups } from "./read-groups.ts";
import { type ShownMap, type ShownOptions, shownMap } from "./shown-map.ts";

export interface TraceMapRequest extends MapStretch, ShownOptions {
  readonly scope: MapScope;
  /** Default 10 seconds. */
  readonly timeoutMs?: number;
  /** Default `MAP_LIMITS`. */
  readonly limits?: MapLimits;
  readonly signal?: AbortSignal;
}

export interface TraceMap extends ShownMap {
  readonly traceCount: number;
  /** Set when the time was up; traces that began before `fromNs` were not looked at. */
  readonly partial?: { readonly reason: PartialReason; readonly fromNs: bigint };
  /** Traces left out for their size. */
  readonly tooLarge: number;
}

const DEFAULT_TIMEOUT_MS = 10_000;
/** That one statement may read. */
const MOST_BYTES = 32 * 1024 ** 3;

/**
 * Who called whom in the traces that begin in a stretch of time. Each trace is read whole, the newest first, and what
 * the analysis says of it is added up; so the map of one trace is what the analysis says. When the time is up the map is
 * of the newest. Some 2 to 4 µs a span here and 1 µs in the store, side by side; one map at a time.
 */
export function traceMap(store: Store, request: TraceMapRequest): Promise<TraceMap> {
  return inTurn(store, request.signal, () => mapOf(store, request));
}

async function mapOf(store: Store, request: TraceMapRequest): Promise<TraceMap> {
  const { scope, timeoutMs = DEFAULT_TIMEOUT_MS, limits = MAP_LIMITS, signal } = request;
  const budget = new SearchBudget({ timeoutMs, maxBytes: MOST_BYTES, signal });
  const figures = new MapFigures();
  let tooLarge = 0;
  let doneToNs = request.toNs;
  let partial: TraceMap["partial"];
  try {
    const groups = begunTraces(store, request, budget, limits);
    const waiting: { readonly read: ReadGroup; readonly messages: readonly ForeignMessage[] }[] = [];
    for await (const next of readGroups(store, groups, budget, limits)) {
      const found = await foreignMessages(store, next.table, scope, budget, limits);
      waiting.push({ read: next, messages: found });
      // Until it is known since when the map is, nothing of it is added.
      if (next.group.doneToNs === undefined) continue;
      for (const { read, messages } of waiting.splice(0)) {
        await addTraces(figures, read.table, scope, messages);
        tooLarge += read.group.tooLarge;
      }
      doneToNs = next.group.doneToNs;
    }
  } catch (error) {
    if (!(error instanceof BudgetSpent)) throw error;
    partial = { reason: error.reason, fromNs: doneToNs };
  }
  return {
    ...shownMap(figures, request),
    traceCount: figures.traceCount,
    ...(partial && { partial }),
    tooLarge,
  };
}
