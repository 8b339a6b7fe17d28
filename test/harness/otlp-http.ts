import { Agent, type IncomingHttpHeaders, request } from "node:http";
import type { Signal } from "@clew/protocol/signal";

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface HttpCall {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** HTTP without a library's opinions: any bytes under any headers, and whatever comes back. */
export class RawHttp {
  readonly #port: number;
  readonly #agent: Agent;

  constructor(port: number, connections = 8) {
    this.#port = port;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Rejects when no complete answer came. */
  call(body: Uint8Array | string, call: HttpCall = {}): Promise<HttpAnswer> {
    const { method = "POST", path = "/v1/traces", headers = {}, timeoutMs = 60_000 } = call;
    return new Promise((resolve, reject) => {
      const options = { host: "127.0.0.1", port: this.#port, agent: this.#agent, method, path };
      const sent = request({ ...options, headers, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
        const pieces: Buffer[] = [];
        response.on("data", (piece: Buffer) => pieces.push(piece));
        response.on("error", reject);
        response.on("aborted", () => reject(new Error("The answer broke off")));
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(pieces),
          }),
        );
      });
      sent.on("error", reject);
      sent.end(body);
    });
  }

  /** An OTLP request in protobuf. */
  send(signal: Signal, body: Uint8Array): Promise<HttpAnswer> {
    return this.call(body, {
      path: `/v1/${signal}`,
      headers: { "content-type": "application/x-protobuf" },
    });
  }

  sendJson(signal: Signal, body: string | Uint8Array): Promise<HttpAnswer> {
    return this.call(body, { path: `/v1/${signal}`, headers: { "content-type": "application/json" } });
  }

  close(): void {
    this.#agent.destroy();
  }
}
