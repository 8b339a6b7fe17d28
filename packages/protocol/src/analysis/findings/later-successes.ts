import { childrenOf, type Evidence, isError } from "./evidence.ts";

const NONE = -1;

/** Tells whether a call was made again and did not fail. Looks at what a caller did once, however often it is asked. */
export class LaterSuccesses {
  readonly #evidence: Evidence;
  /** By row, the same call by the same caller that did not fail and began last; -1 for none. */
  readonly #last: Int32Array;
  readonly #isKnown: Uint8Array;

  constructor(evidence: Evidence) {
    this.#evidence = evidence;
    this.#last = new Int32Array(evidence.tree.n);
    this.#isKnown = new Uint8Array(evidence.tree.n + 1);
  }

  /** Whether the same call by the same caller began after this one was over, and did not fail. */
  has(row: number): boolean {
    const { tree, clock } = this.#evidence;
    const caller = tree.parent[row]! < 0 ? tree.n : tree.parent[row]!;
    if (this.#isKnown[caller] === 0) this.#lookAt(caller);
    const last = this.#last[row]!;
    return last !== NONE && clock.start[last]! >= clock.end[row]!;
  }

  #lookAt(caller: number): void {
    const { keys } = this.#evidence;
    const calls = childrenOf(this.#evidence, caller);
    const last = new Map<number, number>();
    const lastButOne = new Map<number, number>();
    for (let at = calls.length - 1; at >= 0; at--) {
      const row = calls[at]!;
      if (isError(this.#evidence, row)) continue;
      const key = keys[row]!;
      if (!last.has(key)) last.set(key, row);
      else if (!lastButOne.has(key)) lastButOne.set(key, row);
    }
    for (let at = 0; at < calls.length; at++) {
      const row = calls[at]!;
      const found = last.get(keys[row]!) ?? NONE;
      this.#last[row] = found === row ? (lastButOne.get(keys[row]!) ?? NONE) : found;
    }
    this.#isKnown[caller] = 1;
  }
}
