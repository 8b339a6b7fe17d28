import { BadSpan, type Fields, id, list, micros, record, text, timesOf } from "../otlp/foreign-fields.ts";
import { type ForeignSpans, type RejectedSpan, SpanGroups } from "../otlp/foreign-spans.ts";
import { describeJson, MalformedJson } from "../otlp/malformed-json.ts";
import type { KeyValue, Resource, Span, SpanEvent, SpanLink } from "../otlp/model.ts";
import { readTags, textOf } from "../otlp/tags.ts";
import { readJaegerTags } from "./jaeger-tag.ts";

const INTERNAL = 1;
const SAMPLED = 1;

/** Where Jaeger itself puts the warnings of a span. */
const WARNINGS = "@jaeger@warnings";

/** Name of an event whose log has no `event` field, as OpenTracing's shim names it. */
const UNNAMED_EVENT = "log";

/**
 * JSON that Jaeger's UI downloads and its query API answers, parsed (`parseJsonText`), as OTLP: `{"data": [trace]}`,
 * an array of traces, or one. Throws `MalformedJson` for anything else; a rejected span's `index` counts over all
 * traces.
 */
export function jaegerToOtlp(value: unknown): ForeignSpans {
  const groups = new SpanGroups();
  const rejected: RejectedSpan[] = [];
  let index = 0;
  for (const trace of tracesOf(value)) {
    const resources = new Map<unknown, Resource>();
    for (const entry of trace.spans) {
      try {
        addSpan(groups, resources, trace, entry);
      } catch (error) {
        if (!(error instanceof BadSpan)) throw error;
        rejected.push({ index, reason: error.message });
      }
      index += 1;
    }
  }
  return { data: groups.data(), rejected };
}

interface JaegerTrace {
  readonly traceId: unknown;
  readonly spans: readonly unknown[];
  readonly processes: Fields;
}

function tracesOf(value: unknown): JaegerTrace[] {
  const body = isObject(value) && "data" in value ? (value.data ?? []) : value;
  return (Array.isArray(body) ? body : [body]).map((trace: unknown) => {
    if (!isObject(trace) || !Array.isArray(trace.spans)) {
      throw new MalformedJson(
        `expected {"data": [...]}, traces or a trace with spans, came ${describeJson(trace)}`,
      );
    }
    return {
      traceId: trace.traceID,
      spans: trace.spans,
      processes: isObject(trace.processes) ? trace.processes : {},
    };
  });
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function addSpan(
  groups: SpanGroups,
  resources: Map<unknown, Resource>,
  trace: JaegerTrace,
  entry: unknown,
): void {
  const span = record("", entry);
  const { attributes, scope, fields } = readTags(readJaegerTags("tags", span.tags));
  const warnings = list("warnings", span.warnings).map((warning) => ({ stringValue: String(warning) }));
  if (warnings.length > 0) attributes.push({ key: WARNINGS, value: { arrayValue: { values: warnings } } });
  const name = text("operationName", span.operationName);
  const events = list("logs", span.logs).map(eventOf);
  const flags = Number(span.flags) & SAMPLED;
  const converted: Span = {
    ...familyOf(span, trace),
    ...(name !== "" && { name }),
    ...timesOf(micros("startTime", span.startTime), micros("duration", span.duration ?? 0)),
    ...(attributes.length > 0 && { attributes }),
    ...(events.length > 0 && { events }),
    ...(flags !== 0 && { flags }),
    kind: INTERNAL,
    ...fields,
  };
  groups.add(resourceOf(span, trace, resources), scope, converted);
}

/** The first CHILD_OF of the same trace is the parent, or else the older `parentSpanID`; every other reference a link. */
function familyOf(
  span: Fields,
  trace: JaegerTrace,
): Pick<Span, "traceId" | "spanId" | "parentSpanId" | "links"> {
  const traceId = id("traceID", span.traceID ?? trace.traceId, 32);
  let parentSpanId: string | undefined;
  const links: SpanLink[] = [];
  for (const [index, entry] of list("references", span.references).entries()) {
    const path = `references[${index}]`;
    const reference = record(path, entry);
    const refType = text(`${path}.refType`, reference.refType);
    const linked = {
      traceId: id(`${path}.traceID`, reference.traceID ?? traceId, 32),
      spanId: id(`${path}.spanID`, reference.spanID, 16),
    };
    if (refType === "CHILD_OF" && parentSpanId === undefined && linked.traceId === traceId) {
      parentSpanId = linked.spanId;
    } else {
      const attributes = [{ key: "opentracing.ref_type", value: { stringValue: refType.toLowerCase() } }];
      links.push({ ...linked, ...(refType !== "" && { attributes }) });
    }
  }
  const older = span.parentSpanID;
  if (parentSpanId === undefined && typeof older === "string" && !/^0*$/.test(older)) {
    parentSpanId = id("parentSpanID", older, 16);
  }
  return {
    traceId,
    spanId: id("spanID", span.spanID, 16),
    ...(parentSpanId !== undefined && { parentSpanId }),
    ...(links.length > 0 && { links }),
  };
}

function eventOf(entry: unknown, index: number): SpanEvent {
  const path = `logs[${index}]`;
  const log = record(path, entry);
  const fields = readJaegerTags(`${path}.fields`, log.fields);
  const name = fields.find(({ key, value }) => key === "event" && textOf(value) !== undefined);
  const attributes = fields.filter((field) => field !== name);
  return {
    timeUnixNano: String(micros(`${path}.timestamp`, log.timestamp)),
    name: textOf(name?.value) || UNNAMED_EVENT,
    ...(attributes.length > 0 && { attributes }),
  };
}

/** One resource for all spans of a process; a span may carry its process itself. */
function resourceOf(span: Fields, { processes }: JaegerTrace, resources: Map<unknown, Resource>): Resource {
  const key = typeof span.processID === "string" ? span.processID : "";
  const process = isObject(span.process)
    ? span.process
    : Object.hasOwn(processes, key)
      ? processes[key]
      : undefined;
  const known = resources.get(process);
  if (known !== undefined) return known;
  const attributes: KeyValue[] = [];
  if (process !== undefined) {
    const fields = record("process", process);
    const serviceName = text("process.serviceName", fields.serviceName);
    if (serviceName !== "") attributes.push({ key: "service.name", value: { stringValue: serviceName } });
    const tags = readJaegerTags("process.tags", fields.tags);
    attributes.push(...tags.filter((tag) => serviceName === "" || tag.key !== "service.name"));
  }
  const resource = attributes.length > 0 ? { attributes } : {};
  resources.set(process, resource);
  return resource;
}
