import { bytesToHex } from "@clew/protocol/ids";
import type { Store } from "../../store/store.ts";
import { fragment, Parameters, type SqlFragment, statement } from "../sql.ts";
import { END_OF_TIME_S, minuteOf } from "../time-windows.ts";
import type { SearchBudget } from "../traceql/search-budget.ts";
import { stretchBefore } from "../traceql/stretches.ts";
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

/** Spans of one trace that are looked at, as many as one answer of a trace carries. */
export const MOST_TRACE_SPANS = 100_000;
/** Of a group, unless what is sent twice or is running makes it more. */
const SPANS_AT_ONCE = 150_000;
const TRACES_AT_ONCE = 20_000;
const FIRST_ROWS = 2_048;
const GROWTH = 4;
/** Rows of summaries that one statement gathers traces from. */
const MOST_ROWS = 65_536;
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
): AsyncGenerator<TraceGroup, void> {
  const floor = minuteOf(fromNs);
  let to = Math.min(END_OF_TIME_S, minuteOf(toNs) + 60);
  let rows = FIRST_ROWS;
  for (let isLast = false; !isLast && to > floor; rows = Math.min(rows * GROWTH, MOST_ROWS)) {
    const found = await stretchBefore(store, budget, to, floor, rows);
    ({ isLast } = found);
    const parameters = new Parameters();
    const first = fragment`toDateTime(${parameters.bind("UInt32", found.from)}, 'UTC')`;
    const last = fragment`toDateTime(${parameters.bind("UInt32", to)}, 'UTC')`;
    const traces = fragment`SELECT trace_id FROM traces WHERE bucket >= ${first} AND bucket < ${last}`;
    // What has rows in this stretch and begins before it comes with the stretch in which it begins.
    const begin = latest(fromNs, BigInt(found.from) * 1_000_000_000n);
    yield* groupsOf(await listed(store, { traces, parameters, fromNs: begin, toNs }, budget));
    to = found.from;
  }
}

/** Known traces in groups, wherever they lie. Throws `BudgetSpent`. */
export async function* knownTraces(
  store: Store,
  ids: readonly string[],
  budget: SearchBudget,
): AsyncGenerator<TraceGroup, void> {
  const parameters = new Parameters();
  const list = parameters.bind("String", ids.join(""));
  const traces = fragment`SELECT arrayJoin(extractAll(unhex(${list}), '(?s)\\C{16}'))`;
  yield* groupsOf(await listed(store, { traces, parameters, fromNs: FIRST_NS, toNs: LAST_NS }, budget));
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

function* groupsOf(traces: NativeTable): Generator<TraceGroup, void> {
  const ids = traces.fixed("trace_id");
  const starts = new BigInt64Array(traces.fixed("start_ns").buffer);
  const ends = new BigInt64Array(traces.fixed("end_ns").buffer);
  const counts = new BigUint64Array(traces.fixed("span_count").buffer);
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
    const count = Number(counts[at]!);
    if (count > MOST_TRACE_SPANS) {
      tooLarge++;
      continue;
    }
    if (kept.length === TRACES_AT_ONCE || (kept.length > 0 && spans + count > SPANS_AT_ONCE)) {
      yield group();
      [kept, spans, tooLarge] = [[], 0, 0];
    }
    kept.push(at);
    // One that is running alone has a span, too.
    spans += Math.max(1, count);
  }
  if (kept.length > 0 || tooLarge > 0) yield group();
}
