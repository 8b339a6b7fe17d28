import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from "node:http2";
import type { Signal } from "@clew/protocol/signal";

export interface GrpcAnswer {
  /** Undefined when the stream ended without one. */
  readonly status: number | undefined;
  readonly message: string;
  /** `google.rpc.Status`, as in `grpc-status-details-bin`; empty when there is none. */
  readonly details: Buffer;
  /** The message, without its frame. */
  readonly body: Buffer;
}

export interface GrpcCallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** The bytes are sent as they are, without a frame before them. */
  readonly unframed?: boolean;
  /** Sets the frame's flag. */
  readonly compressed?: boolean;
  readonly timeoutMs?: number;
}

export const GRPC_PATHS: Readonly<Record<Signal, string>> = {
  traces: "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
  logs: "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
  metrics: "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
};

/** A message with gRPC's five bytes before it. */
export function framed(message: Uint8Array, compressed = false): Buffer {
  const head = Buffer.alloc(5);
  head[0] = compressed ? 1 : 0;
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** gRPC on bare HTTP/2: any bytes as message, and whatever comes back. */
export class RawGrpc {
  readonly #port: number;
  #session: ClientHttp2Session | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  send(signal: Signal, message: Uint8Array, options: GrpcCallOptions = {}): Promise<GrpcAnswer> {
    return this.call(GRPC_PATHS[signal], message, options);
  }

  /** Rejects when the connection broke before an answer was complete. */
  call(path: string, message: Uint8Array, options: GrpcCallOptions = {}): Promise<GrpcAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<GrpcAnswer>();
    const stream = this.#connected().request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
      ...options.headers,
    });
    const pieces: Buffer[] = [];
    let status: number | undefined;
    let text = "";
    let details: Buffer = Buffer.alloc(0);
    let failure: Error | undefined;
    const read = (headers: IncomingHttpHeaders): void => {
      if (headers["grpc-status"] === undefined) return;
      status = Number(headers["grpc-status"]);
      text = decodeURIComponent(String(headers["grpc-message"] ?? ""));
      details = Buffer.from(String(headers["grpc-status-details-bin"] ?? ""), "base64");
    };
    stream.on("response", read);
    stream.on("trailers", read);
    stream.on("data", (piece: Buffer) => pieces.push(piece));
    stream.on("error", (error: Error) => {
      failure = error;
    });
    stream.setTimeout(options.timeoutMs ?? 60_000, () => stream.destroy(new Error("No answer in time")));
    stream.on("close", () => {
      if (status === undefined) reject(failure ?? new Error("The stream ended without a status"));
      else resolve({ status, message: text, details, body: Buffer.concat(pieces).subarray(5) });
    });
    stream.end(options.unframed ? message : framed(message, options.compressed));
    return promise;
  }

  close(): void {
    this.#session?.destroy();
  }

  #connected(): ClientHttp2Session {
    const known = this.#session;
    if (known !== undefined && !known.closed && !known.destroyed) return known;
    // By default a session with more than 10 MB to send takes no answers.
    const session = connect(`http://127.0.0.1:${this.#port}`, { maxSessionMemory: 1000 });
    // Every stream of the session reports the failure by itself.
    session.on("error", () => undefined);
    this.#session = session;
    return session;
  }
}
