/**
 * When one span began and how long it took, in nanoseconds of 64 bits, each as two words: the upper one signed, the
 * lower one not. A span without a time began at 0.
 */
export class SpanTimes {
  startHi = 0;
  startLo = 0;
  /** End minus start, in 64 bits that wrap, so that both times can be restored exactly. */
  durationHi = 0;
  durationLo = 0;
  /** The later of start and end. */
  lastHi = 0;
  lastLo = 0;

  /** From the byte positions of the two times; -1 where there is none. */
  read(view: DataView, startAt: number, endAt: number): void {
    const startLo = startAt < 0 ? 0 : view.getUint32(startAt, true);
    const startHi = startAt < 0 ? 0 : view.getInt32(startAt + 4, true);
    const endLo = endAt < 0 ? 0 : view.getUint32(endAt, true);
    const endHi = endAt < 0 ? 0 : view.getInt32(endAt + 4, true);
    this.startHi = startHi;
    this.startLo = startLo;
    this.durationHi = (endHi - startHi - (endLo < startLo ? 1 : 0)) | 0;
    this.durationLo = (endLo - startLo) >>> 0;
    const isForward = this.durationHi >= 0;
    this.lastHi = isForward ? endHi : startHi;
    this.lastLo = isForward ? endLo : startLo;
  }
}

/** Whether one 64-bit number, in two words, is less than another. */
export function isLess(aHi: number, aLo: number, bHi: number, bLo: number): boolean {
  return aHi < bHi || (aHi === bHi && aLo < bLo);
}
