import type { BroadcastChannel } from "node:worker_threads";
import { workerThreads } from "../threads.ts";
import type { Parcel, ParcelSink } from "./outbox.ts";
import type { ThreadLink, ThreadMessage } from "./thread-link.ts";

/** Bytes that may wait for a thread that is busy. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

/**
 * Has the thread that made this one send: a thread can be stopped at any moment, and sleeps where a pool has it wait
 * for its next task. What is posted arrives all the same.
 */
export class ParentThread implements ParcelSink {
  readonly failing = false;
  readonly unsent: readonly Parcel[] = [];
  readonly #channel: BroadcastChannel;
  readonly #waiting: Int32Array;
  readonly #onLost: (count: number, why: string) => void;

  constructor({ channel, waiting }: ThreadLink, onLost: (count: number, why: string) => void) {
    const { BroadcastChannel } = workerThreads();
    this.#channel = new BroadcastChannel(channel);
    this.#channel.unref();
    this.#waiting = new Int32Array(waiting);
    this.#onLost = onLost;
  }

  put(parcel: Parcel): void {
    const isPosted = this.#post({ parcel: alone(parcel), bytes: parcel.body.length });
    if (!isPosted) this.#onLost(parcel.count, "the thread that sends does not keep up");
  }

  async send(): Promise<void> {}

  /** As soon as what runs now is done: a thread may not get to a timer any more. */
  schedule(work: () => void): () => void {
    let isWanted = true;
    queueMicrotask(() => {
      if (isWanted) work();
    });
    return () => {
      isWanted = false;
    };
  }

  /** Tells which spans are open, and which are no more. */
  tell(opened: readonly (readonly [string, Parcel])[], closed: readonly string[]): void {
    const bytes = opened.reduce((sum, [, { body }]) => sum + body.length, 0);
    this.#post({ opened: opened.map(([id, parcel]) => [id, alone(parcel)] as const), closed, bytes });
  }

  #post(message: ThreadMessage): boolean {
    if (Atomics.load(this.#waiting, 0) + message.bytes > MAX_WAITING_BYTES) return false;
    Atomics.add(this.#waiting, 0, message.bytes);
    this.#channel.postMessage(message);
    return true;
  }
}

/** A view of a larger buffer would be posted with all of it. */
function alone(parcel: Parcel): Parcel {
  return { ...parcel, body: parcel.body.slice() };
}
