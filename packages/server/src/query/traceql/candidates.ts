import type { Store } from "../../store/store.ts";
import { andAll, fragment, Parameters, type SqlFragment, statement } from "../sql.ts";
import { END_OF_TIME_S, minuteOf } from "../time-windows.ts";
import type { TraceCursor } from "../trace-cursor.ts";
import { type TraceSummary, traceSummaries } from "../trace-summary.ts";
import { BudgetSpent, type SearchBudget } from "./search-budget.ts";
import type { SearchPlan } from "./search-plan.ts";

/** Between which moments a trace begins: from inclusive, to exclusive. */
export interface SearchRange {
  readonly fromNs?: bigint | undefined;
  readonly toNs?: bigint | undefined;
  /** Traces that come after this one in the order of lists. */
  readonly after?: TraceCursor | undefined;
}

/** Traces that may match, newest first. */
export interface CandidateBatch {
  readonly traces: readonly TraceSummary[];
  /** When these are done, all that come before this are; absent when there are no more. */
  readonly doneTo?: TraceCursor;
}

const FIRST_ROWS = 1024;
const GROWTH = 8;
const MOST_KEYS = 20_000;
/** Summaries asked for at once. */
const BATCH = 500;
/** A stretch that would take longer is taken in parts, so that little is lost at the deadline. */
const LONG_MS = 1000;
const MINUTE_S = 60;
const NANOS = 1_000_000_000n;

/**
 * Goes back in time through the traces that may match, in stretches of whole minutes that grow. A trace belongs to the
 * stretch in which it begins, and all its spans count wherever they lie. Throws `BudgetSpent`.
 */
export async function* candidates(
  store: Store,
  plan: SearchPlan,
  range: SearchRange,
  budget: SearchBudget,
): AsyncGenerator<CandidateBatch, void> {
  const floor = range.fromNs === undefined ? 0 : minuteOf(range.fromNs);
  let to = latestMinute(range);
  let msPerRow = 0;
  for (let rows = FIRST_ROWS; to > floor; rows *= GROWTH) {
    const stretch = await stretchBefore(store, to, floor, rows, budget);
    const { from, isLast } = stretch;
    for (const part of partsOf(from, to, Math.ceil((msPerRow * stretch.rows) / LONG_MS))) {
      const startedMs = performance.now();
      yield* within(store, plan, range, part, isLast && part.from === from, budget);
      msPerRow = Math.max(
        msPerRow / 2,
        (performance.now() - startedMs) / Math.max(1, (stretch.rows * (part.to - part.from)) / (to - from)),
      );
    }
    if (isLast) return;
    to = from;
  }
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Where so many rows of summaries before a minute begin. */
async function stretchBefore(
  store: Store,
  to: number,
  floor: number,
  rows: number,
  budget: SearchBudget,
): Promise<{ readonly from: number; readonly rows: number; readonly isLast: boolean }> {
  const [start] = await budget.run(
    (options) => store.query<{ window_from: number; row_count: number }>(statement("window-start"), options),
    { window_to: to, window_rows: rows, floor },
    "lookup",
  );
  const found = start?.row_count ?? 0;
  const from = found === 0 ? floor : start!.window_from;
  return { from, rows: found, isLast: found < rows };
}

function partsOf(from: number, to: number, wanted: number): Stretch[] {
  // The newest stretch has no end.
  const last = Math.min(to, from + 400 * 24 * 3600);
  const minutes = Math.ceil((last - from) / MINUTE_S);
  const count = Math.max(1, Math.min(wanted, minutes));
  const step = Math.ceil(minutes / count) * MINUTE_S;
  const parts: Stretch[] = [];
  for (
    let end = to, start = Math.max(from, last - step);
    ;
    end = start, start = Math.max(from, start - step)
  ) {
    parts.push({ from: start, to: end });
    if (start <= from) return parts;
  }
}

async function* within(
  store: Store,
  plan: SearchPlan,
  range: SearchRange,
  stretch: Stretch,
  isLast: boolean,
  budget: SearchBudget,
): AsyncGenerator<CandidateBatch, void> {
  let { after } = range;
  for (;;) {
    let keys: Key[];
    try {
      keys = await keysIn(store, plan, { ...range, after }, stretch, budget);
    } catch (error) {
      const minutes = (stretch.to - stretch.from) / MINUTE_S;
      if (!(error instanceof BudgetSpent) || error.reason !== "size" || minutes < 2) throw error;
      // Too much to read at once: the newer half first.
      const middle = stretch.from + Math.floor(minutes / 2) * MINUTE_S;
      yield* within(store, plan, { ...range, after }, { from: middle, to: stretch.to }, false, budget);
      yield* within(store, plan, { ...range, after }, { from: stretch.from, to: middle }, isLast, budget);
      return;
    }
    const isAll = keys.length < MOST_KEYS;
    for (let at = 0; at < keys.length; at += BATCH) {
      const batch = keys.slice(at, at + BATCH);
      const last = batch.at(-1)!;
      const traces = await thatBeginThere(store, batch);
      yield { traces, doneTo: { startNs: last.startNs, traceId: last.id } };
      after = { startNs: last.startNs, traceId: last.id };
    }
    if (isAll) break;
  }
  const beginning = { startNs: BigInt(stretch.from) * NANOS, traceId: "0".repeat(32) };
  yield { traces: [], ...(!isLast && { doneTo: beginning }) };
}

interface Key {
  readonly id: string;
  readonly startNs: bigint;
}

async function keysIn(
  store: Store,
  plan: SearchPlan,
  range: SearchRange,
  { from, to }: Stretch,
  budget: SearchBudget,
): Promise<Key[]> {
  const parameters = new Parameters();
  const first = fragment`toDateTime(${parameters.bind("UInt32", from)}, 'UTC')`;
  const inside = fragment`bucket >= ${first} AND bucket < toDateTime(${parameters.bind("UInt32", to)}, 'UTC')`;
  const isOpen = to >= END_OF_TIME_S;
  // Of the traces that begin here, the last span of all.
  const lastEnd = fragment`SELECT max(traces.end_time) FROM traces
    WHERE bucket >= ${first} AND trace_id IN (SELECT trace_id FROM traces WHERE ${inside})`;
  const until = isOpen ? fragment`` : fragment` AND start_time <= (${lastEnd})`;
  const matching = plan.candidates(fragment`start_time >= ${first}${until}`, parameters);
  const rows = [inside, ...(matching === undefined ? [] : [fragment`trace_id IN (${matching})`])];
  const slots = { rows: andAll(rows), starts: andAll(startsIn(range, parameters)) };
  const found = await budget.run(
    (options) =>
      store.query<{ id: string; start_ns: string }>(statement("traceql-candidates", slots), options),
    { ...parameters.values, most: MOST_KEYS },
  );
  return found.map(({ id, start_ns }) => ({ id, startNs: BigInt(start_ns) }));
}

function startsIn({ fromNs, toNs, after }: SearchRange, parameters: Parameters): SqlFragment[] {
  const found: SqlFragment[] = [];
  if (fromNs !== undefined) found.push(fragment`start_ns >= ${parameters.bind("Int64", fromNs)}`);
  if (toNs !== undefined) found.push(fragment`start_ns < ${parameters.bind("Int64", toNs)}`);
  if (after !== undefined) {
    const startNs = parameters.bind("Int64", after.startNs);
    const id = parameters.bind("String", after.traceId);
    found.push(fragment`(start_ns, trace_id) < (${startNs}, toFixedString(unhex(${id}), 16))`);
  }
  return found;
}

async function thatBeginThere(store: Store, keys: readonly Key[]): Promise<TraceSummary[]> {
  const starts = new Map(keys.map((key) => [key.id, key.startNs]));
  const summaries = await traceSummaries(store, [...starts.keys()]);
  return summaries.filter((summary) => starts.get(summary.id) === summary.startNs);
}

function latestMinute({ toNs, after }: SearchRange): number {
  const ends = [toNs, after?.startNs].filter((end) => end !== undefined);
  return Math.min(END_OF_TIME_S, ...ends.map((end) => minuteOf(end) + MINUTE_S));
}
