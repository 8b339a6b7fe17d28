import { ProtobufWriter } from "@clew/protocol/otlp/protobuf-writer";
import { writeAttributes, writeText } from "./value-encoder.ts";

export interface Scope {
  readonly name: string;
  readonly version?: string | undefined;
  readonly schemaUrl?: string | undefined;
}

export interface ResourceLike {
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Encoded records of one scope. */
interface Group {
  readonly resource: ResourceLike;
  readonly scope: Scope;
  readonly writer: ProtobufWriter;
}

/** For a resource and scopes; where it is not enough the request grows. */
const ROOM_BYTES = 4096;

/** Writers of batches that were finished: their memory serves the next ones. */
const spare: ProtobufWriter[] = [];
const MOST_SPARE = 4;
const LARGEST_SPARE_BYTES = 1024 * 1024;

/**
 * Collects records in their encoded form until they are sent: `ExportTraceServiceRequest` and
 * `ExportLogsServiceRequest` are built alike.
 */
export class Batch {
  readonly #groups: Group[] = [];
  #last: Group | undefined;
  #bytes = 0;
  #count = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return this.#count;
  }

  /** `write` puts one record, tag included, before what the writer has. Where it throws, nothing is added. */
  add(resource: ResourceLike, scope: Scope, write: (writer: ProtobufWriter) => void): void {
    const { writer } = this.#group(resource, scope);
    const before = writer.written;
    try {
      write(writer);
    } catch (error) {
      writer.rewind(before);
      throw error;
    }
    this.#bytes += writer.written - before;
    this.#count += 1;
  }

  /** The request's bytes; ends the batch. */
  finish(): Uint8Array<ArrayBuffer> {
    const request = new ProtobufWriter(this.#bytes + ROOM_BYTES);
    for (const resource of new Set(this.#groups.map((group) => group.resource))) {
      const start = request.written;
      for (const { resource: of, scope, writer } of this.#groups) {
        if (of !== resource) continue;
        writeScope(request, scope, writer.view());
        if (spare.length < MOST_SPARE && writer.written < LARGEST_SPARE_BYTES) spare.push(writer);
      }
      const before = request.written;
      writeAttributes(request, 10, resource.attributes);
      request.varint(request.written - before);
      request.varint(10);
      request.varint(request.written - start);
      request.varint(10);
    }
    return request.view();
  }

  /** Scopes are compared by content: SDK 1 and 2 make an object for each tracer. */
  #group(resource: ResourceLike, scope: Scope): Group {
    const last = this.#last;
    if (last !== undefined && last.resource === resource && last.scope === scope) return last;
    let group = this.#groups.find((one) => one.resource === resource && sameScope(one.scope, scope));
    if (group === undefined) {
      const writer = spare.pop() ?? new ProtobufWriter(4096);
      writer.rewind(0);
      group = { resource, scope, writer };
      this.#groups.push(group);
    }
    this.#last = group;
    return group;
  }
}

function sameScope(a: Scope, b: Scope): boolean {
  return a === b || (a.name === b.name && a.version === b.version && a.schemaUrl === b.schemaUrl);
}

function writeScope(request: ProtobufWriter, scope: Scope, records: Uint8Array): void {
  const start = request.written;
  if (scope.schemaUrl) writeText(request, 26, scope.schemaUrl);
  request.raw(records);
  const before = request.written;
  if (scope.version) writeText(request, 18, scope.version);
  writeText(request, 10, scope.name);
  request.varint(request.written - before);
  request.varint(10);
  request.varint(request.written - start);
  request.varint(18);
}
