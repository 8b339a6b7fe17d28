/** How many bytes beyond the end of what was asked for may be read, so that loops need no rest. */
export const SLACK = 8;

let lastBytes: Uint8Array = new Uint8Array(0);
let lastView: DataView = new DataView(new ArrayBuffer(SLACK));

/**
 * A view of `bytes` that can be read in words of eight up to seven bytes beyond their end. The last one is
 * kept, so that asking again for the same bytes costs a comparison. Bytes at the end of their memory are
 * copied: write no more into them as long as the view is used.
 */
export function wordsOf(bytes: Uint8Array): DataView {
  if (bytes === lastBytes) return lastView;
  const { buffer, byteOffset, length } = bytes;
  if (byteOffset + length + SLACK <= buffer.byteLength) {
    lastView = new DataView(buffer, byteOffset, length + SLACK);
  } else {
    const copy = new Uint8Array(length + SLACK);
    copy.set(bytes);
    lastView = new DataView(copy.buffer);
  }
  lastBytes = bytes;
  return lastView;
}

/** Whether `n` bytes of `a` from `aAt` are those of `b` from `bAt`; reads nothing but these. */
export function sameBytes(a: DataView, aAt: number, b: DataView, bAt: number, n: number): boolean {
  if (n >= 8) {
    // The last word overlaps the one before it.
    const last = n - 8;
    for (let i = 0; i < last; i += 8) {
      if (a.getBigInt64(aAt + i, true) !== b.getBigInt64(bAt + i, true)) return false;
    }
    return a.getBigInt64(aAt + last, true) === b.getBigInt64(bAt + last, true);
  }
  if (n >= 4) {
    if (a.getInt32(aAt, true) !== b.getInt32(bAt, true)) return false;
    return a.getInt32(aAt + n - 4, true) === b.getInt32(bAt + n - 4, true);
  }
  for (let i = 0; i < n; i++) if (a.getUint8(aAt + i) !== b.getUint8(bAt + i)) return false;
  return true;
}

/** A 32-bit hash of `n` bytes, well mixed in its low bits; every byte counts. */
export function hashOf(view: DataView, at: number, n: number): number {
  let hash = n ^ 0x9e3779b9;
  const end = at + n;
  let i = at;
  for (; i + 4 <= end; i += 4) {
    hash = Math.imul(hash ^ view.getInt32(i, true), 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  for (; i < end; i++) hash = Math.imul(hash ^ view.getUint8(i), 0xc2b2ae35);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x7feb352d);
  return hash ^ (hash >>> 15);
}
