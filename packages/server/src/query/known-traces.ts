import { linkedTraceIds } from "./correlations.ts";
import { hasAttribute, hasId } from "./filter.ts";
import { SCAN } from "./query-settings.ts";
import { andAll, fragment, Parameters, type SqlFragment } from "./sql.ts";
import { ID_NAMES, type IdName, type TraceConditions } from "./trace-conditions.ts";
import type { TraceCursor } from "./trace-cursor.ts";
import type { TraceKey, TraceSearch } from "./trace-search.ts";
import { settingsForIds, type TraceSummary, traceSummaries } from "./trace-summary.ts";

/** Traces that spans point to are looked up directly up to this many; more are found by going back in time. */
const MOST_KNOWN = 5000;

/** Traces among which all that are searched for are. */
export interface KnownTraces {
  readonly ids: readonly string[];
  /** The id condition that holds for all of them. */
  readonly holds?: IdName;
}

/**
 * The traces that some rare id or attribute among the conditions points to; undefined when nothing that was
 * asked for is rare. Traces that inherit the id are among them.
 */
export async function knownTraces(search: TraceSearch): Promise<KnownTraces | undefined> {
  for (const name of ID_NAMES) {
    const values = search.conditions.ids?.[name];
    if (values === undefined) continue;
    const parameters = new Parameters();
    const explicit = await tracesWithSpan(search, hasId(name, values, parameters), parameters);
    if (explicit === undefined) continue;
    const linked = await linkedTraceIds(search.store, explicit, search.signal);
    return { ids: [...new Set([...explicit, ...[...linked.values()].flat()])], holds: name };
  }
  for (const [index, { key, values }] of (search.conditions.attributes ?? []).entries()) {
    if ((search.resourceIds[index] ?? []).length > 0) continue;
    const parameters = new Parameters();
    const ids = await tracesWithSpan(search, hasAttribute(key, values, parameters), parameters);
    if (ids !== undefined) return { ids };
  }
  return undefined;
}

/** Summaries of the newest of known traces for which the conditions hold. */
export async function newestOf(
  search: TraceSearch,
  known: KnownTraces,
  after: TraceCursor | undefined,
  most: number,
): Promise<TraceSummary[]> {
  const { store, signal } = search;
  if (known.ids.length <= most && after === undefined && isOnlyId(search.conditions, known.holds)) {
    return traceSummaries(store, known.ids, signal);
  }
  const keys = await keysAmong(search, known, after, most);
  return traceSummaries(
    store,
    keys.map((key) => key.id),
    signal,
  );
}

function keysAmong(
  search: TraceSearch,
  { ids, holds }: KnownTraces,
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
    SCAN,
  );
  return rows.length < MOST_KNOWN ? rows.map((row) => row.id) : undefined;
}
