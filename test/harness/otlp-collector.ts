import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { decodeOtlp } from "@clew/protocol/otlp/decode";
import type { AnyValue, KeyValue, LogRecord, Span } from "@clew/protocol/otlp/model";

export type PlainValue =
  | string
  | number
  | boolean
  | Uint8Array
  | PlainValue[]
  | { [key: string]: PlainValue }
  | null;

/** A span as it arrived, with what stood around it and its attributes as plain values. */
export interface ReceivedSpan extends Omit<Span, "attributes"> {
  readonly service: string;
  readonly scope: string;
  readonly attributes: Readonly<Record<string, PlainValue>>;
}

export interface ReceivedLog extends Omit<LogRecord, "attributes" | "body"> {
  readonly service: string;
  readonly scope: string;
  readonly body: PlainValue;
  readonly attributes: Readonly<Record<string, PlainValue>>;
}

/** Takes OTLP over HTTP as a collector does and keeps what came, so that a test can look at it. */
export class OtlpCollector implements AsyncDisposable {
  readonly spans: ReceivedSpan[] = [];
  readonly logs: ReceivedLog[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<OtlpCollector> {
    const server = createServer((request, response) => {
      collector.#receive(request, response).catch((error: Error) => {
        response.writeHead(500).end(error.message);
      });
    });
    const collector = new OtlpCollector(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return collector;
  }

  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === "/api/v1/setup") {
      // As the server tells `clew run` where it takes OTLP.
      response.end(
        JSON.stringify({ version: "0", otlp: { http: this.endpoint, auth: false }, hasData: true }),
      );
      return;
    }
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces);
    if (request.url === "/v1/traces") this.#addSpans(body);
    else if (request.url === "/v1/logs") this.#addLogs(body);
    response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
  }

  #addSpans(body: Buffer): void {
    for (const { resource, scopeSpans } of decodeOtlp("traces", body).resourceSpans ?? []) {
      const service = String(plainAttributes(resource?.attributes)["service.name"] ?? "");
      for (const { scope, spans } of scopeSpans ?? []) {
        for (const span of spans ?? []) {
          const attributes = plainAttributes(span.attributes);
          this.spans.push({ ...span, service, scope: scope?.name ?? "", attributes });
        }
      }
    }
  }

  #addLogs(body: Buffer): void {
    for (const { resource, scopeLogs } of decodeOtlp("logs", body).resourceLogs ?? []) {
      const service = String(plainAttributes(resource?.attributes)["service.name"] ?? "");
      for (const { scope, logRecords } of scopeLogs ?? []) {
        for (const record of logRecords ?? []) {
          const attributes = plainAttributes(record.attributes);
          const text = plain(record.body ?? {});
          this.logs.push({ ...record, service, scope: scope?.name ?? "", body: text, attributes });
        }
      }
    }
  }
}

function plainAttributes(attributes: readonly KeyValue[] = []): Record<string, PlainValue> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value ?? {})]));
}

function plain(value: AnyValue): PlainValue {
  if (value.stringValue !== undefined) return value.stringValue;
  if (value.boolValue !== undefined) return value.boolValue;
  if (value.intValue !== undefined) return Number(value.intValue);
  if (value.doubleValue !== undefined) return Number(value.doubleValue);
  if (value.arrayValue !== undefined) return (value.arrayValue.values ?? []).map(plain);
  if (value.kvlistValue !== undefined) return plainAttributes(value.kvlistValue.values);
  return null;
}
