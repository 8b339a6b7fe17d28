import type { Signal } from "@clew/protocol/signal";
import type { NumberedRequest } from "./numbered-load.ts";
import { RawGrpc } from "./otlp-grpc.ts";
import { RawHttp } from "./otlp-http.ts";
import type { Ports } from "./server-process.ts";

/** What a sender knows about a request after it was sent. */
export type Outcome = "acknowledged" | "refused" | "unknown";

/** Sends requests over both protocols in turn and remembers which were acknowledged. */
export class Sender implements Disposable {
  /** In the order of their acknowledgement. */
  readonly acknowledged: NumberedRequest[] = [];
  /** Sent, but the answer was a refusal or none. */
  open: NumberedRequest[] = [];
  /** Status and count of every refusal, e.g. `http 503`. */
  readonly refusals = new Map<string, number>();
  #http: RawHttp;
  #grpc: RawGrpc;
  #turn = 0;

  constructor(ports: Ports) {
    this.#http = new RawHttp(ports.http);
    this.#grpc = new RawGrpc(ports.grpc);
  }

  /** Goes on with a server that listens elsewhere. */
  moveTo(ports: Ports): void {
    this[Symbol.dispose]();
    this.#http = new RawHttp(ports.http);
    this.#grpc = new RawGrpc(ports.grpc);
  }

  async send(request: NumberedRequest): Promise<Outcome> {
    const outcome = await this.#send(request);
    if (outcome === "acknowledged") this.acknowledged.push(request);
    else this.open.push(request);
    return outcome;
  }

  /** Sends again, byte for byte, what has not been acknowledged, as exporters do. */
  async retryOpen(): Promise<void> {
    const retried = this.open;
    this.open = [];
    for (const request of retried) await this.send(request);
  }

  /** Records acknowledged so far. */
  count(signal: Signal): number {
    return this.acknowledged.reduce((sum, each) => sum + (each.signal === signal ? each.count : 0), 0);
  }

  [Symbol.dispose](): void {
    this.#http.close();
    this.#grpc.close();
  }

  async #send({ signal, bytes }: NumberedRequest): Promise<Outcome> {
    try {
      if (this.#turn++ % 2 === 0) {
        const { status } = await this.#http.send(signal, bytes);
        return status === 200 ? "acknowledged" : this.#refused(`http ${status}`);
      }
      const { status } = await this.#grpc.send(signal, bytes);
      return status === 0 ? "acknowledged" : this.#refused(`grpc ${status}`);
    } catch {
      return "unknown";
    }
  }

  #refused(status: string): Outcome {
    this.refusals.set(status, (this.refusals.get(status) ?? 0) + 1);
    return "refused";
  }
}
