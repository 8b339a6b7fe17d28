import { asBuffer } from "./read-json.ts";

const MAX_HEAD_BYTES = 2 * 1024 * 1024;
const MAX_TAIL_BYTES = 64 * 1024;

/** A body in pieces, of which beginning and end are kept when it is large: providers state tokens at the end. */
export class KeptBody {
  readonly #head: Buffer[] = [];
  #headBytes = 0;
  #tail: Buffer[] = [];
  #tailBytes = 0;

  push(bytes: Uint8Array): void {
    const buffer = asBuffer(bytes);
    const room = MAX_HEAD_BYTES - this.#headBytes;
    if (room > 0) {
      this.#head.push(buffer.subarray(0, room));
      this.#headBytes += Math.min(room, buffer.length);
    }
    if (buffer.length > room) this.#keepEnd(buffer.subarray(Math.max(room, 0)));
  }

  get isCut(): boolean {
    return this.#tailBytes > 0;
  }

  get head(): Buffer {
    return this.#head.length === 1 ? (this.#head[0] as Buffer) : Buffer.concat(this.#head);
  }

  /** The end of what did not fit; empty when all did. */
  get tail(): Buffer {
    return Buffer.concat(this.#tail).subarray(-MAX_TAIL_BYTES);
  }

  #keepEnd(bytes: Buffer): void {
    // A copy, so that a piece of a huge chunk does not hold all of it.
    this.#tail.push(Buffer.from(bytes.subarray(-MAX_TAIL_BYTES)));
    this.#tailBytes += bytes.length;
    if (this.#tail.reduce((sum, { length }) => sum + length, 0) > 2 * MAX_TAIL_BYTES)
      this.#tail = [this.tail];
  }
}
