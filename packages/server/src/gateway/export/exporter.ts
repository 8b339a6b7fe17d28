import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "../../log.ts";
import type { FinishedSpan } from "../spans/finished-span.ts";
import type { Endpoint } from "./endpoint.ts";
import { EndpointQueue, type EndpointStats, Parcel } from "./endpoint-queue.ts";
import { SpanBatch } from "./span-batch.ts";
import type { SpanSink } from "./span-sink.ts";

export interface ExporterOptions {
  readonly endpoints: readonly Endpoint[];
  readonly logger: Logger;
  /** How long a span waits for others. */
  readonly delayMs?: number | undefined;
  /** Encoded spans that may wait for each endpoint. Endpoints share bytes that all of them wait for. */
  readonly maxWaitingBytes?: number | undefined;
}

const MAX_BATCH_SPANS = 512;
const MAX_BATCH_BYTES = 1024 * 1024;

/** Sends spans to all endpoints at once; one that is slow or away holds up neither requests nor the others. */
export class Exporter implements SpanSink {
  readonly #queues: readonly EndpointQueue[];
  readonly #logger: Logger;
  readonly #delayMs: number;
  #batch = new SpanBatch();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  #unfit = 0;

  constructor(options: ExporterOptions) {
    const { endpoints, logger, delayMs = 250, maxWaitingBytes = 16 * 1024 * 1024 } = options;
    this.#logger = logger;
    this.#delayMs = delayMs;
    this.#queues = endpoints.map(
      (endpoint) =>
        new EndpointQueue(endpoint, maxWaitingBytes, {
          onAway: (name, why) =>
            logger.warn({ endpoint: name, why }, "Spans can't be sent; they wait, requests go on"),
          onDrop: (name, why) => logger.warn({ endpoint: name, why }, "Spans are dropped; requests go on"),
          onBack: (name, dropped) => logger.info({ endpoint: name, dropped }, "Spans are sent again"),
        }),
    );
  }

  get stats(): readonly EndpointStats[] {
    return this.#queues.map(({ stats }) => ({ ...stats, dropped: { ...stats.dropped, unfit: this.#unfit } }));
  }

  add({ resource, scope, span }: FinishedSpan): void {
    if (this.#isClosed || this.#queues.length === 0) return;
    try {
      this.#batch.add(resource, scope, span);
    } catch (error) {
      this.#unfit += 1;
      if (this.#unfit === 1) this.#logger.warn({ error }, "A span can't be encoded and is dropped");
      return;
    }
    if (this.#batch.count >= MAX_BATCH_SPANS || this.#batch.bytes >= MAX_BATCH_BYTES) this.#send();
    else this.#timer ??= setTimeout(() => this.#send(), this.#delayMs).unref();
  }

  async flush(timeoutMs: number): Promise<void> {
    this.#send();
    const sent = Promise.all(this.#queues.map((queue) => queue.send()));
    const waiting = new AbortController();
    await Promise.race([
      sent,
      delay(timeoutMs, undefined, { signal: waiting.signal }).catch(() => undefined),
    ]);
    waiting.abort();
  }

  async close(timeoutMs: number): Promise<void> {
    await this.flush(timeoutMs);
    this.#isClosed = true;
    for (const queue of this.#queues) queue.close();
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#batch.count === 0) return;
    const parcel = new Parcel(this.#batch.finish(), this.#batch.count);
    this.#batch = new SpanBatch();
    for (const queue of this.#queues) queue.put(parcel);
  }
}
