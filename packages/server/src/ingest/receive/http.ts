import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { Http2Server, Http2ServerResponse, ServerHttp2Session } from "node:http2";
import { createServer as createHttp2Server } from "node:http2";
import type { Socket } from "node:net";
import { clip } from "./clip.ts";
import type { Cors } from "./cors.ts";
import { failure } from "./failure.ts";
import { answerFailure } from "./grpc-answer.ts";
import type { CallOptions } from "./grpc-call.ts";
import { header, reportGrpc } from "./grpc-call.ts";
import type { Ports } from "./hints.ts";
import { useGrpcPort } from "./hints.ts";
import { HttpExchange } from "./http-exchange.ts";
import { peerOf } from "./peer.ts";
import type { Authorize } from "./token.ts";

export interface HttpOptions extends CallOptions {
  readonly authorize: Authorize;
  readonly cors: Cors;
  readonly ports: Ports;
}

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 300_000;
const CHECK_INTERVAL_MS = 2_000;
const KEEP_ALIVE_MS = 75_000;
const DRAIN_POLL_MS = 20;

/**
 * OTLP over HTTP, and Zipkin's. It does not listen: connections are handed to `http1` or `http2` with their
 * `connection` event.
 */
export class HttpReceiver {
  readonly http1 = createServer({
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: CHECK_INTERVAL_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: 32 * 1024,
  });
  readonly http2: Http2Server = createHttp2Server({
    settings: { initialWindowSize: 1024 * 1024, maxConcurrentStreams: 256, enablePush: false },
  });
  readonly #options: HttpOptions;
  readonly #sessions = new Set<ServerHttp2Session>();
  #underWay = 0;
  #draining = false;

  constructor(options: HttpOptions) {
    this.#options = options;
    this.http1.on("request", (request, response) => void this.#handle(request, response));
    this.http1.on("clientError", (error: NodeJS.ErrnoException, socket) => {
      this.#onClientError(error, socket as Socket);
    });
    // A server that does not listen itself begins to keep its timeouts here.
    this.http1.emit("listening");
    this.http2.on("session", (session) => this.#onSession(session));
    this.http2.on("request", (request, response) => {
      if (header(request.headers, "content-type")?.startsWith("application/grpc")) {
        this.#refuseGrpc(request.headers["user-agent"] ?? "", request.url, response);
        return;
      }
      // The compatibility objects have everything that an exchange uses.
      void this.#handle(request as unknown as IncomingMessage, response as unknown as ServerResponse);
    });
  }

  /** Closes connections as they become idle, and all of them after `timeoutMs`. */
  async drain(timeoutMs: number): Promise<void> {
    this.#draining = true;
    const endMs = performance.now() + timeoutMs;
    for (const session of this.#sessions) session.close();
    this.http1.closeIdleConnections();
    while ((this.#underWay > 0 || this.#sessions.size > 0) && performance.now() < endMs) {
      await new Promise((resolve) => setTimeout(resolve, DRAIN_POLL_MS));
      this.http1.closeIdleConnections();
    }
    for (const session of this.#sessions) session.destroy();
    this.http1.closeAllConnections();
    this.http1.close();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#underWay++;
    if (this.#draining && request.httpVersionMajor === 1) response.setHeader("connection", "close");
    try {
      await new HttpExchange(this.#options, request, response).run();
    } finally {
      this.#underWay--;
    }
  }

  #onSession(session: ServerHttp2Session): void {
    this.#sessions.add(session);
    session.setTimeout(KEEP_ALIVE_MS, () => session.close());
    session.on("error", () => undefined);
    session.on("close", () => this.#sessions.delete(session));
  }

  #refuseGrpc(userAgent: string, path: string, response: Http2ServerResponse): void {
    const { stream } = response;
    const peer = peerOf(stream.session?.socket);
    const source = { protocol: "grpc", peer, userAgent: clip(userAgent), path: clip(path) } as const;
    const message = "This port speaks OTLP/HTTP, not gRPC";
    const refusal = failure("UNIMPLEMENTED", "grpc_on_http", message, useGrpcPort(this.#options.ports), 415);
    stream.on("error", () => undefined);
    reportGrpc(this.#options.events, source, "application/grpc", undefined, refusal);
    answerFailure(stream, refusal);
  }

  /** Bytes that are no HTTP, or headers that do not come. */
  #onClientError(error: NodeJS.ErrnoException, socket: Socket): void {
    const timeout = error.code === "ERR_HTTP_REQUEST_TIMEOUT";
    // A request that is cut off has nobody to answer.
    const known = timeout || (error.code?.startsWith("HPE_") && error.code !== "HPE_INVALID_EOF_STATE");
    if (!known || !socket.writable) {
      socket.destroy();
      return;
    }
    const status = timeout ? 408 : error.code === "HPE_HEADER_OVERFLOW" ? 431 : 400;
    const message = timeout ? "The request did not arrive in time" : `This is not HTTP: ${error.message}`;
    this.#options.events.refused({
      source: { protocol: "unknown", peer: peerOf(socket), userAgent: "", path: "" },
      code: status,
      reason: timeout ? "timeout" : "malformed_http",
      message,
      hint: "",
    });
    const text = `${message}\n`;
    socket.end(
      `HTTP/1.1 ${status} Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\n` +
        `content-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
    );
    socket.once("finish", () => socket.destroy());
  }
}
