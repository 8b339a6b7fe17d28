import type { Store } from "../../store/store.ts";
import { fragment, Parameters, type SqlFragment, statement } from "../sql.ts";
import { END_OF_TIME_S, minuteOf } from "../time-windows.ts";
import type { SearchBudget } from "../traceql/search-budget.ts";
import { stretchBefore } from "../traceql/stretches.ts";
import { groupsOf, type TraceGroup } from "./group-traces.ts";
import type { MapLimits } from "./map-limits.ts";
import { NativeTable } from "./native-table.ts";

/** A stretch of time, from inclusive, to exclusive. */
export interface MapStretch {
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

const GROWTH = 4;
/** Traces elsewhere are read hour by hour: what lies between them must not be. */
const APART_NS = 3_600_000_000_000n;
const FIRST_NS = 0n;
const LAST_NS = 2n ** 63n - 1n;

/**
 * The traces that begin in a stretch of time, the newest first, in groups of so many spans. Throws `BudgetSpent`.
 */
export async function* begunTraces(
  store: Store,
  { fromNs, toNs }: MapStretch,
  budget: SearchBudget,
  limits: MapLimits,
): AsyncGenerator<TraceGroup, void> {
  const { firstSummaries, mostSummaries } = limits;
  const floor = minuteOf(fromNs);
  let to = Math.min(END_OF_TIME_S, minuteOf(toNs) + 60);
  let rows = firstSummaries;
  for (let isLast = false; !isLast && to > floor; rows = Math.min(rows * GROWTH, mostSummaries)) {
    const found = await stretchBefore(store, budget, to, floor, rows);
    ({ isLast } = found);
    const parameters = new Parameters();
    const first = fragment`toDateTime(${parameters.bind("UInt32", found.from)}, 'UTC')`;
    const last = fragment`toDateTime(${parameters.bind("UInt32", to)}, 'UTC')`;
    const traces = fragment`SELECT trace_id FROM traces WHERE bucket >= ${first} AND bucket < ${last}`;
    // What has rows in this stretch and begins before it comes with the stretch in which it begins.
    const foundNs = BigInt(found.from) * 1_000_000_000n;
    const begin = foundNs > fromNs ? foundNs : fromNs;
    yield* groupsOf(await listed(store, { traces, parameters, fromNs: begin, toNs }, budget), limits);
    to = found.from;
  }
}

/** Known traces in groups, wherever they lie. Throws `BudgetSpent`. */
export async function* knownTraces(
  store: Store,
  ids: readonly string[],
  budget: SearchBudget,
  limits: MapLimits,
): AsyncGenerator<TraceGroup, void> {
  const parameters = new Parameters();
  const list = parameters.bind("String", ids.join(""));
  const traces = fragment`SELECT arrayJoin(extractAll(unhex(${list}), '(?s)\\\\C{16}'))`;
  const found = await listed(store, { traces, parameters, fromNs: FIRST_NS, toNs: LAST_NS }, budget);
  yield* groupsOf(found, limits, APART_NS);
}

interface Listing {
  /** A SELECT of their ids. */
  readonly traces: SqlFragment;
  readonly parameters: Parameters;
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

async function listed(store: Store, listing: Listing, budget: SearchBudget): Promise<NativeTable> {
  const sql = statement("map-traces", { traces: listing.traces });
  const bytes = await budget.run((options) => store.queryBytes(sql, "Native", options), {
    ...listing.parameters.values,
    from_ns: listing.fromNs,
    to_ns: listing.toNs,
  });
  return new NativeTable(bytes);
}
