import type { Span, SpanEvent, SpanLink, Status } from "@clew/protocol/otlp/model";
import { attributesField, field, idField, uint64Field } from "./restore-fields.ts";

/** A row of `whole-spans.sql`. Entry i of every event or link column is about event or link i. */
export interface WholeSpanRow {
  readonly trace_id: string;
  readonly span_id: string;
  readonly parent_span_id: string;
  readonly trace_state: string;
  readonly flags: number;
  readonly name: string;
  readonly kind: number;
  readonly start_ns: string;
  readonly duration_ns: string;
  readonly is_running: 0 | 1;
  readonly status_code: number;
  readonly status_message: string;
  readonly service_name: string;
  readonly resource_id: string;
  readonly scope_id: string;
  readonly attribute_keys: readonly string[];
  readonly attribute_values: readonly string[];
  readonly content_keys: readonly string[];
  readonly content_values: readonly string[];
  readonly attribute_types: string;
  readonly dropped_attributes_count: number;
  readonly event_times_ns: readonly string[];
  readonly event_names: readonly string[];
  readonly event_attribute_keys: readonly (readonly string[])[];
  readonly event_attribute_values: readonly (readonly string[])[];
  readonly event_attribute_types: readonly string[];
  readonly event_dropped_attributes_counts: readonly number[];
  readonly dropped_events_count: number;
  readonly link_trace_ids: readonly string[];
  readonly link_span_ids: readonly string[];
  readonly link_trace_states: readonly string[];
  readonly link_flags: readonly number[];
  readonly link_attribute_keys: readonly (readonly string[])[];
  readonly link_attribute_values: readonly (readonly string[])[];
  readonly link_attribute_types: readonly string[];
  readonly link_dropped_attributes_counts: readonly number[];
  readonly dropped_links_count: number;
}

/** The span as it was sent. */
export function restoreSpan(row: WholeSpanRow): Span {
  return {
    traceId: row.trace_id,
    spanId: row.span_id,
    ...field("traceState", row.trace_state),
    ...idField("parentSpanId", row.parent_span_id),
    ...field("flags", row.flags),
    ...field("name", row.name),
    ...field("kind", row.kind),
    ...uint64Field("startTimeUnixNano", row.start_ns),
    ...uint64Field("endTimeUnixNano", String(BigInt(row.start_ns) + BigInt(row.duration_ns))),
    ...attributesField({
      types: row.attribute_types,
      keys: row.attribute_keys,
      values: row.attribute_values,
      contentKeys: row.content_keys,
      contentValues: row.content_values,
    }),
    ...field("droppedAttributesCount", row.dropped_attributes_count),
    ...field("events", restoreEvents(row)),
    ...field("droppedEventsCount", row.dropped_events_count),
    ...field("links", restoreLinks(row)),
    ...field("droppedLinksCount", row.dropped_links_count),
    ...statusField(row),
  };
}

export function restoreEvents(row: WholeSpanRow): SpanEvent[] {
  return row.event_times_ns.map((time, at) => ({
    ...uint64Field("timeUnixNano", time),
    ...field("name", row.event_names[at]),
    ...attributesField({
      types: row.event_attribute_types[at] ?? "",
      keys: row.event_attribute_keys[at] ?? [],
      values: row.event_attribute_values[at] ?? [],
    }),
    ...field("droppedAttributesCount", row.event_dropped_attributes_counts[at]),
  }));
}

export function restoreLinks(row: WholeSpanRow): SpanLink[] {
  return row.link_trace_ids.map((traceId, at) => ({
    ...idField("traceId", traceId),
    ...idField("spanId", row.link_span_ids[at] ?? ""),
    ...field("traceState", row.link_trace_states[at]),
    ...attributesField({
      types: row.link_attribute_types[at] ?? "",
      keys: row.link_attribute_keys[at] ?? [],
      values: row.link_attribute_values[at] ?? [],
    }),
    ...field("droppedAttributesCount", row.link_dropped_attributes_counts[at]),
    ...field("flags", row.link_flags[at]),
  }));
}

function statusField(row: WholeSpanRow): { status?: Status } {
  const status = { ...field("message", row.status_message), ...field("code", row.status_code) };
  return Object.keys(status).length === 0 ? {} : { status };
}
