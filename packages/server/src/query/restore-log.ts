import type { LogRecord } from "@clew/protocol/otlp/model";
import { restoreValue } from "./restore.ts";
import { attributesField, field, idField, uint64Field } from "./restore-fields.ts";

/** A row of `whole-logs.sql`. */
export interface WholeLogRow {
  readonly time_ns: string;
  readonly observed_time_ns: string;
  readonly trace_id: string;
  readonly span_id: string;
  readonly flags: number;
  readonly severity_number: number;
  readonly severity_text: string;
  readonly event_name: string;
  readonly body: string;
  readonly body_type: string;
  readonly service_name: string;
  readonly resource_id: string;
  readonly scope_id: string;
  readonly attribute_keys: readonly string[];
  readonly attribute_values: readonly string[];
  readonly content_keys: readonly string[];
  readonly content_values: readonly string[];
  readonly attribute_types: string;
  readonly dropped_attributes_count: number;
}

/** The log record as it was sent. */
export function restoreLog(row: WholeLogRow): LogRecord {
  const body = row.body_type === "" ? undefined : restoreValue(row.body_type.toLowerCase(), row.body);
  return {
    ...uint64Field("timeUnixNano", row.time_ns),
    ...uint64Field("observedTimeUnixNano", row.observed_time_ns),
    ...field("severityNumber", row.severity_number),
    ...field("severityText", row.severity_text),
    ...(body !== undefined && { body }),
    ...attributesField({
      types: row.attribute_types,
      keys: row.attribute_keys,
      values: row.attribute_values,
      contentKeys: row.content_keys,
      contentValues: row.content_values,
    }),
    ...field("droppedAttributesCount", row.dropped_attributes_count),
    ...field("flags", row.flags),
    ...idField("traceId", row.trace_id),
    ...idField("spanId", row.span_id),
    ...field("eventName", row.event_name),
  };
}
