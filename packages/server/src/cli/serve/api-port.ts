import { createServer as createHttpServer, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { MAX_HEAD_BYTES } from "../../http/head-size.ts";
import { ListenFailed, PortTaken } from "../../ingest/errors.ts";
import type { TlsFiles } from "../../ingest/receive/receiver-port.ts";

export interface ApiPort {
  readonly port: number;
  /** Ends streams that never end by themselves; waits for other answers under way at most `timeoutMs`. */
  close(timeoutMs: number): Promise<void>;
}

export interface ApiPortOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly tls: TlsFiles | undefined;
  readonly fetch: (request: Request) => Response | Promise<Response>;
}

/** A client that is busy for some seconds must not write to a connection that is just being closed. */
const KEEP_ALIVE_MS = 75_000;
/** How soon a connection is closed that becomes idle at the end. */
const IDLE_POLL_MS = 20;

/** Rejects with `PortTaken` or `ListenFailed`. */
export async function listenApi({ host, port, tls, fetch }: ApiPortOptions): Promise<ApiPort> {
  const listener = getRequestListener((request) => fetch(request), { overrideGlobalObjects: false });
  let isClosing = false;
  const onRequest = (...[request, response]: Parameters<typeof listener>): void => {
    // Who asks again and again would keep its connection, and with it the server, for as long as it may.
    if (isClosing) response.setHeader("connection", "close");
    void listener(request, response);
  };
  const options = { maxHeaderSize: MAX_HEAD_BYTES };
  const server: Server =
    tls === undefined
      ? createHttpServer(options, onRequest)
      : createHttpsServer({ ...options, ...tls }, onRequest);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once("listening", resolve).once("error", (cause: NodeJS.ErrnoException) => {
      if (cause.code !== "EADDRINUSE") return reject(new ListenFailed(host, port, { cause }));
      reject(new PortTaken(port, "--api-port or CLEW_API_PORT", "another Clew server", { cause }));
    });
    server.listen(port, host);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: (timeoutMs) =>
      new Promise((resolve) => {
        isClosing = true;
        const timer = setTimeout(() => server.closeAllConnections(), timeoutMs);
        const idle = setInterval(() => server.closeIdleConnections(), IDLE_POLL_MS);
        server.close(() => {
          clearTimeout(timer);
          clearInterval(idle);
          resolve();
        });
      }),
  };
}
