import type { Conversation } from "@clew/protocol/genai/message";
import { messagesOf } from "@clew/protocol/genai/messages-of";
import type { Store } from "../store/store.ts";
import { restoreLog, type WholeLogRow } from "./restore-log.ts";
import { andAll, fragment, Parameters, type SqlFragment, statement } from "./sql.ts";
import type { SearchBudget } from "./traceql/search-budget.ts";

/** Conversations of model calls of one trace, as log records tell them, by when they were told. */
export interface ToldByLogs {
  readonly first: readonly Conversation[];
  readonly last: readonly Conversation[];
}

/** Records read of each trace from its beginning, and as many from its end. */
const RECORDS_EACH = 20;

/**
 * What the first and last log records of some traces say of model calls: before OpenTelemetry's conventions put
 * messages on spans, each was a log record. Records larger than `mostBytes` are passed over. Throws `BudgetSpent`.
 */
export async function toldByLogs(
  store: Store,
  traceIds: readonly string[],
  mostBytes: number,
  budget: SearchBudget,
): Promise<Map<string, ToldByLogs>> {
  if (traceIds.length === 0) return new Map();
  const [first, last] = await Promise.all([
    records(store, traceIds, fragment`time`, mostBytes, budget),
    records(store, traceIds, fragment`time DESC`, mostBytes, budget),
  ]);
  const [firsts, lasts] = [byTrace(first), byTrace(last.toReversed())];
  return new Map(
    traceIds.map((id) => [
      id,
      { first: conversations(firsts.get(id) ?? []), last: conversations(lasts.get(id) ?? []) },
    ]),
  );
}

function records(
  store: Store,
  traceIds: readonly string[],
  time: SqlFragment,
  mostBytes: number,
  budget: SearchBudget,
): Promise<WholeLogRow[]> {
  const parameters = new Parameters();
  const ids = parameters.bind("Array(String)", traceIds);
  const most = parameters.bind("UInt32", mostBytes);
  const rows = andAll([
    fragment`logs.trace_id IN (SELECT toFixedString(unhex(arrayJoin(${ids})), 16))`,
    fragment`startsWith(event_name, 'gen_ai.') OR startsWith(attributes['event.name'], 'gen_ai.')`,
    fragment`length(body) + arraySum(arrayMap(value -> length(value), mapValues(content))) <= ${most}`,
  ]);
  const each = parameters.bind("UInt32", RECORDS_EACH);
  const order = fragment`ORDER BY ${time} LIMIT ${each} BY logs.trace_id`;
  return budget.run(
    (options) => store.query<WholeLogRow>(statement("whole-logs", { rows, order }), options),
    parameters.values,
    "lookup",
  );
}

function byTrace(rows: readonly WholeLogRow[]): Map<string, WholeLogRow[]> {
  return Map.groupBy(rows, (row) => row.trace_id);
}

/** The records of one span are one conversation. */
function conversations(rows: readonly WholeLogRow[]): Conversation[] {
  return [...Map.groupBy(rows, (row) => row.span_id).values()].map((logs) =>
    messagesOf({}, logs.map(restoreLog)),
  );
}
