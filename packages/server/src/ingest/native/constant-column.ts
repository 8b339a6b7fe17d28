import type { Column } from "./columns.ts";

/** The same fixed-width value in every row: the day and the batch of a block. */
export class ConstantColumn implements Column {
  readonly type: string;
  readonly size = 0;
  readonly #value: Buffer;
  #rows = 0;

  constructor(type: string, width: number) {
    this.type = type;
    this.#value = Buffer.alloc(width);
  }

  /** Call before the block is written, with the number of its rows. */
  set(value: bigint, rows: number): void {
    let rest = value;
    for (let i = 0; i < this.#value.length; i++) {
      this.#value[i] = Number(rest & 255n);
      rest >>= 8n;
    }
    this.#rows = rows;
  }

  prefix(): void {}

  chunks(): Uint8Array[] {
    return [Buffer.alloc(this.#rows * this.#value.length, this.#value)];
  }

  reset(): void {
    this.#rows = 0;
  }
}
