/** Lists that differ by more than that are aligned by occurrence: the third of one with the third of the other. */
const MOST_EDITS = 512;
const NONE = -1;

/**
 * For each of `a` the index of the same in `b`, or -1; the indexes rise. As many as possible are paired where no more
 * than 512 are left over, else about as many. Takes the length of the lists times what is left over, or n log n.
 *
 *     a   chat  sql  sql  chat  write
 *     b   chat  sql  chat  read  write
 *          ║    ║     ╲            ║
 */
export function align(a: ArrayLike<number>, b: ArrayLike<number>): Int32Array {
  const match = new Int32Array(a.length).fill(NONE);
  let first = 0;
  while (first < a.length && first < b.length && a[first] === b[first]) match[first] = first++;
  let endA = a.length;
  let endB = b.length;
  while (endA > first && endB > first && a[endA - 1] === b[endB - 1]) match[--endA] = --endB;
  if (endA === first || endB === first) return match;
  const rest = { first, endA, endB };
  if (!alignByEdits(a, b, rest, match)) alignByOccurrence(a, b, rest, match);
  return match;
}

/** What is between the equal ends of both lists. */
interface Rest {
  readonly first: number;
  readonly endA: number;
  readonly endB: number;
}

/**
 * Myers' shortest edit script: how far along each diagonal one comes with 0, 1, 2, … left over, then the way back.
 * False, and nothing paired, when too many are.
 */
function alignByEdits(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { first, endA, endB }: Rest,
  match: Int32Array,
): boolean {
  const [lengthA, lengthB] = [endA - first, endB - first];
  const most = Math.min(MOST_EDITS, lengthA + lengthB);
  if (Math.abs(lengthA - lengthB) > most) return false;
  const middle = most + 1;
  const reached = new Int32Array(2 * middle + 1);
  const history: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits++) {
    history.push(reached.slice(middle - edits - 1, middle + edits + 2));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const [below, above] = [reached[middle + diagonal - 1]!, reached[middle + diagonal + 1]!];
      const isDown = diagonal === -edits || (diagonal !== edits && below < above);
      let x = isDown ? above : below + 1;
      let y = x - diagonal;
      while (x < lengthA && y < lengthB && a[first + x] === b[first + y]) {
        x++;
        y++;
      }
      reached[middle + diagonal] = x;
      if (x < lengthA || y < lengthB) continue;
      walkBack(history, lengthA, lengthB, first, match);
      return true;
    }
  }
  return false;
}

function walkBack(
  history: readonly Int32Array[],
  lengthA: number,
  lengthB: number,
  first: number,
  match: Int32Array,
): void {
  let [x, y] = [lengthA, lengthB];
  for (let edits = history.length - 1; edits >= 0; edits--) {
    const reached = history[edits]!;
    const diagonal = x - y;
    const [below, above] = [reached[edits + diagonal]!, reached[edits + diagonal + 2]!];
    const isDown = diagonal === -edits || (diagonal !== edits && below < above);
    const beforeX = edits === 0 ? 0 : isDown ? above : below;
    const beforeY = edits === 0 ? 0 : beforeX - (isDown ? diagonal + 1 : diagonal - 1);
    while (x > beforeX && y > beforeY) match[first + --x] = first + --y;
    [x, y] = [beforeX, beforeY];
  }
}

/** Pairs the nth of a kind with the nth, then keeps as many as rise together. */
function alignByOccurrence(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { first, endA, endB }: Rest,
  match: Int32Array,
): void {
  const places = new Map<number, number[]>();
  for (let j = endB - 1; j >= first; j--) {
    const list = places.get(b[j]!);
    if (list === undefined) places.set(b[j]!, [j]);
    else list.push(j);
  }
  const pairsA: number[] = [];
  const pairsB: number[] = [];
  for (let i = first; i < endA; i++) {
    const j = places.get(a[i]!)?.pop();
    if (j === undefined) continue;
    pairsA.push(i);
    pairsB.push(j);
  }
  for (const at of longestRising(pairsB)) match[pairsA[at]!] = pairsB[at]!;
}

/** Indexes of a longest rising subsequence of numbers that differ, by patience sorting. */
function longestRising(values: readonly number[]): number[] {
  const piles: number[] = [];
  const before = new Int32Array(values.length);
  for (let at = 0; at < values.length; at++) {
    let low = 0;
    let high = piles.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[piles[middle]!]! < values[at]!) low = middle + 1;
      else high = middle;
    }
    before[at] = low === 0 ? NONE : piles[low - 1]!;
    piles[low] = at;
  }
  const rising: number[] = [];
  for (let at = piles.at(-1) ?? NONE; at !== NONE; at = before[at]!) rising.push(at);
  return rising.reverse();
}
