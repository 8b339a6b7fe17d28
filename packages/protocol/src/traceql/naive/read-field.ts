import type { Attribute, Field } from "../ast.ts";
import type { IntrinsicName } from "../intrinsics.ts";
import { array, boolean, duration, float, int, string, type Value } from "../value.ts";
import { fieldType } from "../value-type.ts";
import { fromPlain } from "./from-plain.ts";
import type { AgentName, PlainAttributes, PlainSpan } from "./plain-trace.ts";
import type { SpanView } from "./trace-view.ts";

/**
 * What a span has of a field. A field of events or links is an array of what all events or links have, as the
 * documentation is silent on spans with several.
 */
export function readField(view: SpanView, field: Field): Value {
  const of = field.ofParent ? view.parent : view;
  if (of === undefined) return undefined;
  return field.kind === "attribute" ? readAttribute(of.span, field) : readIntrinsic(of, field.name);
}

/** The one value of a field, where an array would make no sense: of events and links the first. */
export function readOne(view: SpanView, field: Field): Value {
  const value = readField(view, field);
  const repeated =
    field.kind === "attribute" ? isRepeated(field.scope) : isRepeated(field.name.split(":")[0]!);
  return repeated && value?.type === "array" ? value.elements[0] : value;
}

function isRepeated(scope: string): boolean {
  return scope === "event" || scope === "link";
}

function readAttribute(span: PlainSpan, { scope, name }: Attribute): Value {
  const of = (attributes: PlainAttributes) =>
    fromPlain(Object.hasOwn(attributes, name) ? attributes[name] : undefined);
  switch (scope) {
    // Documented for span and resource; a dot never means the other scopes here.
    case "any":
      return of(span.attributes) ?? of(span.resource);
    case "span":
      return of(span.attributes);
    case "resource":
      return of(span.resource);
    case "instrumentation":
      return of(span.instrumentation.attributes);
    case "event":
      return collected(span.events.map(({ attributes }) => of(attributes)));
    case "link":
      return collected(span.links.map(({ attributes }) => of(attributes)));
  }
}

function collected(values: readonly Value[]): Value {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : array(known);
}

function readIntrinsic(view: SpanView, name: IntrinsicName): Value {
  const { span, trace } = view;
  switch (name) {
    case "span:name":
      return string(span.name);
    case "span:status":
      return { type: "status", value: span.status };
    case "span:statusMessage":
      return string(span.statusMessage);
    case "span:duration":
      return duration(span.duration);
    case "span:kind":
      return { type: "kind", value: span.kind };
    case "span:id":
      return string(span.spanId);
    case "span:parentID":
      return string(span.parentSpanId);
    case "span:childCount":
      return int(view.children.length);
    case "trace:duration":
      return duration(trace.duration);
    // A trace without root has empty names: documented is only that they are there "if it exists".
    case "trace:rootName":
      return string(trace.root?.span.name ?? "");
    case "trace:rootService":
      return fromPlain(trace.root?.span.resource["service.name"]) ?? string("");
    case "trace:id":
      return string(trace.traceId);
    case "event:name":
      return collected(span.events.map((event) => string(event.name)));
    case "event:timeSinceStart":
      return collected(span.events.map((event) => duration(event.time - span.start)));
    case "link:traceID":
      return collected(span.links.map((link) => string(link.traceId)));
    case "link:spanID":
      return collected(span.links.map((link) => string(link.spanId)));
    case "instrumentation:name":
      return string(span.instrumentation.name);
    case "instrumentation:version":
      return string(span.instrumentation.version);
    case "nestedSetLeft":
      return int(view.nestedSet.left);
    case "nestedSetRight":
      return int(view.nestedSet.right);
    case "nestedSetParent":
      return int(view.nestedSet.parent);
    // Any value: it is only ever asked whether there is one. A root has none, an orphan has one elsewhere.
    case "parent":
      return span.parentSpanId === "" ? undefined : boolean(true);
    case "agent:tokens": {
      if (span.repeatsUsage) return undefined;
      const sum =
        BigInt(span.agent["agent:input_tokens"] ?? 0) + BigInt(span.agent["agent:output_tokens"] ?? 0);
      return sum === 0n ? undefined : int(sum);
    }
    default:
      return readAgent(span, name);
  }
}

/** What a span used is told by the model span itself, and by no other. */
const USAGE: ReadonlySet<IntrinsicName> = new Set([
  "agent:input_tokens",
  "agent:output_tokens",
  "agent:cache_read_tokens",
  "agent:cache_write_tokens",
  "agent:reasoning_tokens",
  "agent:cost",
]);

function readAgent(span: PlainSpan, name: AgentName): Value {
  if (span.repeatsUsage && USAGE.has(name)) return undefined;
  const value = span.agent[name];
  if (name === "agent:running") return boolean(value === true);
  if (value === undefined || value === "" || Number(value) === 0) return undefined;
  switch (fieldType({ kind: "intrinsic", name, ofParent: false, start: 0, end: 0 })) {
    case "int":
      return int(BigInt(value));
    case "float":
      return float(Number(value));
    case "duration":
      return duration(BigInt(value));
    default:
      return string(String(value));
  }
}
