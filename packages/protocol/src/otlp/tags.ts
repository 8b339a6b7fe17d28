import type { AnyValue, InstrumentationScope, KeyValue, Span, Status } from "./model.ts";
import { SPAN_KINDS } from "./schema.ts";

/** What the tags of a Zipkin or Jaeger span say about an OTLP span. */
export interface TagReading {
  /** The tags that are attributes, in the order sent. */
  readonly attributes: KeyValue[];
  readonly scope: InstrumentationScope;
  readonly fields: Pick<
    Span,
    "kind" | "traceState" | "status" | "droppedAttributesCount" | "droppedEventsCount" | "droppedLinksCount"
  >;
}

const STATUS_CODES: Readonly<Record<string, number>> = {
  UNSET: 0,
  OK: 1,
  ERROR: 2,
  STATUS_CODE_UNSET: 0,
  STATUS_CODE_OK: 1,
  STATUS_CODE_ERROR: 2,
};

const COUNTS = {
  "otel.dropped_attributes_count": "droppedAttributesCount",
  "otel.dropped_events_count": "droppedEventsCount",
  "otel.dropped_links_count": "droppedLinksCount",
} as const;

/**
 * Takes back what exporters put into tags because the format has no field for it, as OpenTelemetry's
 * "Transformation to non-OTLP Formats" names it. A tag whose value makes no sense there stays an attribute.
 *
 * An `error` tag means failure unless it says false; any text but `true` describes the failure.
 */
export function readTags(tags: readonly KeyValue[]): TagReading {
  const attributes: KeyValue[] = [];
  const scope: InstrumentationScope = {};
  const fields: TagReading["fields"] = {};
  let code: number | undefined;
  let description: string | undefined;
  let error: KeyValue | undefined;
  for (const tag of tags) {
    const text = textOf(tag.value);
    const key = tag.key ?? "";
    if (text === undefined) attributes.push(tag);
    else if (key === "otel.scope.name" || key === "otel.library.name") scope.name = text;
    else if (key === "otel.scope.version" || key === "otel.library.version") scope.version = text;
    else if (key === "w3c.tracestate") fields.traceState = text;
    else if (key === "otel.status_description") description = text;
    else if (key === "otel.status_code" && Object.hasOwn(STATUS_CODES, text)) code = STATUS_CODES[text];
    else if (key === "error") error = tag;
    else if (key === "span.kind" && kindOf(text) > 0) fields.kind = kindOf(text);
    else if (isCount(key) && /^\d{1,9}$/.test(text)) fields[COUNTS[key]] = Number(text);
    else attributes.push(tag);
  }
  const errorText = textOf(error?.value) ?? "false";
  if (errorText !== "false" && (code === 0 || code === 1)) {
    attributes.push(error!);
  } else if (errorText !== "false") {
    code = 2;
    if (errorText !== "true") description ??= errorText;
  }
  const status: Status = { ...(code && { code }), ...(description && { message: description }) };
  if (Object.keys(status).length > 0) fields.status = status;
  return { attributes, scope, fields };
}

/** Of scalars the text, as Zipkin would write it; undefined for lists, maps, bytes and nothing. */
export function textOf(value: AnyValue | undefined): string | undefined {
  const scalar = value?.stringValue ?? value?.intValue ?? value?.boolValue ?? value?.doubleValue;
  return scalar === undefined ? undefined : String(scalar);
}

function isCount(key: string): key is keyof typeof COUNTS {
  return Object.hasOwn(COUNTS, key);
}

function kindOf(text: string): number {
  return (SPAN_KINDS as readonly string[]).indexOf(`SPAN_KIND_${text.toUpperCase()}`);
}
