import type { Server } from "node:http";
import { createServer } from "node:http";
import type { Socket } from "node:net";
import { statusBody } from "@clew/protocol/otlp/response";
import type { IngestEvents } from "../events.ts";
import type { Source } from "../intake.ts";
import { clip } from "./clip.ts";
import { GRPC_STATUS } from "./failure.ts";
import type { Ports } from "./hints.ts";
import { SPEAKS_TLS, speaksPlaintext, useHttpPort } from "./hints.ts";
import { encodingOf } from "./http-content.ts";
import { peerOf } from "./peer.ts";

/** TLS record: alert, fatal, handshake failure; understood by every version. */
const TLS_ALERT = Buffer.from([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x28]);
const LINGER_MS = 1_000;
const TIMEOUTS = { headersTimeout: 10_000, requestTimeout: 60_000, connectionsCheckingInterval: 2_000 };

/** Answers HTTP/1 on the port of gRPC: with a status that says where to send it. Does not listen itself. */
export function createHttp1Refuser(events: IngestEvents, ports: Ports): Server {
  const server = createServer(TIMEOUTS, (request, response) => {
    const contentType = clip(request.headers["content-type"]);
    const encoding = encodingOf(contentType);
    const source: Source = {
      protocol: `http/${encoding ?? "json"}`,
      peer: peerOf(request.socket),
      userAgent: clip(request.headers["user-agent"]),
      path: clip(request.url),
    };
    const message = "This port speaks OTLP/gRPC, not HTTP/1";
    const hint = useHttpPort(ports);
    events.refused({ source, code: 400, contentType, reason: "http_on_grpc", message, hint });
    const status = { code: GRPC_STATUS.INVALID_ARGUMENT.code, message: `${message}. ${hint}` };
    const body = encoding === undefined ? Buffer.from(`${status.message}\n`) : statusBody(status, encoding);
    response.writeHead(400, {
      "content-type": encoding === undefined ? "text/plain; charset=utf-8" : contentType,
      "content-length": String(body.length),
      connection: "close",
    });
    response.end(body);
    request.resume();
  });
  // A server that does not listen itself begins to keep its timeouts here.
  server.emit("listening");
  return server;
}

/** Turns away a client that begins TLS on a port without it. */
export function refuseTls(socket: Socket, kind: "grpc" | "http", events: IngestEvents): void {
  const message = "A client began TLS on a port that has none";
  report(socket, events, "tls_on_plaintext", message, speaksPlaintext(kind));
  linger(socket, TLS_ALERT);
}

/** Turns away a client that speaks plain HTTP on a port with TLS. */
export function refusePlaintext(socket: Socket, http1: boolean, events: IngestEvents): void {
  const message = "A client spoke plaintext on a port that has TLS";
  report(socket, events, "plaintext_on_tls", message, SPEAKS_TLS);
  const text = `${SPEAKS_TLS}\n`;
  const answer =
    "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\n" +
    `content-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`;
  linger(socket, http1 ? answer : "");
}

/** Turns away what is neither HTTP nor TLS. */
export function refuseGarbage(socket: Socket, events: IngestEvents): void {
  const message = "A client sent bytes that are neither HTTP nor TLS";
  report(socket, events, "not_http", message, "");
  linger(socket, "");
}

function report(socket: Socket, events: IngestEvents, reason: string, message: string, hint: string): void {
  const source = { protocol: "unknown", peer: peerOf(socket), userAgent: "", path: "" } as const;
  events.refused({ source, code: 400, reason, message, hint });
}

/** Says `last` and closes, but reads on for a moment: unread bytes would take the answer away with a reset. */
function linger(socket: Socket, last: string | Buffer): void {
  socket.on("error", () => socket.destroy());
  socket.on("end", () => socket.destroy());
  socket.resume();
  socket.end(last);
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}
