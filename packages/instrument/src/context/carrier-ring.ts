const SLOTS = 64;
const SLOT_BYTES = 1024;
const HEADER_BYTES = 8;

/**
 * Texts that accompany numbered messages from one thread to another, in shared memory: the newest 64, of at
 * most 1,016 bytes. One thread writes, one reads; who reads a number gets its text or nothing, never another's.
 */
export class CarrierRing {
  readonly memory: SharedArrayBuffer;
  readonly #numbers: Int32Array;
  readonly #bytes: Uint8Array;

  constructor(memory = new SharedArrayBuffer(SLOTS * SLOT_BYTES)) {
    this.memory = memory;
    this.#numbers = new Int32Array(memory);
    this.#bytes = new Uint8Array(memory);
  }

  /** False where the text is too long. `number` counts from 1. */
  write(number: number, text: string): boolean {
    const bytes = new TextEncoder().encode(text);
    if (bytes.length > SLOT_BYTES - HEADER_BYTES) return false;
    const at = slotOf(number);
    Atomics.store(this.#numbers, at / 4, 0);
    this.#numbers[at / 4 + 1] = bytes.length;
    this.#bytes.set(bytes, at + HEADER_BYTES);
    Atomics.store(this.#numbers, at / 4, number | 0);
    return true;
  }

  read(number: number): string | undefined {
    const at = slotOf(number);
    const isThere = () => Atomics.load(this.#numbers, at / 4) === (number | 0);
    if (!isThere()) return undefined;
    const start = at + HEADER_BYTES;
    const bytes = this.#bytes.slice(start, start + (this.#numbers[at / 4 + 1] ?? 0));
    // The writer may have come round to this slot meanwhile.
    return isThere() ? new TextDecoder().decode(bytes) : undefined;
  }
}

function slotOf(number: number): number {
  return (number % SLOTS) * SLOT_BYTES;
}
