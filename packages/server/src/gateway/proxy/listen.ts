import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Listener } from "../config/gateway-config.ts";
import { GatewayListenFailed, GatewayPortTaken } from "./errors.ts";

export interface OpenListener {
  readonly listener: Listener;
  /** As a program on the same machine reaches it. */
  readonly url: string;
  /** Reads certificate and key anew, for connections to come. Throws when they can't be used. */
  renewTls(listener: Listener): void;
  /** No new connection; resolves when the requests under way are done, which are cut off after `timeoutMs`. */
  close(timeoutMs: number): Promise<void>;
}

/** Clients keep connections for a minute; the one who closes first must not be the gateway. */
const KEEP_ALIVE_MS = 75_000;
const MAX_HEAD_BYTES = 64 * 1024;
const IDLE_POLL_MS = 20;

/** Rejects with `GatewayPortTaken` or `GatewayListenFailed`. */
export async function listen(
  listener: Listener,
  handle: (request: http.IncomingMessage, response: http.ServerResponse) => void,
): Promise<OpenListener> {
  const { host, port, tls } = listener;
  let server: http.Server | https.Server;
  try {
    const options = { maxHeaderSize: MAX_HEAD_BYTES, keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 };
    server =
      tls === undefined
        ? http.createServer(options, handle)
        : https.createServer({ ...options, ...filesOf(tls) }, handle);
  } catch (error) {
    throw new GatewayListenFailed(`${host}:${port}`, { cause: error });
  }
  const unused = unusedConnections(server);
  await new Promise<void>((resolve, reject) => {
    server.once("listening", resolve).once("error", (cause: NodeJS.ErrnoException) => {
      reject(
        cause.code === "EADDRINUSE"
          ? new GatewayPortTaken(host, port, { cause })
          : new GatewayListenFailed(`${host}:${port}`, { cause }),
      );
    });
    server.listen(port, host);
  });
  const { port: opened } = server.address() as AddressInfo;
  return {
    listener,
    url: `${tls === undefined ? "http" : "https"}://${localName(host)}:${opened}`,
    renewTls: (next) => {
      if (next.tls !== undefined && "setSecureContext" in server) server.setSecureContext(filesOf(next.tls));
    },
    close: (timeoutMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), timeoutMs);
        const idle = setInterval(() => {
          server.closeIdleConnections();
          for (const socket of unused) socket.destroy();
        }, IDLE_POLL_MS);
        server.close(() => {
          clearTimeout(timer);
          clearInterval(idle);
          resolve();
        });
      }),
  };
}

/** Connections that no request has come on yet, as clients open in advance: to `node:http` they are not idle. */
function unusedConnections(server: http.Server | https.Server): ReadonlySet<Socket> {
  const unused = new Set<Socket>();
  const isTls = server instanceof https.Server;
  server.on(isTls ? "secureConnection" : "connection", (socket: Socket) => {
    unused.add(socket);
    socket.once("close", () => unused.delete(socket));
  });
  server.prependListener("request", ({ socket }) => unused.delete(socket));
  return unused;
}

function filesOf({ cert, key }: { readonly cert: string; readonly key: string }) {
  return { cert: readFileSync(cert), key: readFileSync(key) };
}

function localName(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}
