import type { BroadcastChannel, MessagePort } from "node:worker_threads";
import { workerThreads } from "../threads.ts";
import type { Parcel } from "./outbox.ts";
import type { ThreadLink, ThreadMessage } from "./thread-link.ts";

/** The threads that this one has made, and what they have not told themselves. */
export class ChildThreads {
  readonly #service: string;
  readonly #take: (parcel: Parcel) => void;
  readonly #children = new Set<ChildThread>();

  /** `service` is what this process is called, and `take` gets what they send. */
  constructor(service: string, take: (parcel: Parcel) => void) {
    this.#service = service;
    this.#take = take;
  }

  /** To be called before the thread is made. */
  open(): ChildThread {
    const child = new ChildThread(this.#service, this.#take, () => this.#children.delete(child));
    this.#children.add(child);
    return child;
  }

  /** Takes what they have posted, and announces their open spans: the process ends. */
  takeAll(): void {
    for (const child of this.#children) child.takeAll();
  }
}

export class ChildThread {
  readonly link: ThreadLink;
  readonly #take: (parcel: Parcel) => void;
  readonly #onEnd: () => void;
  readonly #channel: BroadcastChannel;
  readonly #waiting: Int32Array;
  readonly #open = new Map<string, Parcel>();

  constructor(service: string, take: (parcel: Parcel) => void, onEnd: () => void) {
    this.#take = take;
    this.#onEnd = onEnd;
    const { BroadcastChannel, threadId } = workerThreads();
    const channel = `clew-${threadId}-${++made}`;
    this.link = { channel, service, waiting: new SharedArrayBuffer(4) };
    this.#waiting = new Int32Array(this.link.waiting);
    this.#channel = new BroadcastChannel(this.link.channel);
    this.#channel.onmessage = (event) => this.#receive((event as { data: ThreadMessage }).data);
    this.#channel.unref();
  }

  takeAll(): void {
    const { receiveMessageOnPort } = workerThreads();
    for (;;) {
      const next = receiveMessageOnPort(this.#channel as unknown as MessagePort);
      if (next === undefined) break;
      this.#receive(next.message as ThreadMessage);
    }
    for (const announcement of this.#open.values()) this.#take(announcement);
    this.#open.clear();
  }

  /** The thread is over: of spans that it did not end nobody else will tell. */
  end(): void {
    this.takeAll();
    this.#channel.close();
    this.#onEnd();
  }

  #receive({ bytes, parcel, opened = [], closed = [] }: ThreadMessage): void {
    Atomics.sub(this.#waiting, 0, bytes);
    if (parcel !== undefined) this.#take(parcel);
    for (const [spanId, announcement] of opened) this.#open.set(spanId, announcement);
    for (const spanId of closed) this.#open.delete(spanId);
  }
}

/** Numbers of a process's threads are never used again, so that both make a name that no other channel has. */
let made = 0;

let current: ChildThreads | undefined;

/** Where the threads that this one makes send to; undefined where nothing is traced. */
export function childThreads(): ChildThreads | undefined {
  return current;
}

export function takeFromThreads(threads: ChildThreads): void {
  current = threads;
}
