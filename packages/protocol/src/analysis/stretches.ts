/** What goes on in a stretch of time. */
export const STRETCH = {
  /** The span itself, with nothing below it going on that is waited for. */
  own: 0,
  /** A span that is taken as a whole. */
  whole: 1,
  /** Nothing; the row is that of what began at its end, or -1. */
  gap: 2,
} as const;

const ROOM = 1024;

/** Stretches of time, the latest first. None is empty, and each ends where the one before it began. */
export class Stretches {
  count = 0;
  /** `STRETCH` by stretch. */
  what = new Uint8Array(ROOM);
  row = new Int32Array(ROOM);
  fromUs = new Float64Array(ROOM);

  clear(): void {
    this.count = 0;
  }

  add(what: number, row: number, fromUs: number): void {
    if (this.count === this.row.length) this.#grow();
    const at = this.count++;
    this.what[at] = what;
    this.row[at] = row;
    this.fromUs[at] = fromUs;
  }

  #grow(): void {
    const { what, row, fromUs } = this;
    this.what = new Uint8Array(2 * this.count);
    this.row = new Int32Array(2 * this.count);
    this.fromUs = new Float64Array(2 * this.count);
    this.what.set(what);
    this.row.set(row);
    this.fromUs.set(fromUs);
  }
}
