import type { MapLayout, PlacedNode } from "./map-layout.ts";

const KEYS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"] as const;
export type WalkKey = (typeof KEYS)[number];

export function isWalkKey(key: string): key is WalkKey {
  return (KEYS as readonly string[]).includes(key);
}

/**
 * The node that a key leads to: to the sides along an edge where there is one, else to the nearest of the next column;
 * up and down within the column. Where it leads nowhere, the node itself; the first one from none.
 */
export function walked(
  { nodes, edges }: MapLayout,
  key: string | undefined,
  by: WalkKey,
): string | undefined {
  const from = nodes.find(({ node }) => node.key === key);
  if (from === undefined || by === "Home") return nodes[0]?.node.key;
  if (by === "End") return nodes.at(-1)?.node.key;
  if (by === "ArrowUp" || by === "ArrowDown") {
    const own = nodes.filter(({ column }) => column === from.column);
    return (own[own.indexOf(from) + (by === "ArrowUp" ? -1 : 1)] ?? from).node.key;
  }
  const isThere = ({ column }: PlacedNode): boolean =>
    by === "ArrowRight" ? column > from.column : column < from.column;
  const connected = new Set(
    edges.flatMap(({ edge }) => (edge.from === key ? [edge.to] : edge.to === key ? [edge.from] : [])),
  );
  const there = nodes.filter(isThere);
  const near = there.filter(({ node }) => connected.has(node.key));
  return (nearest(from, near) ?? nearest(from, there) ?? from).node.key;
}

/** Of the next column first. */
function nearest(from: PlacedNode, among: readonly PlacedNode[]): PlacedNode | undefined {
  const columns = ({ column }: PlacedNode): number => Math.abs(column - from.column);
  const rows = ({ top }: PlacedNode): number => Math.abs(top - from.top);
  return among.toSorted((a, b) => columns(a) - columns(b) || rows(a) - rows(b))[0];
}
