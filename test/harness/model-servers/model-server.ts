import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** A request that a fake model provider got. */
export interface ModelRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: whatever an SDK sends
  readonly body: any;
}

/** What a fake provider answers: a body, or events of a stream. */
export type ModelAnswer =
  | { readonly status: number; readonly body: unknown; readonly headers?: Record<string, string> }
  | { readonly events: Iterable<StreamEvent>; readonly delayMs?: number };

/** One server-sent event; without a name it is only data. */
export interface StreamEvent {
  readonly event?: string;
  readonly data: unknown;
}

/** The name of a model that makes a provider close the connection instead of answering. */
export const HANGS_UP = "hangs-up";
/** The name of a model that never answers. */
export const NEVER_ANSWERS = "never-answers";

/** Serves one provider's protocol on a free port of this machine, and keeps what it was asked. */
export class ModelServer implements AsyncDisposable {
  readonly requests: ModelRequest[] = [];
  readonly #server;

  private constructor(answer: (request: ModelRequest) => ModelAnswer) {
    this.#server = createServer((request, response) => {
      this.#serve(request, response, answer).catch(() => response.destroy());
    });
  }

  static async start(answer: (request: ModelRequest) => ModelAnswer): Promise<ModelServer> {
    const server = new ModelServer(answer);
    server.#server.listen(0, "127.0.0.1");
    await once(server.#server, "listening");
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #serve(
    request: IncomingMessage,
    response: ServerResponse,
    answer: (request: ModelRequest) => ModelAnswer,
  ): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const text = Buffer.concat(pieces).toString();
    const asked = {
      path: request.url ?? "",
      headers: request.headers,
      body: text === "" ? {} : JSON.parse(text),
    };
    this.requests.push(asked);
    const said = JSON.stringify([asked.path, asked.body.model]);
    if (said.includes(HANGS_UP)) {
      response.destroy();
      return;
    }
    if (said.includes(NEVER_ANSWERS)) return;
    const given = answer(asked);
    if ("body" in given) {
      response.writeHead(given.status, { "content-type": "application/json", ...given.headers });
      response.end(JSON.stringify(given.body));
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const { event, data } of given.events) {
      if (response.destroyed) return;
      const name = event === undefined ? "" : `event: ${event}\n`;
      response.write(`${name}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`);
      if (given.delayMs !== undefined) await delay(given.delayMs);
    }
    response.end();
  }
}
