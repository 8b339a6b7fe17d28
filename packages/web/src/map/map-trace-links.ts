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

/** The list of the traces in which a node occurs. */
export function tracesOfNode(node: MapNode, time: MapTime, status?: "error"): string {
  const { type, name } = node;
  const isUnnamed = type === "service" && name === UNKNOWN_SERVICE;
  return listAddress(isUnnamed ? ["q", `{ ${conditionOf(node)} }`] : [type, name], time, status);
}

/** The list of the traces in which one node leads to another, by a query. */
export function tracesOfEdge(edge: MapEdge, from: MapNode, to: MapNode, time: MapTime): string {
  return listAddress(["q", edgeQuery(edge, from, to)], time);
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
  if (type === "service" && name === UNKNOWN_SERVICE) return `${FIELDS.service} = nil`;
  return `${FIELDS[type]} = ${quote(name)}`;
}

function listAddress(
  [name, value]: readonly [string, string],
  { from, to }: MapTime,
  status?: "error",
): string {
  const query = new URLSearchParams({ [name]: value });
  if (status !== undefined) query.set("status", status);
  if (from !== "") query.set("from", from);
  if (to !== undefined) query.set("to", to);
  return `/traces?${query}`;
}
