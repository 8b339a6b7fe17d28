interface Slab {
  readonly bytes: Buffer;
  /** Where the next body goes. */
  used: number;
  /** Bodies in it that are not given back. */
  live: number;
}

const SLAB_BYTES = 1024 * 1024;
/** Larger bodies get memory of their own. */
const MAX_POOLED_BYTES = 256 * 1024;
const MAX_FREE_SLABS = 16;

/**
 * Memory for bodies that arrive in pieces, used again and again: allocating it for each would make the garbage
 * collector run for its sake.
 */
export class BodyPool {
  readonly #slabs = new Map<ArrayBufferLike, Slab>();
  readonly #free: Slab[] = [];
  #current: Slab | undefined;

  /** The pieces as one, `bytes` long. Whoever is done with it, or with a part of it, gives it back once. */
  join(pieces: readonly Buffer[], bytes: number): Buffer {
    if (bytes > MAX_POOLED_BYTES) return Buffer.concat(pieces, bytes);
    let slab = this.#current;
    if (slab === undefined || slab.used + bytes > SLAB_BYTES) slab = this.#next();
    const start = slab.used;
    let at = start;
    for (const piece of pieces) {
      piece.copy(slab.bytes, at);
      at += piece.length;
    }
    slab.used = at;
    slab.live++;
    return slab.bytes.subarray(start, at);
  }

  /** Nobody looks at the body, or the view of it, any more. Memory that is not the pool's is left alone. */
  giveBack(body: Uint8Array): void {
    const slab = this.#slabs.get(body.buffer);
    if (slab === undefined || --slab.live > 0) return;
    slab.used = 0;
    if (slab !== this.#current) this.#keep(slab);
  }

  #next(): Slab {
    const full = this.#current;
    if (full !== undefined && full.live === 0) this.#keep(full);
    let slab = this.#free.pop();
    if (slab === undefined) {
      slab = { bytes: Buffer.allocUnsafeSlow(SLAB_BYTES), used: 0, live: 0 };
      this.#slabs.set(slab.bytes.buffer, slab);
    }
    this.#current = slab;
    return slab;
  }

  #keep(slab: Slab): void {
    slab.used = 0;
    if (this.#free.length < MAX_FREE_SLABS) this.#free.push(slab);
    else this.#slabs.delete(slab.bytes.buffer);
  }
}
