import type {
  Http2Server,
  Http2Session,
  IncomingHttpHeaders,
  ServerHttp2Session,
  ServerHttp2Stream,
} from "node:http2";
import { createServer } from "node:http2";
import type { Signal } from "@clew/protocol/signal";
import type { Source } from "../intake.ts";
import { clip } from "./clip.ts";
import type { Failure } from "./failure.ts";
import { failure } from "./failure.ts";
import { answerFailure, answerPlain } from "./grpc-answer.ts";
import type { CallOptions } from "./grpc-call.ts";
import { GrpcCall, header, reportGrpc } from "./grpc-call.ts";
import { grpcTimeoutMs } from "./grpc-timeout.ts";
import type { Ports } from "./hints.ts";
import { useHttpPort } from "./hints.ts";
import { canInflate, ENCODINGS } from "./inflate.ts";
import { peerOf } from "./peer.ts";
import type { Authorize } from "./token.ts";
import { TOKEN_HINT } from "./token.ts";

export interface GrpcOptions extends CallOptions {
  readonly authorize: Authorize;
  readonly ports: Ports;
}

const EXPORTS: ReadonlyMap<string, Signal> = new Map([
  ["/opentelemetry.proto.collector.trace.v1.TraceService/Export", "traces"],
  ["/opentelemetry.proto.collector.logs.v1.LogsService/Export", "logs"],
  ["/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", "metrics"],
]);
const HEALTH_CHECK = "/grpc.health.v1.Health/Check";
const GRPC_CONTENT_TYPE = /^application\/grpc(\+proto)?\s*(;|$)/i;
/** NGHTTP2_FLAG_END_STREAM: the request has no body. */
const END_STREAM = 0x1;

/** Longest that a request may take to arrive and become durable, whatever its `grpc-timeout`. */
const MAX_CALL_MS = 300_000;
/** How exact deadlines are kept. */
const DEADLINE_TICK_MS = 50;
/** A session without a request for so long is asked to reconnect when there is something to send. */
const IDLE_SESSION_MS = 30 * 60_000;
const STREAM_WINDOW_BYTES = 4 * 1024 * 1024;
const SESSION_WINDOW_BYTES = 16 * 1024 * 1024;
/** Clients that follow it send a usual request in one frame. */
const MAX_FRAME_BYTES = 128 * 1024;

/**
 * OTLP over gRPC, after "gRPC over HTTP/2" for unary calls, on bare HTTP/2. It does not listen: connections are
 * handed to `server` with its `connection` event.
 */
export class GrpcReceiver {
  readonly server: Http2Server;
  readonly #options: GrpcOptions;
  readonly #peers = new WeakMap<Http2Session, string>();
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #calls = new Set<GrpcCall>();
  #ticking: NodeJS.Timeout | undefined;
  #idle: (() => void) | undefined;

  constructor(options: GrpcOptions) {
    this.#options = options;
    this.server = createServer({
      settings: {
        initialWindowSize: STREAM_WINDOW_BYTES,
        maxConcurrentStreams: 256,
        maxFrameSize: MAX_FRAME_BYTES,
        maxHeaderListSize: 32 * 1024,
        enablePush: false,
      },
    });
    this.server.on("session", (session) => this.#onSession(session));
    this.server.on("stream", (stream, headers, flags) => this.#onStream(stream, headers, flags));
  }

  /** Asks clients to go elsewhere and waits for requests under way, at most `timeoutMs`; then all is closed. */
  async drain(timeoutMs: number): Promise<void> {
    for (const session of this.#sessions) session.close();
    if (this.#sessions.size > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#idle = resolve;
      const timer = setTimeout(resolve, timeoutMs);
      await promise;
      clearTimeout(timer);
    }
    for (const session of this.#sessions) session.destroy();
    clearTimeout(this.#ticking);
  }

  #onSession(session: ServerHttp2Session): void {
    session.setLocalWindowSize(SESSION_WINDOW_BYTES);
    session.setTimeout(IDLE_SESSION_MS, () => session.close());
    this.#peers.set(session, peerOf(session.socket));
    this.#sessions.add(session);
    session.on("error", () => undefined);
    session.on("close", () => {
      this.#sessions.delete(session);
      if (this.#sessions.size === 0) this.#idle?.();
    });
  }

  #onStream(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, flags: number): void {
    stream.on("error", () => undefined);
    const source: Source = {
      protocol: "grpc",
      peer: this.#peers.get(stream.session!) ?? "",
      userAgent: clip(headers["user-agent"]),
      path: clip(headers[":path"]),
    };
    const contentType = clip(headers["content-type"]);
    const signal = EXPORTS.get(source.path);
    const refusal = this.#refusal(headers, contentType, signal, source.path);
    if (refusal !== undefined) {
      this.#refuse(stream, source, contentType, signal, refusal);
      return;
    }
    const nowMs = performance.now();
    const timeoutMs = Math.min(grpcTimeoutMs(header(headers, "grpc-timeout")) ?? MAX_CALL_MS, MAX_CALL_MS);
    const encoding = header(headers, "grpc-encoding") ?? "identity";
    const call = new GrpcCall(
      this.#options,
      stream,
      source,
      contentType,
      signal,
      encoding,
      nowMs + timeoutMs,
    );
    this.#calls.add(call);
    stream.on("close", () => {
      call.abandon();
      this.#calls.delete(call);
    });
    this.#ticking ??= setTimeout(() => this.#tick(), DEADLINE_TICK_MS).unref();
    call.start((flags & END_STREAM) !== 0);
  }

  /** Why the headers alone are enough to turn a request away. */
  #refusal(
    headers: IncomingHttpHeaders,
    contentType: string,
    signal: Signal | undefined,
    path: string,
  ): Failure | undefined {
    if (!GRPC_CONTENT_TYPE.test(contentType)) {
      const message = `This port speaks OTLP/gRPC, not ${contentType === "" ? "HTTP without a content type" : contentType}`;
      return failure("UNIMPLEMENTED", "not_grpc", message, useHttpPort(this.#options.ports), 415);
    }
    if (!this.#options.authorize(headers.authorization)) {
      return failure("UNAUTHENTICATED", "unauthorized", "The token is missing or wrong", TOKEN_HINT);
    }
    if (signal === undefined && path !== HEALTH_CHECK) {
      const message = `There is no gRPC method ${path} here`;
      return failure(
        "UNIMPLEMENTED",
        "unknown_path",
        message,
        "Traces, logs and metrics of OTLP are received",
      );
    }
    const encoding = header(headers, "grpc-encoding") ?? "identity";
    if (encoding !== "identity" && !canInflate(encoding)) {
      const message = `The compression ${clip(encoding)} is not understood`;
      return failure("UNIMPLEMENTED", "unsupported_body", message, `Use ${ENCODINGS.join(", ")} or none`);
    }
    return undefined;
  }

  #refuse(
    stream: ServerHttp2Stream,
    source: Source,
    contentType: string,
    signal: Signal | undefined,
    refusal: Failure,
  ): void {
    reportGrpc(this.#options.events, source, contentType, signal, refusal);
    if (refusal.reason === "not_grpc")
      answerPlain(stream, refusal.http, `${refusal.message}. ${refusal.hint}`);
    else answerFailure(stream, refusal);
  }

  #tick(): void {
    this.#ticking = undefined;
    const nowMs = performance.now();
    for (const call of this.#calls) call.expire(nowMs);
    if (this.#calls.size > 0) this.#ticking = setTimeout(() => this.#tick(), DEADLINE_TICK_MS).unref();
  }
}
