import type { ProtobufWriter } from "@clew/protocol/otlp/protobuf-writer";
import type { HrTime, Link, SpanContext } from "@opentelemetry/api";
import { writeAttributes, writeText, writeTime } from "./value-encoder.ts";

/** What the tracers of SDK 1, 2 and 3 hand to a processor, as far as it is sent. */
export interface SendableSpan {
  readonly name: string;
  readonly kind: number;
  spanContext(): SpanContext;
  readonly parentSpanContext?: SpanContext | undefined;
  /** SDK 1 knows no more of the parent. */
  readonly parentSpanId?: string | undefined;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly status: { readonly code: number; readonly message?: string };
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly links: readonly Link[];
  readonly events: readonly {
    readonly name: string;
    readonly time: HrTime;
    readonly attributes?: Readonly<Record<string, unknown>>;
    readonly droppedAttributesCount?: number;
  }[];
  readonly droppedAttributesCount?: number;
  readonly droppedEventsCount?: number;
  readonly droppedLinksCount?: number;
}

const NOT_ENDED: HrTime = [0, 0];
/** How the server knows a span that has not ended. */
const RUNNING = { "clew.running": true };
const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

/**
 * Writes a span as element of `ScopeSpans.spans`, back to front. One that is `running` has no end time and says
 * so, for others leave the end time out too.
 */
export function writeSpan(writer: ProtobufWriter, span: SendableSpan, running: boolean): void {
  const context = span.spanContext();
  const parent = span.parentSpanContext;
  const parentId = parent?.spanId ?? span.parentSpanId ?? "";
  const start = writer.written;
  writer.fixed32(flagsOf(context, parent?.isRemote));
  writer.varint(133);
  writeStatus(writer, span.status);
  writeCount(writer, 112, span.droppedLinksCount);
  for (let index = span.links.length - 1; index >= 0; index -= 1) writeLink(writer, span.links[index]!);
  writeCount(writer, 96, span.droppedEventsCount);
  for (let index = span.events.length - 1; index >= 0; index -= 1) {
    const event = span.events[index]!;
    const before = writer.written;
    writeCount(writer, 32, event.droppedAttributesCount);
    writeAttributes(writer, 26, event.attributes);
    writeText(writer, 18, event.name);
    writeTime(writer, 9, event.time);
    writer.varint(writer.written - before);
    writer.varint(90);
  }
  writeCount(writer, 80, span.droppedAttributesCount);
  if (running) writeAttributes(writer, 74, RUNNING);
  writeAttributes(writer, 74, span.attributes);
  writeTime(writer, 65, running ? NOT_ENDED : span.endTime);
  writeTime(writer, 57, span.startTime);
  writer.varint(span.kind + 1);
  writer.varint(48);
  writeText(writer, 42, span.name);
  if (parentId !== "") writeId(writer, 34, parentId);
  const state = context.traceState?.serialize() ?? "";
  if (state !== "") writeText(writer, 26, state);
  writeId(writer, 18, context.spanId);
  writeId(writer, 10, context.traceId);
  writer.varint(writer.written - start);
  writer.varint(18);
}

function writeLink(writer: ProtobufWriter, link: Link): void {
  const { context } = link;
  const before = writer.written;
  writer.fixed32(flagsOf(context, context.isRemote));
  writer.varint(53);
  writeCount(writer, 40, link.droppedAttributesCount);
  writeAttributes(writer, 34, link.attributes);
  const state = context.traceState?.serialize() ?? "";
  if (state !== "") writeText(writer, 26, state);
  writeId(writer, 18, context.spanId);
  writeId(writer, 10, context.traceId);
  writer.varint(writer.written - before);
  writer.varint(106);
}

function flagsOf(context: SpanContext, isRemote: boolean | undefined): number {
  return (context.traceFlags & 0xff) | HAS_IS_REMOTE | (isRemote === true ? IS_REMOTE : 0);
}

function writeStatus(writer: ProtobufWriter, { code, message = "" }: SendableSpan["status"]): void {
  if (code === 0 && message === "") return;
  const before = writer.written;
  writer.varint(code);
  writer.varint(24);
  if (message !== "") writeText(writer, 18, message);
  writer.varint(writer.written - before);
  writer.varint(122);
}

/** A count of zero is the default, which is not sent. */
function writeCount(writer: ProtobufWriter, tag: number, count = 0): void {
  if (count === 0) return;
  writer.varint(count);
  writer.varint(tag);
}

export function writeId(writer: ProtobufWriter, tag: number, id: string): void {
  writer.hex(id);
  writer.varint(id.length >> 1);
  writer.varint(tag);
}
