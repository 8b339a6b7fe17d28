import type { Server as Http1Server } from "node:http";
import type { Http2Server } from "node:http2";
import type { Socket } from "node:net";
import type { IngestEvents } from "../events.ts";
import type { Intake } from "../intake.ts";
import { BodyPool } from "./body-pool.ts";
import { Cors } from "./cors.ts";
import { GrpcReceiver } from "./grpc.ts";
import type { Ports } from "./hints.ts";
import { HttpReceiver } from "./http.ts";
import { Inflater } from "./inflate.ts";
import { ReceiveBudget } from "./receive-budget.ts";
import type { ReceiverLog } from "./receiver-log.ts";
import type { TlsFiles } from "./receiver-port.ts";
import { ReceiverPort } from "./receiver-port.ts";
import type { Opening } from "./sniff.ts";
import { bearerToken } from "./token.ts";
import { createHttp1Refuser, refuseGarbage, refuseTls } from "./wrong-port.ts";

export interface ReceiversOptions {
  readonly host: string;
  /** 0 picks a free one, as with `httpPort`. */
  readonly grpcPort: number;
  readonly httpPort: number;
  /** What clients must present as `Authorization: Bearer`; absent when everybody may send. */
  readonly token?: string | undefined;
  /** Both ports then speak TLS. */
  readonly tls?: TlsFiles | undefined;
  /** Origins of web pages that may send, or `*`. */
  readonly cors?: readonly string[] | undefined;
  /** Largest request, after decompression. */
  readonly maxBodyBytes: number;
  readonly intake: Intake;
  readonly events: IngestEvents;
  readonly log: ReceiverLog;
}

export interface Receivers {
  readonly grpcPort: number;
  readonly httpPort: number;
  /** Takes nothing new, waits for requests under way at most `timeoutMs`, then closes every connection. */
  drain(timeoutMs: number): Promise<void>;
  /** The same without waiting. */
  close(): Promise<void>;
}

const LEAST_BUDGET_BYTES = 128 * 1024 * 1024;

/** OTLP/gRPC, OTLP/HTTP and Zipkin on two ports. Rejects with `PortTaken` or `ListenFailed`; then neither is open. */
export async function startReceivers(options: ReceiversOptions): Promise<Receivers> {
  const { host, tls, events, intake, log, maxBodyBytes } = options;
  const ports: Ports = { grpc: options.grpcPort, http: options.httpPort };
  const shared = {
    ...{ intake, events, log, maxBodyBytes, ports },
    budget: new ReceiveBudget(Math.max(2 * maxBodyBytes, LEAST_BUDGET_BYTES)),
    inflater: new Inflater(maxBodyBytes),
    pool: new BodyPool(),
    authorize: bearerToken(options.token),
    cors: new Cors(options.cors ?? []),
  };
  const grpc = new GrpcReceiver(shared);
  const http = new HttpReceiver(shared);
  const refuser = createHttp1Refuser(events, ports);

  const grpcListener = new ReceiverPort({
    ...{ tls, events, setting: "--grpc-port or CLEW_GRPC_PORT" },
    connect(opening, socket) {
      if (opening === "http2") passToHttp2(grpc.server, socket);
      else if (opening === "http1") passToHttp1(refuser, socket);
      else refuse(opening, socket, "grpc", events);
    },
  });
  const httpListener = new ReceiverPort({
    ...{ tls, events, setting: "--http-port or CLEW_HTTP_PORT" },
    connect(opening, socket) {
      if (opening === "http1") passToHttp1(http.http1, socket);
      else if (opening === "http2") passToHttp2(http.http2, socket);
      else refuse(opening, socket, "http", events);
    },
  });

  const drain = async (timeoutMs: number) => {
    grpcListener.stopListening();
    httpListener.stopListening();
    await Promise.all([grpc.drain(timeoutMs), http.drain(timeoutMs)]);
    refuser.close();
    grpcListener.closeConnections();
    httpListener.closeConnections();
  };
  try {
    ports.grpc = await grpcListener.listen(host, options.grpcPort);
    ports.http = await httpListener.listen(host, options.httpPort);
  } catch (error) {
    await drain(0);
    throw error;
  }
  return { grpcPort: ports.grpc, httpPort: ports.http, drain, close: () => drain(0) };
}

function passToHttp1(server: Http1Server, socket: Socket): void {
  server.emit("connection", socket);
  socket.resume();
}

function passToHttp2(server: Http2Server, socket: Socket): void {
  // HTTP/2 has no half-closed connections: a client that closes has gone.
  socket.allowHalfOpen = false;
  server.emit("connection", socket);
}

function refuse(opening: Opening, socket: Socket, kind: "grpc" | "http", events: IngestEvents): void {
  if (opening === "tls") refuseTls(socket, kind, events);
  else refuseGarbage(socket, events);
}
