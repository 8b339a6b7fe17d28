import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { type Endpoint, nameOf } from "./endpoint.ts";
import { type Answer, type Poster, posterTo } from "./post.ts";

const compress = promisify(gzip);

/** An encoded request; endpoints share its bytes. */
export class Parcel {
  readonly body: Uint8Array;
  /** Spans in it. */
  readonly count: number;
  #gzipped: Promise<Uint8Array> | undefined;

  constructor(body: Uint8Array, count: number) {
    this.body = body;
    this.count = count;
  }

  /** Compressed once, in a thread of the pool, for all endpoints that want it so. */
  gzipped(): Promise<Uint8Array> {
    this.#gzipped ??= compress(this.body, { level: 1 });
    return this.#gzipped;
  }
}

/** Why spans did not arrive: among others because they can't be encoded. */
export type DropReason = "full" | "refused" | "rejected" | "closed" | "unfit";

export interface EndpointStats {
  /** Its URL without credentials and query. */
  readonly endpoint: string;
  readonly exported: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
  /** Spans that wait, those under way included. */
  readonly waiting: number;
}

/** Told of changes only: an endpoint that is away is one call of `onAway`, however long. */
export interface QueueEvents {
  onAway(endpoint: string, why: string): void;
  /** The first spans were dropped since the endpoint was last fine. */
  onDrop(endpoint: string, why: string): void;
  onBack(endpoint: string, dropped: number): void;
}

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;
const LONGEST_RETRY_AFTER_MS = 60_000;
const RETRYABLE = new Set([429, 502, 503, 504]);

/** What waits for one endpoint; sent one request after the other, tried again as OTLP says. Nothing here throws. */
export class EndpointQueue {
  readonly #endpoint: Endpoint;
  readonly #name: string;
  readonly #poster: Poster;
  readonly #events: QueueEvents;
  readonly #maxBytes: number;
  readonly #waiting: Parcel[] = [];
  readonly #dropped: Record<DropReason, number> = { full: 0, refused: 0, rejected: 0, closed: 0, unfit: 0 };
  #waitingBytes = 0;
  #waitingSpans = 0;
  #exported = 0;
  #failures = 0;
  #droppedSinceFine = 0;
  #sending: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(endpoint: Endpoint, maxBytes: number, events: QueueEvents) {
    this.#endpoint = endpoint;
    this.#name = nameOf(endpoint);
    this.#poster = posterTo(endpoint);
    this.#events = events;
    this.#maxBytes = maxBytes;
  }

  get stats(): EndpointStats {
    return {
      endpoint: this.#name,
      exported: this.#exported,
      dropped: { ...this.#dropped },
      waiting: this.#waitingSpans,
    };
  }

  put(parcel: Parcel): void {
    if (this.#isClosed) {
      this.#drop(parcel.count, "closed", "the gateway stops");
      return;
    }
    if (this.#waitingBytes + parcel.body.length > this.#maxBytes) {
      this.#drop(parcel.count, "full", "it does not keep up");
      return;
    }
    this.#waiting.push(parcel);
    this.#waitingBytes += parcel.body.length;
    this.#waitingSpans += parcel.count;
    if (this.#retry === undefined) void this.send();
  }

  /** Sends what waits, now; resolves when nothing waits or sending fails. */
  send(): Promise<void> {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
    return this.#sending;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    this.#poster.close();
    const left = this.#waitingSpans;
    this.#waiting.length = 0;
    this.#waitingBytes = 0;
    this.#waitingSpans = 0;
    if (left > 0) this.#drop(left, "closed", "the gateway stops");
  }

  async #sendAll(): Promise<void> {
    for (let parcel = this.#waiting[0]; parcel !== undefined; parcel = this.#waiting[0]) {
      const answer = await this.#post(parcel);
      if (this.#isClosed) return;
      if (typeof answer === "string") return this.#retryLater(answer, undefined);
      if (RETRYABLE.has(answer.status)) {
        return this.#retryLater(`it answered ${answer.status}`, answer.retryAfterMs);
      }
      this.#waiting.shift();
      this.#waitingBytes -= parcel.body.length;
      this.#waitingSpans -= parcel.count;
      if (answer.status >= 200 && answer.status < 300) this.#arrived(parcel.count, answer);
      else this.#drop(parcel.count, "refused", `it answered ${answer.status}`);
    }
  }

  /** The answer, or why there is none. */
  async #post(parcel: Parcel): Promise<Answer | string> {
    try {
      const { gzip } = this.#endpoint;
      return await this.#poster.post(gzip ? await parcel.gzipped() : parcel.body, gzip);
    } catch (error) {
      const { code, message } = error as Error & { code?: string };
      return code ?? message;
    }
  }

  #arrived(count: number, { rejected, message }: Answer): void {
    this.#exported += Math.max(0, count - rejected);
    if (this.#failures > 0 || (this.#droppedSinceFine > 0 && rejected === 0)) {
      this.#events.onBack(this.#name, this.#droppedSinceFine);
      this.#droppedSinceFine = 0;
    }
    this.#failures = 0;
    if (rejected > 0) this.#drop(Math.min(rejected, count), "rejected", message);
  }

  #drop(count: number, reason: DropReason, why: string): void {
    this.#dropped[reason] += count;
    if (this.#droppedSinceFine === 0) this.#events.onDrop(this.#name, why);
    this.#droppedSinceFine += count;
  }

  /** Doubles with every failure; the endpoint's own wish goes first. Spread out, so that gateways do not march in step. */
  #retryLater(why: string, askedMs: number | undefined): void {
    if (this.#failures === 0) this.#events.onAway(this.#name, why);
    this.#failures += 1;
    const most = Math.min(FIRST_RETRY_MS * 2 ** (this.#failures - 1), LONGEST_RETRY_MS);
    const delayMs =
      askedMs === undefined ? most * (0.5 + Math.random() / 2) : Math.min(askedMs, LONGEST_RETRY_AFTER_MS);
    this.#retry = setTimeout(() => void this.send(), delayMs).unref();
  }
}
