import { type Answer, Connection } from "./connection.ts";

/** A request that is to be sent, as it can be handed to another thread. */
export interface Parcel {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
  /** Records in it. */
  readonly count: number;
}

/** Takes parcels, and sees to it that they arrive. */
export interface ParcelSink {
  /** True while what is taken does not arrive. */
  readonly failing: boolean;
  /** What has not been acknowledged, oldest first. */
  readonly unsent: readonly Parcel[];
  /** Takes a parcel, or drops it where too much waits already. With `keep` it is not sent yet. */
  put(parcel: Parcel, keep?: boolean): void;
  /** Sends what waits, now; resolves when nothing waits or sending fails. */
  send(): Promise<void>;
  /** Does `work` when it is time to send what was collected. Returns what calls it off. */
  schedule(work: () => void): () => void;
}

/** How long a record waits for others. */
const DELAY_MS = 250;
/** Bytes that may wait for a collector that is away. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;
const LONGEST_RETRY_AFTER_MS = 60_000;
const RETRYABLE = new Set([429, 502, 503, 504]);

/** Posts parcels one after the other and tries again as OTLP says. It never throws and keeps no process running. */
export class Outbox implements ParcelSink {
  readonly #waiting: Parcel[] = [];
  readonly #connections = new Map<string, Connection>();
  readonly #connect: (url: URL) => Connection;
  readonly #onLost: (count: number, why: string) => void;
  #waitingBytes = 0;
  #sending: Promise<void> | undefined;
  #failures = 0;
  #retry: NodeJS.Timeout | undefined;

  /** `onLost` is told how many records will never arrive. */
  constructor(onLost: (count: number, why: string) => void, connect = (url: URL) => new Connection(url)) {
    this.#onLost = onLost;
    this.#connect = connect;
  }

  get failing(): boolean {
    return this.#failures > 0;
  }

  get unsent(): readonly Parcel[] {
    return this.#waiting;
  }

  put(parcel: Parcel, keep = false): void {
    if (this.#waitingBytes + parcel.body.length > MAX_WAITING_BYTES) {
      this.#onLost(parcel.count, "the collector does not keep up");
      return;
    }
    this.#waiting.push(parcel);
    this.#waitingBytes += parcel.body.length;
    if (!keep && this.#retry === undefined) void this.send();
  }

  send(): Promise<void> {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
    return this.#sending;
  }

  schedule(work: () => void): () => void {
    const timer = setTimeout(work, DELAY_MS).unref();
    return () => clearTimeout(timer);
  }

  async #sendAll(): Promise<void> {
    for (let parcel = this.#waiting[0]; parcel !== undefined; parcel = this.#waiting[0]) {
      const answer = await this.#post(parcel);
      if (answer === undefined || RETRYABLE.has(answer.status)) {
        this.#failures += 1;
        this.#retryIn(this.#delayMs(answer?.retryAfter ?? ""));
        return;
      }
      this.#failures = answer.status < 300 ? 0 : this.#failures + 1;
      this.#waiting.shift();
      this.#waitingBytes -= parcel.body.length;
      if (answer.status >= 300) this.#onLost(parcel.count, `the collector answered ${answer.status}`);
    }
  }

  async #post({ url, headers, body }: Parcel): Promise<Answer | undefined> {
    try {
      const { origin, pathname, search } = new URL(url);
      let connection = this.#connections.get(origin);
      if (connection === undefined) {
        connection = this.#connect(new URL(origin));
        this.#connections.set(origin, connection);
      }
      return await connection.post(pathname + search, headers, body);
    } catch {
      return undefined;
    }
  }

  #retryIn(ms: number): void {
    this.#retry = setTimeout(() => void this.send(), ms).unref();
  }

  /** Doubles with every failure; the server's own wish goes first. Spread out, so that agents do not march in step. */
  #delayMs(retryAfter: string): number {
    const asked = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - Date.now();
    if (asked > 0) return Math.min(asked, LONGEST_RETRY_AFTER_MS);
    const most = Math.min(FIRST_RETRY_MS * 2 ** (this.#failures - 1), LONGEST_RETRY_MS);
    return most * (0.5 + Math.random() / 2);
  }
}
