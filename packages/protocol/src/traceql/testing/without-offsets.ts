/** The tree without `start` and `end`, to compare what was understood rather than where it stood. */
export function withoutOffsets(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutOffsets);
  if (typeof node !== "object" || node === null) return node;
  const kept = Object.entries(node).filter(([key]) => key !== "start" && key !== "end");
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutOffsets(value)]));
}
