import type { MapEdge, MapNode } from "@clew/protocol/api/map";
import { count, duration, exact } from "../format/quantities.ts";

/** A share in percent; empty for none. */
export function percent(share: number): string {
  if (share === 0) return "";
  return share < 0.0095 ? "<1%" : `${Math.round(share * 100)}%`;
}

/** What stands at an edge: how often and how well, then how long. */
export function edgeWords({ type, calls, errRate, p95Ms, queueP95Ms }: MapEdge): readonly [string, string] {
  const often = `${type === "call" ? "" : `${type} `}×${exact(calls)}`;
  const failed = errRate === 0 ? "" : `, ${percent(errRate)} errors`;
  const queued = queueP95Ms === undefined ? "" : `, queue ${duration(queueP95Ms)}`;
  return [often + failed, `p95 ${duration(p95Ms)}${queued}`];
}

/** Tokens of a node's own model calls; empty for none. */
export function tokenText({ tokens: { input, output } }: MapNode): string {
  return input + output === 0 ? "" : count(input + output);
}
