import type { MapLeaves, MapScope } from "@clew/protocol/api/map";
import { MAP_LEAVES } from "@clew/protocol/api/map";

/** What the page's address asks for; what it cannot mean is as if it were not there. */
export interface MapPlace {
  readonly scope: MapScope;
  readonly from: string;
  /** Undefined for now. */
  readonly to: string | undefined;
  /** Key or name of a node; undefined for the whole map. */
  readonly focus: string | undefined;
  readonly depth: number;
  readonly include: readonly MapLeaves[];
}

export const DEFAULT_FROM = "now-1h";
export const DEFAULT_DEPTH = 2;
/** As far as the API goes. */
const DEEPEST = 20;

export function mapPlaceOf(query: URLSearchParams): MapPlace {
  const depth = query.get("depth") ?? "";
  const to = query.get("to") || undefined;
  return {
    scope: query.get("scope") === "services" ? "services" : "agents",
    // Before an end the API's own choice is the hour before it.
    from: query.get("from") || (to === undefined ? DEFAULT_FROM : ""),
    to,
    focus: query.get("focus") || undefined,
    depth: /^\d{1,2}$/.test(depth) && Number(depth) <= DEEPEST ? Number(depth) : DEFAULT_DEPTH,
    include: MAP_LEAVES.filter((leaf) => query.getAll("include").includes(leaf)),
  };
}
