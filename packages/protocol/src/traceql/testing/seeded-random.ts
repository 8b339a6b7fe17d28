/** Random numbers that are the same for the same seed. */
export interface Random {
  /** From 0 to below `count`. */
  below(count: number): number;
  /** True once in `times` on average. */
  once(times: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
}

/** Mulberry32. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count: number) => Math.floor(next() * count);
  return { below, once: (times) => below(times) === 0, pick: (items) => items[below(items.length)]! };
}
