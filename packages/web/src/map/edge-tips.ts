import type { MapEdge } from "@clew/protocol/api/map";

/** The arrow of each type of edge, in a square of 12; what is not a call is told by its form as well. */
export const EDGE_TIPS: readonly { readonly type: MapEdge["type"]; readonly path: string }[] = [
  { type: "call", path: "M1 1L11 6L1 11z" },
  { type: "hand-off", path: "M0 0.5L6 6L0 11.5M5 0.5L11 6L5 11.5" },
  { type: "message", path: "M1 1.5L10 6L1 10.5" },
];
