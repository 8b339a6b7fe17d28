/** A stretch of a diff: so many entries that are in both, only in the first list, or only in the second. */
export interface Stretch {
  readonly kind: "same" | "removed" | "added";
  readonly count: number;
}

/** A search that has not met after so many edits goes on from where it came furthest; of long lists after fewer. */
const MOST_EDITS = 256;
const LEAST_EDITS = 16;
const MOST_STEPS = 4_000_000;

/**
 * What turns `a` into `b`, in order; of what lies between two stretches that are the same, the removed comes first. The
 * shortest way where the lists differ little, else a short one. Takes space as long as the lists are, and time by their
 * length: some 0.3 s for lists of 100,000 with little in common.
 */
export function sequenceDiff(a: ArrayLike<number>, b: ArrayLike<number>): Stretch[] {
  const isRemoved = new Uint8Array(a.length);
  const isAdded = new Uint8Array(b.length);
  const search = new MiddleSearch(a, b);
  const boxes: Box[] = [{ fromA: 0, toA: a.length, fromB: 0, toB: b.length }];
  for (let box = boxes.pop(); box !== undefined; box = boxes.pop()) {
    let { fromA, toA, fromB, toB } = box;
    while (fromA < toA && fromB < toB && a[fromA] === b[fromB]) {
      fromA++;
      fromB++;
    }
    while (fromA < toA && fromB < toB && a[toA - 1] === b[toB - 1]) {
      toA--;
      toB--;
    }
    if (fromA === toA) isAdded.fill(1, fromB, toB);
    else if (fromB === toB) isRemoved.fill(1, fromA, toA);
    else {
      const [atA, atB] = search.split({ fromA, toA, fromB, toB });
      boxes.push({ fromA: atA, toA, fromB: atB, toB }, { fromA, toA: atA, fromB, toB: atB });
    }
  }
  return stretchesOf(isRemoved, isAdded);
}

/** A part of the first list against a part of the second. */
interface Box {
  readonly fromA: number;
  readonly toA: number;
  readonly fromB: number;
  readonly toB: number;
}

/**
 * Myers' linear-space refinement: walks from both ends at once, as far as equal entries lead on each diagonal, until the
 * two meet. Only the furthest reach on each diagonal is kept.
 */
class MiddleSearch {
  readonly #a: ArrayLike<number>;
  readonly #b: ArrayLike<number>;
  readonly #most: number;
  readonly #forward = new Int32Array(2 * MOST_EDITS + 3);
  readonly #backward = new Int32Array(2 * MOST_EDITS + 3);

  constructor(a: ArrayLike<number>, b: ArrayLike<number>) {
    this.#a = a;
    this.#b = b;
    const affordable = Math.floor(MOST_STEPS / (a.length + b.length + 1));
    this.#most = Math.min(MOST_EDITS, Math.max(LEAST_EDITS, affordable));
  }

  /** A point inside the box, whose ends differ, that a short way goes through. Never a corner where both lists end. */
  split({ fromA, toA, fromB, toB }: Box): readonly [atA: number, atB: number] {
    const [a, b, forward, backward] = [this.#a, this.#b, this.#forward, this.#backward];
    const [lengthA, lengthB] = [toA - fromA, toB - fromB];
    const delta = lengthA - lengthB;
    const isOdd = delta % 2 !== 0;
    const zero = MOST_EDITS + 1;
    forward[zero + 1] = 0;
    backward[zero + 1] = 0;
    let best: readonly [number, number] = [0, 0];
    for (let edits = 0; edits <= this.#most; edits++) {
      let furthest = -1;
      for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
        let x = nextReach(forward, zero + diagonal, edits, diagonal);
        let y = x - diagonal;
        const [startX, startY] = [x, y];
        while (x < lengthA && y < lengthB && a[fromA + x] === b[fromB + y]) {
          x++;
          y++;
        }
        forward[zero + diagonal] = x;
        const other = delta - diagonal;
        if (isOdd && Math.abs(other) < edits && x + backward[zero + other]! >= lengthA) {
          return [fromA + startX, fromB + startY];
        }
        if (x <= lengthA && y <= lengthB && y >= 0 && x + y > furthest) {
          furthest = x + y;
          best = [x, y];
        }
      }
      for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
        let x = nextReach(backward, zero + diagonal, edits, diagonal);
        let y = x - diagonal;
        const [startX, startY] = [x, y];
        while (x < lengthA && y < lengthB && a[toA - 1 - x] === b[toB - 1 - y]) {
          x++;
          y++;
        }
        backward[zero + diagonal] = x;
        const other = delta - diagonal;
        if (!isOdd && Math.abs(other) <= edits && x + forward[zero + other]! >= lengthA) {
          return [toA - startX, toB - startY];
        }
      }
    }
    return [fromA + best[0], fromB + best[1]];
  }
}

function nextReach(reached: Int32Array, at: number, edits: number, diagonal: number): number {
  const [below, above] = [reached[at - 1]!, reached[at + 1]!];
  return diagonal === -edits || (diagonal !== edits && below < above) ? above : below + 1;
}

function stretchesOf(isRemoved: Uint8Array, isAdded: Uint8Array): Stretch[] {
  const found: Stretch[] = [];
  const push = (kind: Stretch["kind"], count: number): void => {
    if (count > 0) found.push({ kind, count });
  };
  let [atA, atB] = [0, 0];
  while (atA < isRemoved.length || atB < isAdded.length) {
    const [startA, startB] = [atA, atB];
    while (isRemoved[atA] === 1) atA++;
    while (isAdded[atB] === 1) atB++;
    push("removed", atA - startA);
    push("added", atB - startB);
    const same = atA;
    while (atA < isRemoved.length && isRemoved[atA] === 0 && isAdded[atB] === 0) {
      atA++;
      atB++;
    }
    push("same", atA - same);
  }
  return found;
}
