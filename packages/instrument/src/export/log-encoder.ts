import type { ProtobufWriter } from "@clew/protocol/otlp/protobuf-writer";
import type { HrTime, SpanContext } from "@opentelemetry/api";
import { writeId } from "./span-encoder.ts";
import { writeAttributes, writeText, writeTime, writeValue } from "./value-encoder.ts";

/** What loggers of any SDK hand to a processor, as far as it is sent. */
export interface SendableLog {
  readonly hrTime: HrTime;
  readonly hrTimeObserved: HrTime;
  readonly spanContext?: SpanContext | undefined;
  readonly severityNumber?: number | undefined;
  readonly severityText?: string | undefined;
  readonly body?: unknown;
  readonly eventName?: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly droppedAttributesCount?: number;
}

/** Writes a log record as element of `ScopeLogs.log_records`, back to front. */
export function writeLog(writer: ProtobufWriter, log: SendableLog): void {
  const start = writer.written;
  if (log.eventName) writeText(writer, 98, log.eventName);
  writeTime(writer, 89, log.hrTimeObserved);
  if (log.spanContext !== undefined) {
    writeId(writer, 82, log.spanContext.spanId);
    writeId(writer, 74, log.spanContext.traceId);
    writer.fixed32(log.spanContext.traceFlags & 0xff);
    writer.varint(69);
  }
  if (log.droppedAttributesCount) {
    writer.varint(log.droppedAttributesCount);
    writer.varint(56);
  }
  writeAttributes(writer, 50, log.attributes);
  if (log.body !== undefined) writeValue(writer, 42, log.body);
  if (log.severityText) writeText(writer, 26, log.severityText);
  if (log.severityNumber) {
    writer.varint(log.severityNumber);
    writer.varint(16);
  }
  writeTime(writer, 9, log.hrTime);
  writer.varint(writer.written - start);
  writer.varint(18);
}
