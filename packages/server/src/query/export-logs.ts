import type { LogsData } from "@clew/protocol/otlp/model";
import type { Store } from "../store/store.ts";
import { EXPORT_TIMEOUT_MS, type ExportSelection, inPieces } from "./export-selection.ts";
import { groupByOrigin } from "./group-origins.ts";
import { Origins } from "./origins.ts";
import { SCAN } from "./query-settings.ts";
import { resolveTrace } from "./resolve-trace.ts";
import { restoreLog, type WholeLogRow } from "./restore-log.ts";
import { andAll, fragment, Parameters, statement } from "./sql.ts";

const RECORDS_AT_ONCE = 1000;

/** Log records as they were sent, in pieces of at most 1,000. Throws as `resolveTrace` does, before the first. */
export async function* exportLogs(store: Store, selection: ExportSelection): AsyncGenerator<LogsData> {
  const origins = new Origins(store, selection.signal);
  const batches = store.stream<WholeLogRow>(...(await logsStatement(store, selection)));
  for await (const rows of inPieces(batches, RECORDS_AT_ONCE)) {
    await origins.load(rows);
    yield {
      resourceLogs: groupByOrigin(rows, origins).map(({ origin, scopes }) => ({
        ...origin,
        scopeLogs: scopes.map((scope) => ({ ...scope.origin, logRecords: scope.rows.map(restoreLog) })),
      })),
    };
  }
}

async function logsStatement(store: Store, selection: ExportSelection) {
  const { traces, fromNs, toNs, signal } = selection;
  const parameters = new Parameters();
  const moment = (nanos: bigint) =>
    fragment`fromUnixTimestamp64Nano(${parameters.bind("Int64", nanos)}, 'UTC')`;
  const conditions = [];
  if (fromNs !== undefined) conditions.push(fragment`time >= ${moment(fromNs)}`);
  if (toNs !== undefined) conditions.push(fragment`time < ${moment(toNs)}`);
  if (traces !== undefined) {
    const ids = [];
    for (const reference of traces) ids.push((await resolveTrace(store, reference, signal)).id);
    const list = parameters.bind("Array(String)", ids);
    conditions.push(fragment`logs.trace_id IN (SELECT toFixedString(unhex(arrayJoin(${list})), 16))`);
  }
  // Sorting all records would hold all of them; those of a few traces are few.
  const order = traces === undefined ? fragment`` : fragment`ORDER BY time`;
  const options = {
    parameters: parameters.values,
    settings: SCAN,
    timeoutMs: EXPORT_TIMEOUT_MS,
    ...(signal && { signal }),
  };
  return [statement("whole-logs", { rows: andAll(conditions), order }), options] as const;
}
