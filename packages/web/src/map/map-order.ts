import type { MapEdge, MapNode } from "@clew/protocol/api/map";

/** The nodes so that calls lead forward as far as they can: who calls comes before who is called. */
export function callersFirst(nodes: readonly MapNode[], edges: readonly MapEdge[]): MapNode[] {
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const between = edges.filter(({ from, to }) => from !== to);
  const calls = Map.groupBy(between, ({ from }) => from);
  const made = sums(between, ({ from }) => from);
  const got = sums(between, ({ to }) => to);
  const surplus = ({ key }: MapNode): number => (made.get(key) ?? 0) - (got.get(key) ?? 0);
  const starts = nodes.toSorted(
    (a, b) => Number(got.has(a.key)) - Number(got.has(b.key)) || surplus(b) - surplus(a),
  );
  const seen = new Set<string>();
  const done: MapNode[] = [];
  // Behind all that it leads to is where a node ends up; backwards that is before them.
  const walk = (node: MapNode): void => {
    if (seen.has(node.key)) return;
    seen.add(node.key);
    for (const { to } of calls.get(node.key) ?? []) {
      const next = byKey.get(to);
      if (next !== undefined) walk(next);
    }
    done.push(node);
  };
  for (const node of starts) walk(node);
  return done.reverse();
}

function sums(edges: readonly MapEdge[], keyOf: (edge: MapEdge) => string): Map<string, number> {
  const found = new Map<string, number>();
  for (const edge of edges) found.set(keyOf(edge), (found.get(keyOf(edge)) ?? 0) + edge.calls);
  return found;
}
