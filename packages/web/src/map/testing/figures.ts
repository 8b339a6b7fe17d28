import type { MapEdge, MapNode } from "@clew/protocol/api/map";

/** A node of a map as the server tells one. */
export function node(name: string, figures: Partial<MapNode> = {}): MapNode {
  const type = figures.type ?? "agent";
  return {
    key: `${type}:${name}`,
    type,
    name,
    calls: 1,
    errors: 0,
    errRate: 0,
    p50Ms: 10,
    p95Ms: 20,
    tokens: { input: 0, output: 0, cacheRead: 0 },
    costUsd: 0,
    ...figures,
  };
}

/** An edge between two agents. */
export function edge(from: string, to: string, figures: Partial<MapEdge> = {}): MapEdge {
  return {
    from: `agent:${from}`,
    to: `agent:${to}`,
    type: "call",
    calls: 1,
    errors: 0,
    errRate: 0,
    p95Ms: 20,
    ...figures,
  };
}
