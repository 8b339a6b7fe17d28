import type {
  Buckets,
  Exemplar,
  ExponentialHistogramDataPoint,
  HistogramDataPoint,
  Metric,
  NumberDataPoint,
  SummaryDataPoint,
} from "@clew/protocol/otlp/model";
import { restoreAttributes } from "./restore.ts";
import {
  attributesField,
  doubleJson,
  field,
  idField,
  type StoredDouble,
  uint64Field,
} from "./restore-fields.ts";

/** A row of `whole-metric-points.sql`. */
export interface WholeMetricRow {
  readonly name: string;
  readonly kind: "gauge" | "sum" | "histogram" | "exponential_histogram" | "summary";
  readonly unit: string;
  readonly description: string;
  readonly metadata_keys: readonly string[];
  readonly metadata_values: readonly string[];
  readonly metadata_types: string;
  readonly resource_id: string;
  readonly scope_id: string;
  readonly attribute_keys: readonly string[];
  readonly attribute_values: readonly string[];
  readonly attribute_types: string;
  readonly start_ns: string;
  readonly time_ns: string;
  readonly flags: number;
  readonly aggregation_temporality: number;
  readonly is_monotonic: number;
  readonly value: StoredDouble;
  readonly value_int: string;
  readonly value_type: string;
  readonly point_count: string;
  readonly point_sum: StoredDouble;
  readonly point_min: StoredDouble;
  readonly point_max: StoredDouble;
  readonly present: number;
  readonly explicit_bounds: readonly StoredDouble[];
  readonly bucket_counts: readonly string[];
  readonly scale: number;
  readonly zero_count: string;
  readonly zero_threshold: StoredDouble;
  readonly positive_offset: number;
  readonly positive_bucket_counts: readonly string[];
  readonly negative_offset: number;
  readonly negative_bucket_counts: readonly string[];
  readonly quantiles: readonly StoredDouble[];
  readonly quantile_values: readonly StoredDouble[];
  readonly exemplar_times_ns: readonly string[];
  readonly exemplar_values: readonly StoredDouble[];
  readonly exemplar_value_ints: readonly string[];
  readonly exemplar_value_types: readonly string[];
  readonly exemplar_trace_ids: readonly string[];
  readonly exemplar_span_ids: readonly string[];
  readonly exemplar_attribute_keys: readonly (readonly string[])[];
  readonly exemplar_attribute_values: readonly (readonly string[])[];
  readonly exemplar_attribute_types: readonly string[];
}

const HAS_SUM = 1;
const HAS_MIN = 2;
const HAS_MAX = 4;

/** What the points of one metric have in common, as text. */
export function metricIdentity(row: WholeMetricRow): string {
  return JSON.stringify([
    row.name,
    row.kind,
    row.unit,
    row.description,
    row.metadata_keys,
    row.metadata_values,
    row.metadata_types,
    row.aggregation_temporality,
    row.is_monotonic,
  ]);
}

/** The metric that was sent, with these of its points; the rows are of one metric, and there is at least one. */
export function restoreMetric(rows: readonly WholeMetricRow[]): Metric {
  const row = rows[0]!;
  const metadata = restoreAttributes({
    types: row.metadata_types,
    keys: row.metadata_keys,
    values: row.metadata_values,
  });
  return {
    ...field("name", row.name),
    ...field("description", row.description),
    ...field("unit", row.unit),
    ...dataOf(row, rows),
    ...field("metadata", metadata),
  };
}

function dataOf(row: WholeMetricRow, rows: readonly WholeMetricRow[]): Metric {
  const temporality = field("aggregationTemporality", row.aggregation_temporality);
  switch (row.kind) {
    case "gauge":
      return { gauge: { dataPoints: rows.map(numberPoint) } };
    case "sum": {
      const monotonic = field("isMonotonic", row.is_monotonic === 1);
      return { sum: { dataPoints: rows.map(numberPoint), ...temporality, ...monotonic } };
    }
    case "histogram":
      return { histogram: { dataPoints: rows.map(histogramPoint), ...temporality } };
    case "exponential_histogram":
      return { exponentialHistogram: { dataPoints: rows.map(exponentialPoint), ...temporality } };
    case "summary":
      return { summary: { dataPoints: rows.map(summaryPoint) } };
  }
}

function pointFields(row: WholeMetricRow) {
  return {
    ...attributesField({
      types: row.attribute_types,
      keys: row.attribute_keys,
      values: row.attribute_values,
    }),
    ...uint64Field("startTimeUnixNano", row.start_ns),
    ...uint64Field("timeUnixNano", row.time_ns),
    ...field("flags", row.flags),
  };
}

function numberPoint(row: WholeMetricRow): NumberDataPoint {
  return {
    ...pointFields(row),
    ...numberFields(row.value_type, row.value, row.value_int),
    ...field("exemplars", exemplars(row)),
  };
}

function histogramPoint(row: WholeMetricRow): HistogramDataPoint {
  return {
    ...pointFields(row),
    ...uint64Field("count", row.point_count),
    ...optionalFields(row),
    ...field("bucketCounts", [...row.bucket_counts]),
    ...field("explicitBounds", row.explicit_bounds.map(doubleJson)),
    ...field("exemplars", exemplars(row)),
  };
}

function exponentialPoint(row: WholeMetricRow): ExponentialHistogramDataPoint {
  return {
    ...pointFields(row),
    ...uint64Field("count", row.point_count),
    ...optionalFields(row),
    ...field("scale", row.scale),
    ...uint64Field("zeroCount", row.zero_count),
    ...bucketsField("positive", row.positive_offset, row.positive_bucket_counts),
    ...bucketsField("negative", row.negative_offset, row.negative_bucket_counts),
    ...field("zeroThreshold", doubleJson(row.zero_threshold)),
    ...field("exemplars", exemplars(row)),
  };
}

function summaryPoint(row: WholeMetricRow): SummaryDataPoint {
  const quantileValues = row.quantiles.map((quantile, at) => ({
    ...field("quantile", doubleJson(quantile)),
    ...field("value", doubleJson(row.quantile_values[at] ?? 0)),
  }));
  return {
    ...pointFields(row),
    ...uint64Field("count", row.point_count),
    ...field("sum", doubleJson(row.point_sum)),
    ...field("quantileValues", quantileValues),
  };
}

function optionalFields(row: WholeMetricRow): Pick<HistogramDataPoint, "sum" | "min" | "max"> {
  return {
    ...(row.present & HAS_SUM && { sum: doubleJson(row.point_sum) }),
    ...(row.present & HAS_MIN && { min: doubleJson(row.point_min) }),
    ...(row.present & HAS_MAX && { max: doubleJson(row.point_max) }),
  };
}

function bucketsField<Name extends string>(
  name: Name,
  offset: number,
  counts: readonly string[],
): { [Key in Name]?: Buckets } {
  const buckets = { ...field("offset", offset), ...field("bucketCounts", [...counts]) };
  return Object.keys(buckets).length === 0 ? {} : ({ [name]: buckets } as { [Key in Name]?: Buckets });
}

function numberFields(
  type: string,
  value: StoredDouble,
  valueInt: string,
): Pick<NumberDataPoint, "asInt" | "asDouble"> {
  if (type === "i") return { asInt: valueInt };
  return type === "d" ? { asDouble: doubleJson(value) } : {};
}

function exemplars(row: WholeMetricRow): Exemplar[] {
  return row.exemplar_times_ns.map((time, at) => {
    const filteredAttributes = restoreAttributes({
      types: row.exemplar_attribute_types[at] ?? "",
      keys: row.exemplar_attribute_keys[at] ?? [],
      values: row.exemplar_attribute_values[at] ?? [],
    });
    return {
      ...field("filteredAttributes", filteredAttributes),
      ...uint64Field("timeUnixNano", time),
      ...numberFields(
        row.exemplar_value_types[at] ?? "",
        row.exemplar_values[at] ?? 0,
        row.exemplar_value_ints[at] ?? "0",
      ),
      ...idField("spanId", row.exemplar_span_ids[at] ?? ""),
      ...idField("traceId", row.exemplar_trace_ids[at] ?? ""),
    };
  });
}
