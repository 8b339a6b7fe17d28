/** Up to so many, putting each in its place is quicker than merging. */
const FEW = 16;

/**
 * Sorts a stretch of `rows` by `key`; equal ones stay in the order they are in. Stretches of 16 are sorted by
 * insertion, then merged two by two: n log n, and one look where all is in order already. `key` must have no NaN.
 */
export function sortRows(rows: Int32Array, key: Float64Array, from = 0, to = rows.length): void {
  if (isSorted(rows, key, from, to)) return;
  for (let at = from; at < to; at += FEW) insert(rows, key, at, Math.min(to, at + FEW));
  if (to - from <= FEW) return;
  const spare = new Int32Array(to - from);
  for (let width = FEW; width < to - from; width *= 2) {
    for (let at = from; at + width < to; at += 2 * width) {
      merge(rows, key, at, at + width, Math.min(to, at + 2 * width), spare);
    }
  }
}

function isSorted(rows: Int32Array, key: Float64Array, from: number, to: number): boolean {
  for (let at = from + 1; at < to; at++) if (key[rows[at - 1]!]! > key[rows[at]!]!) return false;
  return true;
}

function insert(rows: Int32Array, key: Float64Array, from: number, to: number): void {
  for (let at = from + 1; at < to; at++) {
    const row = rows[at]!;
    let hole = at;
    while (hole > from && key[rows[hole - 1]!]! > key[row]!) rows[hole] = rows[--hole]!;
    rows[hole] = row;
  }
}

/** `from` to `middle` and `middle` to `to` are sorted; the first of them is put aside meanwhile. */
function merge(
  rows: Int32Array,
  key: Float64Array,
  from: number,
  middle: number,
  to: number,
  spare: Int32Array,
): void {
  if (key[rows[middle - 1]!]! <= key[rows[middle]!]!) return;
  const count = middle - from;
  for (let at = 0; at < count; at++) spare[at] = rows[from + at]!;
  let left = 0;
  let right = middle;
  let put = from;
  while (left < count) {
    const isRight = right < to && key[rows[right]!]! < key[spare[left]!]!;
    rows[put++] = isRight ? rows[right++]! : spare[left++]!;
  }
}
