import { bytesToHex } from "@clew/protocol/ids";
import type { Store } from "../../store/store.ts";
import { fragment, Parameters, type SqlFragment, statement } from "../sql.ts";
import { END_OF_TIME_S, minuteOf } from "../time-windows.ts";
import type { SearchBudget } from "../traceql/search-budget.ts";
import { stretchBefore } from "../traceql/stretches.ts";
import type { MapLimits } from "./map-limits.ts";
import { NativeTable } from "./native-table.ts";

/** A stretch of time, from inclusive, to exclusive. */
export interface MapStretch {
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

/** Some traces that are read at once. */
export interface TraceGroup {
  /** In hex, one after the other. */
  readonly ids: string;
  readonly count: number;
  /** Between which their spans lie. */
  readonly fromNs: bigint;
  readonly toNs: bigint;
  /** All that begin later are in this group or in those before; absent when more of the group is to come. */
  readonly doneToNs?: bigint;
  /** Traces beside these that have too many spans to be read. */
  readonly tooLarge: number;
}

const GROWTH = 4;
const ID_BYTES = 16;
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
    const begin = latest(fromNs, BigInt(found.from) * 1_000_000_000n);
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
  const traces = fragment`SELECT arrayJoin(extractAll(unhex(${list}), '(?s)\\C{16}'))`;
  yield* groupsOf(
    await listed(store, { traces, parameters, fromNs: FIRST_NS, toNs: LAST_NS }, budget),
    limits,
  );
}

function latest(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
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

function* groupsOf(traces: NativeTable, limits: MapLimits): Generator<TraceGroup, void> {
  const ids = traces.fixed("trace_id");
  const starts = new BigInt64Array(traces.fixed("start_ns").buffer);
  const ends = new BigInt64Array(traces.fixed("end_ns").buffer);
  const counts = traces.integers("span_count");
  let kept: number[] = [];
  let spans = 0;
  let tooLarge = 0;
  const group = (): TraceGroup => {
    // The newest come first.
    const fromNs = starts[kept.at(-1) ?? 0]!;
    return {
      ids: kept.map((at) => bytesToHex(ids, at * ID_BYTES, (at + 1) * ID_BYTES)).join(""),
      count: kept.length,
      fromNs,
      toNs: kept.reduce((most, at) => latest(most, latest(starts[at]!, ends[at]!)), FIRST_NS),
      ...(kept.length > 0 && { doneToNs: fromNs }),
      tooLarge,
    };
  };
  for (let at = 0; at < traces.rows; at++) {
    const count = counts[at]!;
    if (count > limits.spansOfTrace) {
      tooLarge++;
      continue;
    }
    const isFull = kept.length === limits.tracesAtOnce || spans + count > limits.spansAtOnce;
    if (kept.length > 0 && isFull) {
      yield group();
      [kept, spans, tooLarge] = [[], 0, 0];
    }
    kept.push(at);
    // One that is running alone has a span, too.
    spans += Math.max(1, count);
  }
  if (kept.length > 0 || tooLarge > 0) yield group();
}
