import type { MapEdge, MapNode } from "@clew/protocol/api/map";
import { quote } from "@clew/protocol/traceql/string-text";

/** When the traces began. */
export interface MapTime {
  readonly from: string;
  readonly to: string | undefined;
}

const UNKNOWN_SERVICE = "unknown service";
const FIELDS = {
  agent: "agent:name",
  service: "resource.service.name",
  tool: "agent:tool",
  model: "agent:model",
} as const;
/** What begins a run of an agent or service that its like has called. */
const ENTRIES = { agent: 'agent:type = "agent"', service: "(kind = server || kind = consumer)" } as const;

/** The list of the traces in which a node occurs. No condition finds a service without a name: that gets all traces. */
export function tracesOfNode(node: MapNode, time: MapTime, status?: "error"): string {
  return listAddress(isUnnamed(node) ? undefined : [node.type, node.name], time, status);
}

/** The list of the traces in which one node leads to another, by a query. */
export function tracesOfEdge(edge: MapEdge, from: MapNode, to: MapNode, time: MapTime): string {
  if (isUnnamed(to)) return tracesOfNode(from, time);
  if (isUnnamed(from)) return tracesOfNode(to, time);
  return listAddress(["q", edgeQuery(edge, from, to)], time);
}

function isUnnamed({ type, name }: MapNode): boolean {
  return type === "service" && name === UNKNOWN_SERVICE;
}

/**
 * Between two agents there may be requests of neither; services follow each other without anything between. A message
 * may have come by a link, in a trace of its own: that has the receiver.
 */
export function edgeQuery({ type }: Pick<MapEdge, "type">, from: MapNode, to: MapNode): string {
  const [a, b] = [conditionOf(from), conditionOf(to)];
  if (to.type === "tool" || to.type === "model") return `{ ${a} && ${b} } || ({ ${a} } >> { ${b} })`;
  const isDirect = from.type === "service" && to.type === "service";
  const entry = from.key === to.key ? ` && ${ENTRIES[to.type]}` : "";
  const below = `{ ${a} } ${isDirect ? ">" : ">>"} { ${b}${entry} }`;
  return type === "message" ? `(${below}) || ({ ${b} } && { link:traceID != nil })` : below;
}

function conditionOf({ type, name }: MapNode): string {
  return `${FIELDS[type]} = ${quote(name)}`;
}

function listAddress(
  condition: readonly [name: string, value: string] | undefined,
  { from, to }: MapTime,
  status?: "error",
): string {
  const query = new URLSearchParams();
  if (condition !== undefined) query.set(...condition);
  if (status !== undefined) query.set("status", status);
  if (from !== "") query.set("from", from);
  if (to !== undefined) query.set("to", to);
  return `/traces?${query}`;
}
