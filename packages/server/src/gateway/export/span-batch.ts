import { encodeResource, encodeScope, writeSpan } from "@clew/protocol/otlp/encode";
import type { InstrumentationScope, Resource, Span } from "@clew/protocol/otlp/model";
import { ProtobufWriter } from "@clew/protocol/otlp/protobuf-writer";

/** Encoded spans of one scope of one resource; both are told apart by identity. */
interface Group {
  readonly resource: Resource;
  readonly scope: InstrumentationScope;
  readonly spans: ProtobufWriter;
}

/**
 * Spans in their encoded form, until they are sent. They are encoded when they are added, one by one, so that no
 * request has to wait while a whole batch is.
 */
export class SpanBatch {
  readonly #groups: Group[] = [];
  #bytes = 0;
  #count = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return this.#count;
  }

  /** Throws for a span that OTLP can't carry; the batch is then as it was. */
  add(resource: Resource, scope: InstrumentationScope, span: Span): void {
    let group = this.#groups.find((one) => one.resource === resource && one.scope === scope);
    if (group === undefined) {
      group = { resource, scope, spans: new ProtobufWriter(16 * 1024) };
      this.#groups.push(group);
    }
    const before = group.spans.written;
    writeSpan(group.spans, span);
    this.#bytes += group.spans.written - before;
    this.#count += 1;
  }

  /** `ExportTraceServiceRequest`; ends the batch. */
  finish(): Uint8Array<ArrayBuffer> {
    const request = new ProtobufWriter(this.#bytes + 1024);
    for (const resource of new Set(this.#groups.map((group) => group.resource))) {
      const start = request.written;
      for (const { resource: of, scope, spans } of this.#groups) {
        if (of !== resource) continue;
        const before = request.written;
        request.raw(spans.view());
        writeMessage(request, 0x0a, encodeScope(scope));
        endMessage(request, 0x12, before);
      }
      writeMessage(request, 0x0a, encodeResource(resource));
      endMessage(request, 0x0a, start);
    }
    return request.view();
  }
}

function writeMessage(request: ProtobufWriter, tag: number, bytes: Uint8Array): void {
  request.raw(bytes);
  request.varint(bytes.length);
  request.varint(tag);
}

function endMessage(request: ProtobufWriter, tag: number, before: number): void {
  request.varint(request.written - before);
  request.varint(tag);
}
