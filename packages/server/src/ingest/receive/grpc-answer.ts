import type { ServerHttp2Stream, ServerStreamResponseOptions } from "node:http2";
import { constants } from "node:http2";
import { statusDetailsBin } from "@clew/protocol/otlp/response";
import type { Failure } from "./failure.ts";
import { GRPC_STATUS, sentence } from "./failure.ts";
import { ENCODINGS } from "./inflate.ts";

/** Raw, because that is the form that costs least; read only. */
const OK_HEADERS: readonly string[] = [":status", "200", "content-type", "application/grpc"];
/** gRPC has no use for a `date` header. */
type ResponseOptions = ServerStreamResponseOptions & { sendDate: boolean };
const OK_OPTIONS: ResponseOptions = { waitForTrailers: true, sendDate: false };
const FAILURE_OPTIONS: ResponseOptions = { endStream: true, sendDate: false };
const OK_TRAILERS = { "grpc-status": "0" };
const RESET_AFTER_MS = 1_000;
const PREFIX_BYTES = 5;
const EMPTY_MESSAGE = Buffer.alloc(PREFIX_BYTES);

/** gRPC's `identity` and every compression we inflate. */
export const ACCEPT_ENCODING = ["identity", ...ENCODINGS].join(",");

/** One message and status OK. The stream must be open. */
export function answerOk(stream: ServerHttp2Stream, message: Uint8Array): void {
  stream.on("wantTrailers", sendOkTrailers);
  stream.respond(OK_HEADERS, OK_OPTIONS);
  stream.end(message.length === 0 ? EMPTY_MESSAGE : framed(message));
}

/** Status and nothing else ("Trailers-Only"). What the client still sends is dropped. */
export function answerFailure(stream: ServerHttp2Stream, failed: Failure): void {
  const { code } = GRPC_STATUS[failed.grpc];
  const message = sentence(failed);
  const { retryAfterMs } = failed;
  stream.respond(
    {
      ":status": 200,
      "content-type": "application/grpc",
      "grpc-status": String(code),
      "grpc-message": percentEncode(message),
      ...(retryAfterMs !== undefined && {
        "grpc-status-details-bin": statusDetailsBin({ code, message, retryAfterMs }),
      }),
      ...(failed.reason === "unsupported_body" && { "grpc-accept-encoding": ACCEPT_ENCODING }),
    },
    FAILURE_OPTIONS,
  );
  stopReceiving(stream);
}

/** For a client that does not speak gRPC: plain HTTP. */
export function answerPlain(stream: ServerHttp2Stream, status: number, text: string): void {
  stream.respond({ ":status": status, "content-type": "text/plain; charset=utf-8" });
  stream.end(`${text}\n`);
  stopReceiving(stream);
}

/** Drops what still arrives. A reset at once could overtake the answer, so it waits for a client to stop by itself. */
function stopReceiving(stream: ServerHttp2Stream): void {
  if (stream.readableEnded) return;
  stream.resume();
  const timer = setTimeout(() => stream.close(constants.NGHTTP2_NO_ERROR), RESET_AFTER_MS);
  timer.unref();
  stream.once("close", () => clearTimeout(timer));
}

function sendOkTrailers(this: ServerHttp2Stream): void {
  this.sendTrailers(OK_TRAILERS);
}

function framed(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(PREFIX_BYTES + message.length);
  frame[0] = 0;
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, PREFIX_BYTES);
  return frame;
}

/** `Status-Message` of gRPC over HTTP/2: visible ASCII and spaces, anything else as %XX of its UTF-8. */
function percentEncode(text: string): string {
  return text.replace(/[^\x20-\x24\x26-\x7e]+/gu, (rest) =>
    Buffer.from(rest, "utf8").toString("hex").toUpperCase().replace(/../g, "%$&"),
  );
}
