import type { AnyValue, KeyValue } from "@clew/protocol/otlp/model";
import type { Field } from "@clew/protocol/traceql/ast";
import { printDuration } from "@clew/protocol/traceql/duration-text";
import { fieldLabel } from "@clew/protocol/traceql/field-label";
import type { Scalar, Value } from "@clew/protocol/traceql/value";
import type { FoundTrace, ServiceCount } from "../../../query/compatible/tempo-search.ts";

type Spanset = FoundTrace["spansets"][number];
type FoundSpan = Spanset["spans"][number];

/** What Tempo says where the root has not arrived. */
const ROOTLESS = "<root span not yet received>";

/** These stand at the span or its trace already. */
const NOT_REPEATED = new Set([
  "span:name",
  "span:duration",
  "span:id",
  "trace:duration",
  "trace:rootName",
  "trace:rootService",
  "trace:id",
]);

/** A trace of a search as `tempopb.TraceSearchMetadata` in JSON: 64-bit numbers as text. */
export function foundTraceJson({ summary, spansets, services }: FoundTrace): object {
  const { id, startNs, endNs, rootName, rootService } = summary;
  const service = rootName === "" && rootService === "" ? ROOTLESS : rootService;
  return {
    traceID: id,
    ...(service !== "" && { rootServiceName: service }),
    ...(rootName !== "" && { rootTraceName: rootName }),
    startTimeUnixNano: String(startNs),
    durationMs: Number((endNs - startNs) / 1_000_000n),
    spanSets: spansets.map(spansetJson),
    serviceStats: Object.fromEntries(services.map(countJson)),
  };
}

function countJson({ service, spanCount, errorCount }: ServiceCount) {
  return [service, { spanCount, ...(errorCount > 0 && { errorCount }) }] as const;
}

function spansetJson({ spans, count, groups }: Spanset): object {
  const attributes = groups.flatMap(({ by, value }) => {
    const label = by.kind === "attribute" || by.kind === "intrinsic" ? fieldLabel(by) : "expression";
    return attributeJson(`by(${label})`, value);
  });
  return {
    spans: spans.map(spanJson),
    matched: count,
    ...(attributes.length > 0 && { attributes }),
  };
}

function spanJson({ spanId, startNs, durationNs, selected }: FoundSpan): object {
  const name = selected.find(({ field }) => field.kind === "intrinsic" && field.name === "span:name")?.value;
  const attributes = selected
    .filter(({ field }) => field.kind === "attribute" || !NOT_REPEATED.has(field.name))
    .flatMap(({ field, value }) => attributeJson(keyOf(field), value));
  return {
    spanID: spanId,
    ...(name?.type === "string" && { name: name.value }),
    startTimeUnixNano: String(startNs),
    durationNanos: String(durationNs > 0n ? durationNs : 0n),
    ...(attributes.length > 0 && { attributes }),
  };
}

/** Tempo leaves the scope out. */
function keyOf(field: Field): string {
  return field.kind === "attribute" ? field.name : fieldLabel(field);
}

function attributeJson(key: string, value: Value): KeyValue[] {
  return value === undefined ? [] : [{ key, value: anyValue(value) }];
}

function anyValue(value: NonNullable<Value>): AnyValue {
  return value.type === "array" ? { arrayValue: { values: value.elements.map(scalar) } } : scalar(value);
}

function scalar(value: Scalar): AnyValue {
  switch (value.type) {
    case "int":
      return { intValue: String(value.value) };
    case "float":
      return { doubleValue: Number.isFinite(value.value) ? value.value : "NaN" };
    case "duration":
      return { stringValue: printDuration(value.value) };
    case "boolean":
      return { boolValue: value.value };
    default:
      return { stringValue: value.value };
  }
}
