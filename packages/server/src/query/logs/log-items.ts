import type { LogItem } from "@clew/protocol/api/logs";
import type { AnyValue } from "@clew/protocol/otlp/model";
import type { Store } from "../../store/store.ts";
import { type Correlations, contextIds, correlationsOf, linkedTraceIds } from "../correlations.ts";
import { resourceDetail, scopeDetail } from "../origin-detail.ts";
import { Origins } from "../origins.ts";
import { restoreAttributes, restoreValue } from "../restore.ts";
import { ID_NAMES, type IdName } from "../trace-conditions.ts";
import { msOf } from "../trace-items.ts";
import { encodeLogCursor } from "./log-cursor.ts";
import { relationOf, type Surroundings } from "./logs-around.ts";

/** A row of `logs-page.sql`. */
export interface LogRow extends Readonly<Record<IdName, string>> {
  readonly at_ns: string;
  readonly record: string;
  readonly severity_number: number;
  readonly severity_text: string;
  readonly event_name: string;
  readonly body_text: string;
  readonly body_is_cut: number;
  readonly body_type: string;
  readonly service_name: string;
  readonly resource_id: string;
  readonly scope_id: string;
  readonly trace: string;
  readonly span: string;
  readonly attribute_keys: readonly string[];
  readonly attribute_values: readonly string[];
  readonly content_keys: readonly string[];
  readonly content_values: readonly string[];
  readonly content_is_cut: readonly number[];
  readonly attribute_types: string;
  readonly dropped_attributes_count: number;
}

const NO_TRACE = "0".repeat(32);
const NO_IDS = Object.fromEntries(ID_NAMES.map((name) => [name, ""])) as Record<IdName, string>;

interface LogItemsOptions {
  readonly around?: Surroundings | undefined;
  /** With what produced each. */
  readonly isWhole: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Log records as they are shown, in the order of their rows. */
export async function logItems(
  store: Store,
  rows: readonly LogRow[],
  { around, isWhole, signal }: LogItemsOptions,
): Promise<LogItem[]> {
  const origins = new Origins(store, signal);
  const [ids] = await Promise.all([
    idsOfTraces(store, rows, signal),
    origins.load(isWhole ? rows : rows.map(({ scope_id }) => ({ scope_id, resource_id: "0" }))),
  ]);
  return rows.map((row): LogItem => {
    const traceId = row.trace === NO_TRACE ? "" : row.trace;
    const spanId = /^0*$/.test(row.span) ? "" : row.span;
    const cutKeys = row.content_keys.filter((_, at) => row.content_is_cut[at] === 1);
    const isCut = row.body_is_cut === 1 || cutKeys.length > 0;
    return {
      id: encodeLogCursor({ atNs: BigInt(row.at_ns), record: BigInt(row.record) }),
      timeNanos: row.at_ns,
      timeMs: msOf(BigInt(row.at_ns)),
      severityNumber: row.severity_number,
      severityText: row.severity_text,
      body: bodyOf(row),
      service: row.service_name,
      scope: origins.scope(row.scope_id).message?.name ?? "",
      traceId,
      spanId,
      eventName: row.event_name,
      attributes: restoreAttributes({
        types: row.attribute_types,
        keys: row.attribute_keys,
        values: row.attribute_values,
        contentKeys: row.content_keys,
        contentValues: row.content_values,
      }),
      droppedAttributesCount: row.dropped_attributes_count,
      ...(isCut && { cut: { body: row.body_is_cut === 1, attributes: cutKeys } }),
      ...(around && { relation: relationOf({ traceId, spanId }, around) }),
      ...(isWhole && {
        whole: {
          resource: resourceDetail(origins, row.resource_id),
          scope: scopeDetail(origins, row.scope_id),
        },
      }),
      ...contextIds({ ...ids.get(traceId), ...ownIds(row) }),
    };
  });
}

/** What is nested so that its JSON would lose something is stored as protobuf; people get JSON nevertheless. */
function bodyOf({ body_text, body_type, body_is_cut }: LogRow): string {
  if (body_type !== "p" || body_is_cut === 1) return body_text;
  const value = restoreValue("p", body_text);
  return value === undefined ? "" : (value.stringValue ?? JSON.stringify(plain(value)));
}

function plain(value: AnyValue): unknown {
  if (value.arrayValue !== undefined) return (value.arrayValue.values ?? []).map(plain);
  if (value.kvlistValue !== undefined) {
    return Object.fromEntries(
      (value.kvlistValue.values ?? []).map(({ key = "", value: inner }) => [key, inner && plain(inner)]),
    );
  }
  return Object.values(value)[0] ?? null;
}

function ownIds(row: LogRow): Correlations {
  const own = ID_NAMES.flatMap((name) =>
    row[name] === "" ? [] : [[name, { id: row[name], inherited: false }]],
  );
  return Object.fromEntries(own) as Correlations;
}

/** The ids that hold for the traces of the records, all of them inherited. */
async function idsOfTraces(
  store: Store,
  rows: readonly LogRow[],
  signal: AbortSignal | undefined,
): Promise<Map<string, Correlations>> {
  const traces = [...new Set(rows.map(({ trace }) => trace))].filter((trace) => trace !== NO_TRACE);
  if (traces.length === 0) return new Map();
  const linked = await linkedTraceIds(store, traces, signal);
  // A record inherits as a trace without ids does that is linked with the record's trace first.
  const records = traces.map((trace) => ({ id: `record of ${trace}`, ids: NO_IDS }));
  const sources = new Map(
    traces.map((trace) => [`record of ${trace}`, [trace, ...(linked.get(trace) ?? [])]]),
  );
  const ids = await correlationsOf(store, records, sources, signal);
  return new Map(traces.map((trace) => [trace, ids.get(`record of ${trace}`) ?? {}]));
}
