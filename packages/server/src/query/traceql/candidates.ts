import type { Store } from "../../store/store.ts";
import { andAll, fragment, Parameters, type SqlFragment, statement } from "../sql.ts";
import { END_OF_TIME_S, minuteOf } from "../time-windows.ts";
import type { TraceCursor } from "../trace-cursor.ts";
import { newestFirst, summariesOf, type TraceSummary } from "../trace-summary.ts";
import { BudgetSpent, type SearchBudget } from "./search-budget.ts";
import type { SearchPlan } from "./search-plan.ts";
import { type Stretch, stretchBefore, stretchesOf } from "./stretches.ts";

/** Between which moments a trace begins: from inclusive, to exclusive. */
export interface SearchRange {
  readonly fromNs?: bigint | undefined;
  readonly toNs?: bigint | undefined;
  /** Traces that come after this one in the order of lists. */
  readonly after?: TraceCursor | undefined;
  /** Traces wanted. */
  readonly limit: number;
}

/** Traces that may match, newest first. */
export interface CandidateBatch {
  readonly traces: readonly TraceSummary[];
  /** When these are done, all that come before this are; absent when there are no more. */
  readonly doneTo?: TraceCursor;
}

/** Traces that a value leads to are looked up directly up to this many. */
const MOST_RARE = 200;
/** Small blocks end the search for them soon where they are frequent. */
const UNTIL_ENOUGH = { max_block_size: 8192, max_threads: 1 };
const MOST_KEYS = 20_000;
/** Of how many traces summaries are asked for at once: of more than the page has, as some do not match, and then of more. */
const LEAST_BATCH = 100;
const MOST_BATCH = 5000;
const NANOS = 1_000_000_000n;

/**
 * Traces that may match: those that a rare value leads to where the query asks for one, else by going back in time in
 * stretches of whole minutes that grow. A trace belongs to the stretch in which it begins, and all its spans count
 * wherever they lie. Throws `BudgetSpent`.
 */
export async function* candidates(
  store: Store,
  plan: SearchPlan,
  range: SearchRange,
  budget: SearchBudget,
): AsyncGenerator<CandidateBatch, void> {
  const first = Math.min(Math.max(2 * range.limit, LEAST_BATCH), MOST_BATCH);
  const search: CandidateSearch = { store, plan, range, budget, batch: { size: first } };
  const rare = await rareTraces(search);
  if (rare !== undefined) {
    yield { traces: rare };
    return;
  }
  const { fromNs, toNs, after } = range;
  const ends = [toNs, after?.startNs].filter((end) => end !== undefined);
  const to = Math.min(END_OF_TIME_S, ...ends.map((end) => minuteOf(end) + 60));
  const floor = fromNs === undefined ? 0 : minuteOf(fromNs);
  for await (const stretch of stretchesOf({ to, floor }, (end, rows) =>
    stretchBefore(store, budget, end, floor, rows),
  )) {
    yield* within(search, stretch);
  }
}

interface CandidateSearch {
  readonly store: Store;
  readonly plan: SearchPlan;
  readonly range: SearchRange;
  readonly budget: SearchBudget;
  /** Grows from batch to batch. */
  readonly batch: { size: number };
}

/** The traces that a value leads to; undefined when the query asks for none, or when there are many. */
async function rareTraces(search: CandidateSearch): Promise<TraceSummary[] | undefined> {
  const { plan, range } = search;
  const parameters = new Parameters();
  const condition = plan.rareSpans(parameters);
  if (condition === undefined) return undefined;
  const { fromNs } = range;
  const since = fromNs === undefined ? [] : [spansFrom(momentOf(fromNs, parameters))];
  const most = parameters.bind("UInt32", MOST_RARE + 1);
  const traces = fragment`SELECT DISTINCT trace_id FROM spans WHERE (${condition})${andAll(since)} LIMIT ${most}`;
  const found = await summaries(search, traces, parameters, UNTIL_ENOUGH);
  return found.length > MOST_RARE ? undefined : found.filter((trace) => isWithin(trace, range));
}

/** The candidates of one stretch: the newest with one statement, so that a page is found soon; then the others. */
async function* within(search: CandidateSearch, stretch: Stretch): AsyncGenerator<CandidateBatch, void> {
  const { range, batch } = search;
  const end = stretch.isLast
    ? {}
    : { doneTo: { startNs: BigInt(stretch.from) * NANOS, traceId: "0".repeat(32) } };
  let { after } = range;
  try {
    const parameters = new Parameters();
    const { size } = batch;
    const newest = await summaries(search, tracesIn(search, stretch, after, size, parameters), parameters);
    const accepted = newest.filter((trace) => beginsIn(trace, stretch) && isWithin(trace, range));
    if (newest.length < size) {
      yield { traces: accepted, ...end };
      return;
    }
    // More may follow behind the last of these, but none between them.
    const lowest = accepted.at(-1);
    if (lowest !== undefined) {
      after = { startNs: lowest.startNs, traceId: lowest.id };
      yield { traces: accepted, doneTo: after };
    }
    for (let isMore = true; isMore; ) {
      const keys = await keysIn(search, stretch, after);
      for (let at = 0; at < keys.length; ) {
        batch.size = Math.min(4 * batch.size, MOST_BATCH);
        const some = keys.slice(at, at + batch.size);
        at += some.length;
        const last = some.at(-1)!;
        after = { startNs: last.startNs, traceId: last.id };
        yield { traces: await thatBeginThere(search, some), doneTo: after };
      }
      isMore = keys.length === MOST_KEYS;
    }
    yield { traces: [], ...end };
  } catch (error) {
    const minutes = (stretch.to - stretch.from) / 60;
    if (!(error instanceof BudgetSpent) || error.reason !== "size" || minutes < 2) throw error;
    // Too much to read at once: the newer half first.
    const middle = stretch.from + Math.floor(minutes / 2) * 60;
    const left = { ...search, range: { ...range, after } };
    yield* within(left, { from: middle, to: stretch.to, isLast: false });
    yield* within(left, { from: stretch.from, to: middle, isLast: stretch.isLast });
  }
}

/** A SELECT of the newest traces of a stretch. One that began earlier can be among them. */
function tracesIn(
  { plan, range }: CandidateSearch,
  { from, to }: Stretch,
  after: TraceCursor | undefined,
  most: number,
  parameters: Parameters,
): SqlFragment {
  const first = fragment`toDateTime(${parameters.bind("UInt32", from)}, 'UTC')`;
  const inside = fragment`bucket >= ${first} AND bucket < toDateTime(${parameters.bind("UInt32", to)}, 'UTC')`;
  const scope = [spansFrom(first)];
  if (to < END_OF_TIME_S) {
    // Of the traces that begin here, the last span of all.
    const lastEnd = fragment`SELECT max(traces.end_time) FROM traces
      WHERE bucket >= ${first} AND trace_id IN (SELECT trace_id FROM traces WHERE ${inside})`;
    scope.push(fragment`toStartOfFifteenMinutes(start_time) <= toStartOfFifteenMinutes((${lastEnd}))`);
  }
  const matching = plan.candidates(fragment`true${andAll(scope)}`, parameters);
  const rows = [inside, ...(matching === undefined ? [] : [fragment`trace_id IN (${matching})`])];
  return fragment`SELECT trace_id FROM traces WHERE true${andAll(rows)}
    GROUP BY trace_id
    HAVING true${andAll(startsIn({ ...range, after }, fragment`toUnixTimestamp64Nano(min(traces.start_time))`, parameters))}
    ORDER BY min(traces.start_time) DESC, trace_id DESC
    LIMIT ${parameters.bind("UInt32", most)}`;
}

/** The first condition says no more than the second, and is the one that the primary key can use. */
function spansFrom(moment: SqlFragment): SqlFragment {
  return fragment`toStartOfFifteenMinutes(start_time) >= toStartOfFifteenMinutes(${moment}) AND start_time >= ${moment}`;
}

function momentOf(nanos: bigint, parameters: Parameters): SqlFragment {
  return fragment`fromUnixTimestamp64Nano(${parameters.bind("Int64", nanos)}, 'UTC')`;
}

function startsIn(
  { fromNs, toNs, after }: SearchRange,
  start: SqlFragment,
  parameters: Parameters,
): SqlFragment[] {
  const found: SqlFragment[] = [];
  if (fromNs !== undefined) found.push(fragment`${start} >= ${parameters.bind("Int64", fromNs)}`);
  if (toNs !== undefined) found.push(fragment`${start} < ${parameters.bind("Int64", toNs)}`);
  if (after !== undefined) {
    const startNs = parameters.bind("Int64", after.startNs);
    const id = parameters.bind("String", after.traceId);
    found.push(fragment`(${start}, trace_id) < (${startNs}, toFixedString(unhex(${id}), 16))`);
  }
  return found;
}

interface Key {
  readonly id: string;
  readonly startNs: bigint;
}

async function keysIn(
  search: CandidateSearch,
  stretch: Stretch,
  after: TraceCursor | undefined,
): Promise<Key[]> {
  const parameters = new Parameters();
  const traces = tracesIn(search, stretch, after, MOST_KEYS, parameters);
  const inside = fragment`bucket >= toDateTime(${parameters.bind("UInt32", stretch.from)}, 'UTC')
    AND bucket < toDateTime(${parameters.bind("UInt32", stretch.to)}, 'UTC')`;
  const sql = statement("traceql-candidates", { rows: andAll([inside, fragment`trace_id IN (${traces})`]) });
  const rows = await search.budget.run(
    (options) => search.store.query<{ id: string; start_ns: string }>(sql, options),
    parameters.values,
  );
  return rows.map(({ id, start_ns }) => ({ id, startNs: BigInt(start_ns) }));
}

async function thatBeginThere(search: CandidateSearch, keys: readonly Key[]): Promise<TraceSummary[]> {
  const starts = new Map(keys.map(({ id, startNs }) => [id, startNs]));
  const parameters = new Parameters();
  const list = parameters.bind("String", [...starts.keys()].join(""));
  const ids = fragment`SELECT toFixedString(arrayJoin(extractAll(unhex(${list}), '(?s)\\\\C{16}')), 16)`;
  const found = await summaries(search, ids, parameters);
  return found.filter(({ id, startNs }) => starts.get(id) === startNs);
}

function summaries(
  { store, budget }: CandidateSearch,
  traces: SqlFragment,
  parameters: Parameters,
  settings: Readonly<Record<string, string | number>> = {},
): Promise<TraceSummary[]> {
  return budget.run(
    (options) =>
      summariesOf(
        store,
        { traces, parameters, settings: { ...options.settings, ...settings } },
        options.signal,
      ),
    parameters.values,
  );
}

function beginsIn({ startNs }: TraceSummary, { from, to }: Stretch): boolean {
  const minute = minuteOf(startNs);
  return minute >= from && minute < to;
}

function isWithin(trace: TraceSummary, { fromNs, toNs, after }: SearchRange): boolean {
  if (fromNs !== undefined && trace.startNs < fromNs) return false;
  if (toNs !== undefined && trace.startNs >= toNs) return false;
  return after === undefined || newestFirst({ startNs: after.startNs, id: after.traceId }, trace) < 0;
}
