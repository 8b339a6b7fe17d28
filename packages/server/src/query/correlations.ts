import type { Correlation, TraceItem } from "@clew/protocol/api/trace-item";
import type { Store } from "../store/store.ts";
import { statement } from "./sql.ts";
import { ID_NAMES, type IdName } from "./trace-conditions.ts";
import { settingsForIds, type TraceSummary } from "./trace-summary.ts";

/** The ids that hold for a trace. */
export type Correlations = Partial<Record<IdName, Correlation>>;

/** The traces each of these is linked with, in either direction, one hop; sorted, and none for most traces. */
export async function linkedTraceIds(
  store: Store,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, string[]>> {
  const linked = new Map<string, string[]>();
  if (ids.length === 0) return linked;
  const rows = await store.query<{ trace_id: string; linked_trace_id: string }>(statement("trace-links"), {
    parameters: { ids: ids.join("") },
    settings: settingsForIds(ids.length),
    ...(signal && { signal }),
  });
  const asked = new Set(ids);
  const add = (id: string, other: string) => {
    if (asked.has(id)) linked.set(id, [...new Set([...(linked.get(id) ?? []), other])].sort());
  };
  for (const row of rows) {
    const from = row.trace_id.toLowerCase();
    const to = row.linked_trace_id.toLowerCase();
    add(from, to);
    add(to, from);
  }
  return linked;
}

/** The ids that hold for each of the traces: their own, and for those they lack a linked trace's. */
export async function correlationsOf(
  store: Store,
  summaries: readonly Pick<TraceSummary, "id" | "ids">[],
  linked: ReadonlyMap<string, readonly string[]>,
  signal?: AbortSignal,
): Promise<Map<string, Correlations>> {
  const known = new Map(summaries.map((summary) => [summary.id, summary.ids]));
  const unknown = new Set([...linked.values()].flat().filter((id) => !known.has(id)));
  for (const [id, ids] of await ownIds(store, [...unknown], signal)) known.set(id, ids);
  return new Map(
    summaries.map((summary) => {
      const others = (linked.get(summary.id) ?? []).map((id) => known.get(id));
      return [summary.id, inherit(summary.ids, others)];
    }),
  );
}

/** The ids that the spans of each of these traces carry; of several of one kind the greatest. */
async function ownIds(
  store: Store,
  ids: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Map<string, TraceSummary["ids"]>> {
  const own = new Map<string, Record<IdName, string>>();
  if (ids.length === 0) return own;
  const rows = await store.query<Record<IdName | "id", string>>(statement("trace-ids"), {
    parameters: { ids: ids.join("") },
    settings: settingsForIds(ids.length),
    ...(signal && { signal }),
  });
  for (const { id, ...of } of rows) {
    const known = own.get(id) ?? of;
    for (const name of ID_NAMES) if (of[name] > known[name]) known[name] = of[name];
    own.set(id, known);
  }
  return own;
}

/** The ids in the shape of the API: test case and run together. */
export function contextIds(
  ids: Correlations,
): Pick<TraceItem, "session" | "conversation" | "task" | "test" | "user"> {
  const { session, conversation, task, testCase, testRun, user } = ids;
  const test = { ...(testCase && { case: testCase }), ...(testRun && { run: testRun }) };
  return {
    ...(session && { session }),
    ...(conversation && { conversation }),
    ...(task && { task }),
    ...((testCase || testRun) && { test }),
    ...(user && { user }),
  };
}

function inherit(
  own: TraceSummary["ids"],
  others: readonly (TraceSummary["ids"] | undefined)[],
): Correlations {
  const ids: Correlations = {};
  for (const name of ID_NAMES) {
    const other = others.find((candidate) => candidate !== undefined && candidate[name] !== "");
    if (own[name] !== "") ids[name] = { id: own[name], inherited: false };
    else if (other !== undefined) ids[name] = { id: other[name], inherited: true };
  }
  return ids;
}
