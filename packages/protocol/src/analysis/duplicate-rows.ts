/** The end of an id is as good as random: more of it is looked at only where the ends of two are the same. */
const TAIL = 8;

/** Rows whose id an earlier row has as well. Ends of ids are sorted as numbers; few rows are left to compare. */
export function duplicateRows(n: number, ids: readonly string[]): Int32Array {
  const tails = new Uint32Array(n);
  for (let row = 0; row < n; row++) tails[row] = tailOf(ids[row] ?? "");
  const repeated = repeatedIn(tails.slice().sort());
  const again: number[] = [];
  if (repeated.size > 0) {
    const seen = new Set<string>();
    for (let row = 0; row < n; row++) {
      if (!repeated.has(tails[row]!)) continue;
      const id = ids[row] ?? "";
      if (seen.has(id)) again.push(row);
      else seen.add(id);
    }
  }
  return Int32Array.from(again);
}

function tailOf(id: string): number {
  let tail = 0;
  for (let at = Math.max(0, id.length - TAIL); at < id.length; at++) {
    tail = Math.imul(tail, 31) + id.charCodeAt(at);
  }
  return tail >>> 0;
}

function repeatedIn(sorted: Uint32Array): Set<number> {
  const repeated = new Set<number>();
  const { length } = sorted;
  for (let at = 1; at < length; at++) if (sorted[at] === sorted[at - 1]) repeated.add(sorted[at]!);
  return repeated;
}
