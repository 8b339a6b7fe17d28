import type { AnyValue, KeyValue, SpanEvent } from "../otlp/model.ts";
import type { Conversation, GenAiSpan } from "./message.ts";
import { Attributes, isRecord, plainValue } from "./plain-value.ts";

/** A log record that belongs to the span, or one of the span's own events: the two carry the same things. */
export interface SourceEvent {
  readonly name: string;
  readonly attributes: Attributes;
  /** A log record's body; undefined for span events. */
  readonly body: unknown;
}

/** Everything a translator may look at. */
export interface Source {
  readonly spanName: string;
  readonly scopeName: string;
  readonly attributes: Attributes;
  /** The span's events, then the log records, each in the order given. */
  readonly events: readonly SourceEvent[];
}

/** Reads the dialect of one emitter. Fields it finds nothing for are left out or empty. */
export interface Translator {
  /** The instrumentation scopes under which this emitter sends; they are asked first. */
  readonly scopes: RegExp;
  read(source: Source): Partial<Conversation>;
}

/** The part of an OTLP `LogRecord` that can carry messages. */
export interface GenAiLog {
  readonly eventName?: string;
  readonly attributes?: readonly KeyValue[];
  readonly body?: AnyValue;
}

export function sourceOf(span: GenAiSpan, logs: readonly GenAiLog[]): Source {
  return {
    spanName: span.name ?? "",
    scopeName: span.scopeName ?? "",
    attributes: new Attributes(span.attributes),
    events: [...(span.events ?? []).map(fromEvent), ...logs.map(fromLog)],
  };
}

function fromEvent(event: SpanEvent): SourceEvent {
  return { name: event.name ?? "", attributes: new Attributes(event.attributes), body: undefined };
}

/** Before log records had an event name, it stood in an attribute. */
function fromLog(log: GenAiLog): SourceEvent {
  const attributes = new Attributes(log.attributes);
  const body = plainValue(log.body);
  const nested = isRecord(body) && typeof body["event.name"] === "string" ? body["event.name"] : "";
  return { name: log.eventName || attributes.text("event.name") || nested, attributes, body };
}
