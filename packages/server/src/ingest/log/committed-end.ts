import type { Position } from "./position.ts";

/**
 * How far the log is durable, in memory that the thread that writes and a thread that reads share. Everything
 * before it is on disk; nothing after it may be read.
 */
export class CommittedEnd {
  readonly #cell: BigInt64Array;

  /** `memory` is what another thread's `CommittedEnd` calls `memory`. */
  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(8)) {
    this.#cell = new BigInt64Array(memory);
  }

  /** To be handed to another thread with `workerData` or `postMessage`. */
  get memory(): SharedArrayBuffer {
    return this.#cell.buffer as SharedArrayBuffer;
  }

  load(): Position {
    return unpack(Atomics.load(this.#cell, 0));
  }

  /** Publishes a new end and wakes those that wait for one. */
  store(end: Position): void {
    Atomics.store(this.#cell, 0, pack(end));
    Atomics.notify(this.#cell, 0);
  }

  /** The end as soon as it differs from `seen`, or unchanged after `timeoutMs`. Never blocks the thread. */
  async changed(seen: Position, timeoutMs: number): Promise<Position> {
    const wait = Atomics.waitAsync(this.#cell, 0, pack(seen), timeoutMs);
    if (wait.async) await wait.value;
    return this.load();
  }
}

function pack(position: Position): bigint {
  return (BigInt(position.segment) << 32n) | BigInt(position.offset);
}

function unpack(cell: bigint): Position {
  return { segment: Number(cell >> 32n), offset: Number(cell & 0xffff_ffffn) };
}
