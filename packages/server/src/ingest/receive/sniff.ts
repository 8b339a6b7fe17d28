import type { Socket } from "node:net";

/** What the first bytes of a connection are. */
export type Opening = "tls" | "http1" | "http2" | "garbage";

/** How long a client may take for its first bytes, and for its TLS handshake. */
export const OPENING_TIMEOUT_MS = 10_000;

/** `PRI `, the start of HTTP/2's preface; no method of HTTP/1 begins so. */
const HTTP2 = Buffer.from("PRI ");
const TLS_HANDSHAKE = 0x16;
const TLS_MAJOR_VERSION = 0x03;

/** Undefined while the bytes may still become one or another. */
export function openingOf(bytes: Uint8Array): Opening | undefined {
  const first = bytes[0];
  if (first === undefined) return undefined;
  if (first === TLS_HANDSHAKE) {
    if (bytes.length < 2) return undefined;
    return bytes[1] === TLS_MAJOR_VERSION ? "tls" : "garbage";
  }
  // Methods are tokens; those in use are upper-case letters.
  if (first < 0x41 || first > 0x5a) return "garbage";
  const compared = Math.min(bytes.length, HTTP2.length);
  if (HTTP2.compare(bytes, 0, compared, 0, compared) !== 0) return "http1";
  return compared === HTTP2.length ? "http2" : undefined;
}

/**
 * Looks at what a client says first, puts it back, and calls `decided` with the socket paused. A client that
 * stays silent is disconnected.
 */
export function sniff(
  socket: Socket,
  decided: (opening: Opening) => void,
  timeoutMs: number = OPENING_TIMEOUT_MS,
): void {
  let seen: Buffer | undefined;
  const onData = (bytes: Buffer) => {
    seen = seen === undefined ? bytes : Buffer.concat([seen, bytes]);
    const opening = openingOf(seen);
    if (opening === undefined) return;
    stop();
    socket.pause();
    socket.unshift(seen);
    decided(opening);
  };
  const onEnd = () => socket.destroy();
  const onError = () => socket.destroy();
  const timer = setTimeout(() => socket.destroy(), timeoutMs);
  const stop = () => {
    clearTimeout(timer);
    socket.off("data", onData).off("end", onEnd).off("close", stop).off("error", onError);
  };
  socket.on("data", onData).on("end", onEnd).on("close", stop).on("error", onError);
}
