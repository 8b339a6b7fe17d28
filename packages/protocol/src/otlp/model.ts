/**
 * OTLP as plain objects, in exactly the shape of its JSON mapping (opentelemetry-proto 1.11): lowerCamelCase
 * keys, ids in lower-case hex, other bytes in base64, 64-bit integers as decimal strings, enums as numbers.
 * A field with its protobuf default is absent. `JSON.stringify` of a value is valid OTLP/JSON.
 */

/** Decimal text of a 64-bit integer; times are nanoseconds since the Unix epoch. */
export type Int64Text = string;

/** JSON has no NaN and no infinities; the protobuf JSON mapping writes them as these strings. */
export type DoubleJson = number | "NaN" | "Infinity" | "-Infinity";

/** At most one key is set; none set is OTLP's empty value. */
export interface AnyValue {
  stringValue?: string;
  boolValue?: boolean;
  intValue?: Int64Text;
  doubleValue?: DoubleJson;
  arrayValue?: { values?: AnyValue[] };
  kvlistValue?: { values?: KeyValue[] };
  bytesValue?: string;
}

export interface KeyValue {
  key?: string;
  value?: AnyValue;
}

export interface EntityRef {
  schemaUrl?: string;
  type?: string;
  idKeys?: string[];
  descriptionKeys?: string[];
}

export interface Resource {
  attributes?: KeyValue[];
  droppedAttributesCount?: number;
  entityRefs?: EntityRef[];
}

export interface InstrumentationScope {
  name?: string;
  version?: string;
  attributes?: KeyValue[];
  droppedAttributesCount?: number;
}

export interface SpanEvent {
  timeUnixNano?: Int64Text;
  name?: string;
  attributes?: KeyValue[];
  droppedAttributesCount?: number;
}

export interface SpanLink {
  traceId?: string;
  spanId?: string;
  traceState?: string;
  attributes?: KeyValue[];
  droppedAttributesCount?: number;
  flags?: number;
}

export interface Status {
  message?: string;
  /** 0 unset, 1 ok, 2 error. */
  code?: number;
}

export interface Span {
  traceId?: string;
  spanId?: string;
  traceState?: string;
  parentSpanId?: string;
  flags?: number;
  name?: string;
  /** 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind?: number;
  startTimeUnixNano?: Int64Text;
  endTimeUnixNano?: Int64Text;
  attributes?: KeyValue[];
  droppedAttributesCount?: number;
  events?: SpanEvent[];
  droppedEventsCount?: number;
  links?: SpanLink[];
  droppedLinksCount?: number;
  status?: Status;
}

export interface ScopeSpans {
  scope?: InstrumentationScope;
  spans?: Span[];
  schemaUrl?: string;
}

export interface ResourceSpans {
  resource?: Resource;
  scopeSpans?: ScopeSpans[];
  schemaUrl?: string;
}

/** `TracesData`, and on the wire the same as `ExportTraceServiceRequest`. */
export interface TracesData {
  resourceSpans?: ResourceSpans[];
}

export interface LogRecord {
  timeUnixNano?: Int64Text;
  observedTimeUnixNano?: Int64Text;
  severityNumber?: number;
  severityText?: string;
  body?: AnyValue;
  attributes?: KeyValue[];
  droppedAttributesCount?: number;
  flags?: number;
  traceId?: string;
  spanId?: string;
  eventName?: string;
}

export interface ScopeLogs {
  scope?: InstrumentationScope;
  logRecords?: LogRecord[];
  schemaUrl?: string;
}

export interface ResourceLogs {
  resource?: Resource;
  scopeLogs?: ScopeLogs[];
  schemaUrl?: string;
}

export interface LogsData {
  resourceLogs?: ResourceLogs[];
}

export interface Exemplar {
  filteredAttributes?: KeyValue[];
  timeUnixNano?: Int64Text;
  asDouble?: DoubleJson;
  asInt?: Int64Text;
  spanId?: string;
  traceId?: string;
}

export interface NumberDataPoint {
  attributes?: KeyValue[];
  startTimeUnixNano?: Int64Text;
  timeUnixNano?: Int64Text;
  asDouble?: DoubleJson;
  asInt?: Int64Text;
  exemplars?: Exemplar[];
  flags?: number;
}

export interface HistogramDataPoint {
  attributes?: KeyValue[];
  startTimeUnixNano?: Int64Text;
  timeUnixNano?: Int64Text;
  count?: Int64Text;
  sum?: DoubleJson;
  bucketCounts?: Int64Text[];
  explicitBounds?: DoubleJson[];
  exemplars?: Exemplar[];
  flags?: number;
  min?: DoubleJson;
  max?: DoubleJson;
}

export interface Buckets {
  offset?: number;
  bucketCounts?: Int64Text[];
}

export interface ExponentialHistogramDataPoint {
  attributes?: KeyValue[];
  startTimeUnixNano?: Int64Text;
  timeUnixNano?: Int64Text;
  count?: Int64Text;
  sum?: DoubleJson;
  scale?: number;
  zeroCount?: Int64Text;
  positive?: Buckets;
  negative?: Buckets;
  flags?: number;
  exemplars?: Exemplar[];
  min?: DoubleJson;
  max?: DoubleJson;
  zeroThreshold?: DoubleJson;
}

export interface ValueAtQuantile {
  quantile?: DoubleJson;
  value?: DoubleJson;
}

export interface SummaryDataPoint {
  attributes?: KeyValue[];
  startTimeUnixNano?: Int64Text;
  timeUnixNano?: Int64Text;
  count?: Int64Text;
  sum?: DoubleJson;
  quantileValues?: ValueAtQuantile[];
  flags?: number;
}

export interface Metric {
  name?: string;
  description?: string;
  unit?: string;
  gauge?: { dataPoints?: NumberDataPoint[] };
  sum?: { dataPoints?: NumberDataPoint[]; aggregationTemporality?: number; isMonotonic?: boolean };
  histogram?: { dataPoints?: HistogramDataPoint[]; aggregationTemporality?: number };
  exponentialHistogram?: { dataPoints?: ExponentialHistogramDataPoint[]; aggregationTemporality?: number };
  summary?: { dataPoints?: SummaryDataPoint[] };
  metadata?: KeyValue[];
}

export interface ScopeMetrics {
  scope?: InstrumentationScope;
  metrics?: Metric[];
  schemaUrl?: string;
}

export interface ResourceMetrics {
  resource?: Resource;
  scopeMetrics?: ScopeMetrics[];
  schemaUrl?: string;
}

export interface MetricsData {
  resourceMetrics?: ResourceMetrics[];
}

export interface OtlpData {
  traces: TracesData;
  logs: LogsData;
  metrics: MetricsData;
}
