import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers every request with nothing, and keeps the headers of the last one by its path. */
export class HeaderServer implements AsyncDisposable {
  readonly received = new Map<string, IncomingHttpHeaders>();
  readonly #server: Server = createServer((request, response) => {
    this.received.set(request.url ?? "", request.headers);
    response.end();
  });

  static async start(): Promise<HeaderServer> {
    const made = new HeaderServer();
    made.#server.listen(0, "127.0.0.1");
    await once(made.#server, "listening");
    return made;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}
