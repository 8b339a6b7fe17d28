import type { Parcel } from "./outbox.ts";

/** How a worker thread reaches the thread that made it. */
export interface ThreadLink {
  /** Name of a `BroadcastChannel` that nobody else has. */
  readonly channel: string;
  /** What the process is called: a thread is not called as the package that its file is from. */
  readonly service: string;
  /** One 32-bit number: bytes that were posted and not taken yet. */
  readonly waiting: SharedArrayBuffer;
}

/** What a thread posts to the one that made it. */
export interface ThreadMessage {
  readonly bytes: number;
  readonly parcel?: Parcel;
  /** Spans that are open, each with what announces it where the thread is stopped before it ends. */
  readonly opened?: readonly (readonly [spanId: string, announcement: Parcel])[];
  /** Spans of which the thread has told itself. */
  readonly closed?: readonly string[];
}
