import type { AddressInfo, Server, Socket } from "node:net";
import { createServer } from "node:net";
import type { TLSSocket } from "node:tls";
import { createServer as createTlsServer } from "node:tls";
import { ListenFailed, PortTaken } from "../errors.ts";
import type { IngestEvents } from "../events.ts";
import { peerOf } from "./peer.ts";
import type { Opening } from "./sniff.ts";
import { OPENING_TIMEOUT_MS, sniff } from "./sniff.ts";
import { refusePlaintext } from "./wrong-port.ts";

/** PEM texts. */
export interface TlsFiles {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

export interface ReceiverPortOptions {
  /** How people know the port's setting, e.g. `--grpc-port or CLEW_GRPC_PORT`. */
  readonly setting: string;
  readonly tls?: TlsFiles | undefined;
  readonly events: IngestEvents;
  /** Takes a connection, paused, whose first bytes are as told. */
  readonly connect: (opening: Opening, socket: Socket) => void;
}

/** A client may close its half when it has sent its request; one that is gone without a word is noticed. */
const SOCKET_OPTIONS = { noDelay: true, allowHalfOpen: true, keepAlive: true, keepAliveInitialDelay: 60_000 };

/** One listening port: looks at what each client says first, undoes TLS, and passes the connection on. */
export class ReceiverPort {
  readonly #options: ReceiverPortOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(options: ReceiverPortOptions) {
    this.#options = options;
    const tls = options.tls && this.#tls(options.tls);
    this.#server = createServer(SOCKET_OPTIONS, (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      // A connection that breaks is closed; whoever uses it at that moment hears of it too.
      socket.on("error", () => undefined);
      sniff(socket, tls === undefined ? (opening) => options.connect(opening, socket) : tls(socket));
    });
  }

  /** Resolves with the port. Rejects with `PortTaken` or `ListenFailed`. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const onError = (cause: NodeJS.ErrnoException) => {
        if (cause.code !== "EADDRINUSE") return reject(new ListenFailed(host, port, { cause }));
        const holder = "another Clew, an OpenTelemetry Collector or Jaeger";
        reject(new PortTaken(port, this.#options.setting, holder, { cause }));
      };
      this.#server.once("error", onError);
      this.#server.listen({ host, port }, () => {
        this.#server.off("error", onError);
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  /** Takes no more connections; those that exist go on. */
  stopListening(): void {
    this.#server.close();
  }

  closeConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** What to do with each opening on a port with TLS. */
  #tls({ cert, key }: TlsFiles): (socket: Socket) => (opening: Opening) => void {
    const { connect, events } = this.#options;
    const server = createTlsServer({
      cert,
      key,
      ALPNProtocols: ["h2", "http/1.1"],
      handshakeTimeout: OPENING_TIMEOUT_MS,
      minVersion: "TLSv1.2",
    });
    server.on("secureConnection", (socket) => sniff(socket, (opening) => connect(opening, socket)));
    server.on("tlsClientError", (error, socket: TLSSocket) => {
      const source = { protocol: "unknown", peer: peerOf(socket), userAgent: "", path: "" } as const;
      const message = `The TLS handshake failed: ${error.message}`;
      const hint = "The client must trust this server's certificate: see OTEL_EXPORTER_OTLP_CERTIFICATE";
      events.refused({ source, code: 400, reason: "tls_failed", message, hint });
      socket.destroy();
    });
    return (socket) => (opening) => {
      if (opening === "tls") server.emit("connection", socket);
      else refusePlaintext(socket, opening === "http1", events);
    };
  }
}
