import { NO_PARENT, PARENT_MISSING } from "@clew/protocol/api/trace-columns";

const NO_ID = "0000000000000000";

/**
 * For each span the index of its parent, `NO_PARENT` or `PARENT_MISSING`. Where several spans have one id the
 * first is the parent. Spans that are each other's ancestors are cut apart at one of them, so that following
 * parents always ends.
 */
export function parentIndexes(ids: readonly string[], parentIds: readonly string[]): number[] {
  const indexes = new Map<string, number>();
  ids.forEach((id, index) => {
    if (!indexes.has(id)) indexes.set(id, index);
  });
  const parents = parentIds.map((id) => (id === NO_ID ? NO_PARENT : (indexes.get(id) ?? PARENT_MISSING)));
  cutCycles(parents);
  return parents;
}

function cutCycles(parents: number[]): void {
  /** Number of the walk that came by; 0 for none. */
  const walks = new Uint32Array(parents.length);
  for (let start = 0; start < parents.length; start += 1) {
    const walk = start + 1;
    let at = start;
    while (at >= 0 && walks[at] === 0) {
      walks[at] = walk;
      const parent = parents[at] ?? NO_PARENT;
      if (parent >= 0 && walks[parent] === walk) parents[at] = PARENT_MISSING;
      at = parents[at] ?? NO_PARENT;
    }
  }
}
