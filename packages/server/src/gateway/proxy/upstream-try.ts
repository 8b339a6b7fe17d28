import type { ClientRequest, IncomingMessage } from "node:http";
import type { UpstreamPool } from "./upstream-pool.ts";

/** Why an upstream gave no answer. */
export interface TryFailure {
  /** `error.type` of the span. */
  readonly type:
    | "connect_error"
    | "connect_timeout"
    | "timeout"
    | "connection_reset"
    | "invalid_answer"
    | "upstream_busy"
    | "cancelled";
  /** For people; without addresses' credentials. */
  readonly message: string;
  /** The upstream can't have begun with it. */
  readonly isUnsent: boolean;
  /** A connection that was kept had been closed meanwhile, as upstreams may at any time. */
  readonly isStale: boolean;
}

export interface TryRequest {
  readonly pool: UpstreamPool;
  readonly method: string;
  readonly path: string;
  readonly headers: string[];
  /** Sent at once. */
  readonly body: readonly Uint8Array[];
  /** Sent after that, as it comes. */
  readonly rest: IncomingMessage | undefined;
}

/** One request to an upstream, until the head of its answer. */
export class UpstreamTry {
  readonly answer: Promise<IncomingMessage | TryFailure>;
  readonly #request: ClientRequest;
  readonly #pool: UpstreamPool;
  #settle: (result: IncomingMessage | TryFailure) => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;
  #isConnected = false;

  constructor({ pool, method, path, headers, body, rest }: TryRequest) {
    this.#pool = pool;
    pool.active += 1;
    this.answer = new Promise((resolve) => {
      this.#settle = resolve;
    });
    const { connectTimeoutMs, timeoutMs } = pool.upstream;
    const request = pool.request(method, path, headers);
    this.#request = request;
    request.once("socket", (socket) => {
      if (!socket.connecting) {
        this.#connected(timeoutMs);
        return;
      }
      this.#timer = setTimeout(() => {
        this.#fail("connect_timeout", `no connection within ${connectTimeoutMs} ms`);
      }, connectTimeoutMs);
      const secure = "encrypted" in socket;
      socket.once(secure ? "secureConnect" : "connect", () => this.#connected(timeoutMs));
    });
    request.once("response", (response) => {
      clearTimeout(this.#timer);
      this.#settle(response);
    });
    request.on("error", (error: NodeJS.ErrnoException) => this.#onError(error));
    request.once("close", () => {
      pool.active -= 1;
      clearTimeout(this.#timer);
    });
    if (rest === undefined) {
      request.end(body.length > 1 ? Buffer.concat(body) : body[0]);
      return;
    }
    for (const chunk of body) request.write(chunk);
    rest.pipe(request);
  }

  /** Ends it, wherever it is. */
  cancel(): void {
    this.#fail("cancelled", "the client left");
  }

  /** After the head: the connection can't be used again. */
  destroy(): void {
    this.#request.destroy();
  }

  #connected(timeoutMs: number): void {
    clearTimeout(this.#timer);
    this.#isConnected = true;
    if (this.#request.destroyed) return;
    this.#timer = setTimeout(() => {
      this.#fail("timeout", `no answer within ${timeoutMs} ms`);
    }, timeoutMs);
  }

  #onError(error: NodeJS.ErrnoException): void {
    const code = error.code ?? "error";
    if (!this.#isConnected) this.#fail("connect_error", `no connection: ${code}`);
    else if (code.startsWith("HPE_")) this.#fail("invalid_answer", `its answer is no HTTP: ${code}`);
    else this.#fail("connection_reset", `the connection broke before the answer: ${code}`);
  }

  #fail(type: TryFailure["type"], message: string): void {
    clearTimeout(this.#timer);
    const isStale = type === "connection_reset" && this.#request.reusedSocket;
    const text = `${this.#pool.upstream.name}: ${message}`;
    this.#settle({ type, message: text, isUnsent: !this.#isConnected, isStale });
    this.#request.destroy();
  }
}
