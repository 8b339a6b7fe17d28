import { hasAttribute, hasId } from "./filter.ts";
import type { Keyed } from "./lookup.ts";
import { POINT_LOOKUP } from "./query-settings.ts";
import { andAll, fragment, Parameters, type SqlFragment } from "./sql.ts";
import { ID_NAMES, type IdName, type TraceConditions } from "./trace-conditions.ts";
import type { TraceCursor } from "./trace-cursor.ts";
import type { TraceKey, TraceSearch } from "./trace-search.ts";
import {
  newestFirst,
  settingsForIds,
  summariesOf,
  type TraceSummary,
  traceSummaries,
} from "./trace-summary.ts";

/** Traces that spans point to are looked up directly up to this many; more are found by going back in time. */
const MOST_KNOWN = 2000;
/** So many traces with an id are summarised as they are found. */
const MOST_AT_ONCE = 200;
/** Small blocks end the search soon where matches are frequent. */
const UNTIL_ENOUGH = { ...POINT_LOOKUP, max_block_size: 8192 };

/** Traces to which a condition that is rare leads. */
export interface KnownTraces {
  readonly ids: ReadonlySet<string>;
  /** The id condition that led here: then traces that are linked with these are meant as well. */
  readonly holds?: IdName;
}

/**
 * The traces that some rare id or attribute among the conditions points to; undefined when nothing that was
 * asked for is rare.
 */
export async function knownTraces(search: TraceSearch): Promise<KnownTraces | undefined> {
  for (const name of ID_NAMES) {
    const values = search.conditions.ids?.[name];
    if (values === undefined) continue;
    const parameters = new Parameters();
    const explicit = await tracesWithSpan(search, hasId(name, values, parameters), parameters);
    if (explicit === undefined) continue;
    return { ids: new Set(explicit), holds: name };
  }
  for (const [index, { key, values }] of (search.conditions.attributes ?? []).entries()) {
    if ((search.resourceIds[index] ?? []).length > 0) continue;
    const parameters = new Parameters();
    const ids = await tracesWithSpan(search, hasAttribute(key, values, parameters), parameters);
    if (ids !== undefined) return { ids: new Set(ids) };
  }
  return undefined;
}

/** The newest traces of a list, with what led to them. */
export interface NewestTraces {
  readonly known: KnownTraces;
  readonly summaries: readonly TraceSummary[];
}

/**
 * The newest traces that carry or inherit the one id that is all that was asked for, with one statement for those
 * that carry it; undefined when more was asked for, or when too many carry it.
 */
export async function newestWithId(search: TraceSearch, most: number): Promise<NewestTraces | undefined> {
  const { store, conditions, signal, extras } = search;
  const name = ID_NAMES.find((candidate) => isOnlyId(conditions, candidate));
  const values = name && conditions.ids?.[name];
  if (name === undefined || values === undefined) return undefined;
  const parameters = new Parameters();
  const condition = hasId(name, values, parameters);
  const limit = parameters.bind("UInt32", MOST_AT_ONCE + 1);
  const traces = fragment`SELECT DISTINCT trace_id FROM spans WHERE ${condition} LIMIT ${limit}`;
  const carrying = await summariesOf(store, { traces, parameters, settings: UNTIL_ENOUGH }, signal);
  if (carrying.length > MOST_AT_ONCE) return undefined;
  extras.errors.prefetch(carrying.slice(0, most).filter(({ errorCount }) => errorCount > 0));
  const ids = new Set(carrying.map(({ id }) => id));
  const inherited = await linkedWith(search, ids, carrying);
  const summaries = [...carrying, ...inherited].sort(newestFirst).slice(0, most);
  return { known: { ids, holds: name }, summaries };
}

/** Summaries of the newest of known traces, and of those that inherit the id, for which the conditions hold. */
export async function newestOf(
  search: TraceSearch,
  known: KnownTraces,
  after: TraceCursor | undefined,
  most: number,
): Promise<TraceSummary[]> {
  const { store, signal, extras } = search;
  const ids = [...known.ids];
  if (ids.length === 0) return [];
  const keys = ids.map((id) => ({ id }));
  // Most traces have no links: their summaries are asked for before that is known.
  if (after === undefined && ids.length <= most && isOnlyId(search.conditions, known.holds)) {
    const [inherited, explicit] = await Promise.all([
      linkedWith(search, known.ids, keys),
      traceSummaries(store, ids, signal),
    ]);
    return [...explicit, ...inherited].sort(newestFirst).slice(0, most);
  }
  const links = known.holds === undefined ? [] : [...(await extras.links.get(keys)).values()].flat();
  const found = await keysAmong(search, [...new Set([...ids, ...links])], known.holds, after, most);
  return traceSummaries(
    store,
    found.map((key) => key.id),
    signal,
  );
}

/** Summaries of traces that are linked with these, and none of them. */
async function linkedWith(
  { store, extras, signal }: TraceSearch,
  ids: ReadonlySet<string>,
  keys: readonly Keyed[],
): Promise<TraceSummary[]> {
  const links = await extras.links.get(keys);
  const others = new Set([...links.values()].flat().filter((id) => !ids.has(id)));
  return traceSummaries(store, [...others], signal);
}

function keysAmong(
  search: TraceSearch,
  ids: readonly string[],
  holds: IdName | undefined,
  after: TraceCursor | undefined,
  most: number,
): Promise<TraceKey[]> {
  const parameters = new Parameters();
  const list = parameters.bind("Array(String)", ids);
  const among = fragment`trace_id IN (SELECT toFixedString(unhex(arrayJoin(${list})), 16))`;
  const settings = settingsForIds(ids.length);
  return search.keys({ parameters, rows: among, spans: among, after, most, holds, settings });
}

/** Whether the one id that led here is all that was asked for. */
function isOnlyId(conditions: TraceConditions, name: IdName | undefined): boolean {
  const { ids = {}, ...others } = conditions;
  return name !== undefined && Object.keys(ids).length === 1 && Object.keys(others).length === 0;
}

async function tracesWithSpan(
  search: TraceSearch,
  condition: SqlFragment,
  parameters: Parameters,
): Promise<string[] | undefined> {
  const bound = { ...parameters.values, most: MOST_KNOWN };
  const rows = await search.query<{ id: string }>(
    "traces-with-span",
    bound,
    { condition: andAll([condition]) },
    UNTIL_ENOUGH,
  );
  return rows.length < MOST_KNOWN ? rows.map((row) => row.id) : undefined;
}
