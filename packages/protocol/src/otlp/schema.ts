import type { Signal } from "../signal.ts";
import {
  declare,
  define,
  enumeration,
  field,
  type Message,
  message,
  oneof,
  optional,
  repeated,
} from "./descriptor.ts";
import type * as model from "./model.ts";

/**
 * AnyValues inside AnyValues: the outermost is level 1, and level 101 is refused. It bounds the stack of every
 * codec, and what is stored can be read by protobuf libraries, which stop at 100 to 10,000 messages.
 */
export const MAX_VALUE_DEPTH = 100;

export const SPAN_KINDS = [
  "SPAN_KIND_UNSPECIFIED",
  "SPAN_KIND_INTERNAL",
  "SPAN_KIND_SERVER",
  "SPAN_KIND_CLIENT",
  "SPAN_KIND_PRODUCER",
  "SPAN_KIND_CONSUMER",
] as const;

export const STATUS_CODES = ["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"] as const;

const TEMPORALITIES = [
  "AGGREGATION_TEMPORALITY_UNSPECIFIED",
  "AGGREGATION_TEMPORALITY_DELTA",
  "AGGREGATION_TEMPORALITY_CUMULATIVE",
];

/** UNSPECIFIED, then TRACE, TRACE2, TRACE3, TRACE4, DEBUG and so on to FATAL4, which is 24. */
const SEVERITIES = [
  "SEVERITY_NUMBER_UNSPECIFIED",
  ...["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"].flatMap((name) =>
    ["", "2", "3", "4"].map((step) => `SEVERITY_NUMBER_${name}${step}`),
  ),
];

/** Without the string index of the profiling signal, which elsewhere is to be treated as absent. */
export const ANY_VALUE = declare("AnyValue");

const KEY_VALUE = message<model.KeyValue>("KeyValue", {
  key: field(1, "string"),
  value: field(2, ANY_VALUE),
});

define<model.AnyValue>(ANY_VALUE, {
  stringValue: oneof(1, "string"),
  boolValue: oneof(2, "bool"),
  intValue: oneof(3, "int64"),
  doubleValue: oneof(4, "double"),
  arrayValue: oneof(5, message<{ values?: unknown }>("ArrayValue", { values: repeated(1, ANY_VALUE) })),
  kvlistValue: oneof(6, message<{ values?: unknown }>("KeyValueList", { values: repeated(1, KEY_VALUE) })),
  bytesValue: oneof(7, "bytes"),
});

export const RESOURCE = message<model.Resource>("Resource", {
  attributes: repeated(1, KEY_VALUE),
  droppedAttributesCount: field(2, "uint32"),
  entityRefs: repeated(
    3,
    message<model.EntityRef>("EntityRef", {
      schemaUrl: field(1, "string"),
      type: field(2, "string"),
      idKeys: repeated(3, "string"),
      descriptionKeys: repeated(4, "string"),
    }),
  ),
});

export const SCOPE = message<model.InstrumentationScope>("InstrumentationScope", {
  name: field(1, "string"),
  version: field(2, "string"),
  attributes: repeated(3, KEY_VALUE),
  droppedAttributesCount: field(4, "uint32"),
});

export const SPAN = message<model.Span>("Span", {
  traceId: field(1, "id"),
  spanId: field(2, "id"),
  traceState: field(3, "string"),
  parentSpanId: field(4, "id"),
  name: field(5, "string"),
  kind: enumeration(6, SPAN_KINDS),
  startTimeUnixNano: field(7, "fixed64"),
  endTimeUnixNano: field(8, "fixed64"),
  attributes: repeated(9, KEY_VALUE),
  droppedAttributesCount: field(10, "uint32"),
  events: repeated(
    11,
    message<model.SpanEvent>("Event", {
      timeUnixNano: field(1, "fixed64"),
      name: field(2, "string"),
      attributes: repeated(3, KEY_VALUE),
      droppedAttributesCount: field(4, "uint32"),
    }),
  ),
  droppedEventsCount: field(12, "uint32"),
  links: repeated(
    13,
    message<model.SpanLink>("Link", {
      traceId: field(1, "id"),
      spanId: field(2, "id"),
      traceState: field(3, "string"),
      attributes: repeated(4, KEY_VALUE),
      droppedAttributesCount: field(5, "uint32"),
      flags: field(6, "fixed32"),
    }),
  ),
  droppedLinksCount: field(14, "uint32"),
  status: field(
    15,
    message<model.Status>("Status", { message: field(2, "string"), code: enumeration(3, STATUS_CODES) }),
  ),
  flags: field(16, "fixed32"),
});

const LOG_RECORD = message<model.LogRecord>("LogRecord", {
  timeUnixNano: field(1, "fixed64"),
  severityNumber: enumeration(2, SEVERITIES),
  severityText: field(3, "string"),
  body: field(5, ANY_VALUE),
  attributes: repeated(6, KEY_VALUE),
  droppedAttributesCount: field(7, "uint32"),
  flags: field(8, "fixed32"),
  traceId: field(9, "id"),
  spanId: field(10, "id"),
  observedTimeUnixNano: field(11, "fixed64"),
  eventName: field(12, "string"),
});

const EXEMPLAR = message<model.Exemplar>("Exemplar", {
  timeUnixNano: field(2, "fixed64"),
  asDouble: oneof(3, "double"),
  spanId: field(4, "id"),
  traceId: field(5, "id"),
  asInt: oneof(6, "sfixed64"),
  filteredAttributes: repeated(7, KEY_VALUE),
});

const NUMBER_DATA_POINT = message<model.NumberDataPoint>("NumberDataPoint", {
  startTimeUnixNano: field(2, "fixed64"),
  timeUnixNano: field(3, "fixed64"),
  asDouble: oneof(4, "double"),
  exemplars: repeated(5, EXEMPLAR),
  asInt: oneof(6, "sfixed64"),
  attributes: repeated(7, KEY_VALUE),
  flags: field(8, "uint32"),
});

const HISTOGRAM_DATA_POINT = message<model.HistogramDataPoint>("HistogramDataPoint", {
  startTimeUnixNano: field(2, "fixed64"),
  timeUnixNano: field(3, "fixed64"),
  count: field(4, "fixed64"),
  sum: optional(5, "double"),
  bucketCounts: repeated(6, "fixed64"),
  explicitBounds: repeated(7, "double"),
  exemplars: repeated(8, EXEMPLAR),
  attributes: repeated(9, KEY_VALUE),
  flags: field(10, "uint32"),
  min: optional(11, "double"),
  max: optional(12, "double"),
});

const BUCKETS = message<model.Buckets>("Buckets", {
  offset: field(1, "sint32"),
  bucketCounts: repeated(2, "uint64"),
});

const EXPONENTIAL_HISTOGRAM_DATA_POINT = message<model.ExponentialHistogramDataPoint>(
  "ExponentialHistogramDataPoint",
  {
    attributes: repeated(1, KEY_VALUE),
    startTimeUnixNano: field(2, "fixed64"),
    timeUnixNano: field(3, "fixed64"),
    count: field(4, "fixed64"),
    sum: optional(5, "double"),
    scale: field(6, "sint32"),
    zeroCount: field(7, "fixed64"),
    positive: field(8, BUCKETS),
    negative: field(9, BUCKETS),
    flags: field(10, "uint32"),
    exemplars: repeated(11, EXEMPLAR),
    min: optional(12, "double"),
    max: optional(13, "double"),
    zeroThreshold: field(14, "double"),
  },
);

const SUMMARY_DATA_POINT = message<model.SummaryDataPoint>("SummaryDataPoint", {
  startTimeUnixNano: field(2, "fixed64"),
  timeUnixNano: field(3, "fixed64"),
  count: field(4, "fixed64"),
  sum: field(5, "double"),
  quantileValues: repeated(
    6,
    message<model.ValueAtQuantile>("ValueAtQuantile", {
      quantile: field(1, "double"),
      value: field(2, "double"),
    }),
  ),
  attributes: repeated(7, KEY_VALUE),
  flags: field(8, "uint32"),
});

type Data<Key extends keyof model.Metric> = NonNullable<model.Metric[Key]> & object;

const METRIC = message<model.Metric>("Metric", {
  name: field(1, "string"),
  description: field(2, "string"),
  unit: field(3, "string"),
  gauge: oneof(5, message<Data<"gauge">>("Gauge", { dataPoints: repeated(1, NUMBER_DATA_POINT) })),
  sum: oneof(
    7,
    message<Data<"sum">>("Sum", {
      dataPoints: repeated(1, NUMBER_DATA_POINT),
      aggregationTemporality: enumeration(2, TEMPORALITIES),
      isMonotonic: field(3, "bool"),
    }),
  ),
  histogram: oneof(
    9,
    message<Data<"histogram">>("Histogram", {
      dataPoints: repeated(1, HISTOGRAM_DATA_POINT),
      aggregationTemporality: enumeration(2, TEMPORALITIES),
    }),
  ),
  exponentialHistogram: oneof(
    10,
    message<Data<"exponentialHistogram">>("ExponentialHistogram", {
      dataPoints: repeated(1, EXPONENTIAL_HISTOGRAM_DATA_POINT),
      aggregationTemporality: enumeration(2, TEMPORALITIES),
    }),
  ),
  summary: oneof(11, message<Data<"summary">>("Summary", { dataPoints: repeated(1, SUMMARY_DATA_POINT) })),
  metadata: repeated(12, KEY_VALUE),
});

const RESOURCE_SPANS = message<model.ResourceSpans>("ResourceSpans", {
  resource: field(1, RESOURCE),
  scopeSpans: repeated(
    2,
    message<model.ScopeSpans>("ScopeSpans", {
      scope: field(1, SCOPE),
      spans: repeated(2, SPAN),
      schemaUrl: field(3, "string"),
    }),
  ),
  schemaUrl: field(3, "string"),
});

const RESOURCE_LOGS = message<model.ResourceLogs>("ResourceLogs", {
  resource: field(1, RESOURCE),
  scopeLogs: repeated(
    2,
    message<model.ScopeLogs>("ScopeLogs", {
      scope: field(1, SCOPE),
      logRecords: repeated(2, LOG_RECORD),
      schemaUrl: field(3, "string"),
    }),
  ),
  schemaUrl: field(3, "string"),
});

const RESOURCE_METRICS = message<model.ResourceMetrics>("ResourceMetrics", {
  resource: field(1, RESOURCE),
  scopeMetrics: repeated(
    2,
    message<model.ScopeMetrics>("ScopeMetrics", {
      scope: field(1, SCOPE),
      metrics: repeated(2, METRIC),
      schemaUrl: field(3, "string"),
    }),
  ),
  schemaUrl: field(3, "string"),
});

/** `ExportTraceServiceRequest` and its siblings; `TracesData` and its siblings are the same on the wire. */
export const REQUESTS: Readonly<Record<Signal, Message>> = {
  traces: message<model.TracesData>("TracesData", { resourceSpans: repeated(1, RESOURCE_SPANS) }),
  logs: message<model.LogsData>("LogsData", { resourceLogs: repeated(1, RESOURCE_LOGS) }),
  metrics: message<model.MetricsData>("MetricsData", { resourceMetrics: repeated(1, RESOURCE_METRICS) }),
};
