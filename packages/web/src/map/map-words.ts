import type { MapEdge, MapNode } from "@clew/protocol/api/map";
import { count, duration, exact } from "../format/quantities.ts";

/** A share in percent; empty for none. */
export function percent(share: number): string {
  if (share === 0) return "";
  return share < 0.0095 ? "<1%" : `${Math.round(share * 100)}%`;
}

/** What there is to say of an edge. */
export interface EdgeWords {
  /** How, and how often. */
  readonly often: string;
  /** Empty without an error. */
  readonly failed: string;
  readonly took: string;
}

export function edgeWords({ type, calls, errRate, p95Ms, queueP95Ms }: MapEdge): EdgeWords {
  // What was at once on the other side had no queue.
  const queued = queueP95Ms === undefined || queueP95Ms < 0.5 ? "" : `, queue ${duration(queueP95Ms)}`;
  return {
    often: `${type === "call" ? "" : `${type} `}×${exact(calls)}`,
    failed: errRate === 0 ? "" : `${percent(errRate)} errors`,
    took: `p95 ${duration(p95Ms)}${queued}`,
  };
}

/** All of it in a sentence. */
export function edgeSentence(edge: MapEdge): string {
  const { often, failed, took } = edgeWords(edge);
  return [edge.type === "call" ? `call ${often}` : often, failed, took]
    .filter((part) => part !== "")
    .join(", ");
}

/** Tokens of a node's own model calls; empty for none. */
export function tokenText({ tokens: { input, output } }: MapNode): string {
  return input + output === 0 ? "" : count(input + output);
}

/** How much of the colour of errors something has: none without an error, all of it where half fail. */
export function redness(share: number): string {
  return share === 0 ? "0%" : `${Math.round(20 + 80 * Math.min(1, 2 * share))}%`;
}
