import type { MapAnswer, MapEdge, MapFocus, MapLeaves, MapNode } from "@clew/protocol/api/map";
import { nearestWord } from "@clew/protocol/traceql/nearest-word";
import type { EdgeFigures, MapFigures, NodeFigures } from "./map-figures.ts";

/** Which part of a map is shown. */
export interface ShownOptions {
  /** Key or name of a node; without it everything is shown. */
  readonly focus?: string;
  /** How many steps from the focus, in both directions. */
  readonly depth: number;
  /** Nodes beside agents and services; a tool or model that is the focus is always one. */
  readonly leaves: readonly MapLeaves[];
}

export type ShownMap = Pick<MapAnswer, "nodes" | "edges" | "focus" | "truncated">;

const MOST_NODES = 500;
const MOST_EDGES = 2_000;
/** Comparing longer words takes long, and they are no slips of the keyboard. */
const LONGEST_WORD = 100;

/** Nodes and edges as they are told, the busiest first. */
export function shownMap(figures: MapFigures, { focus, depth, leaves }: ShownOptions): ShownMap {
  const isMeant = (node: NodeFigures): boolean =>
    focus !== undefined && (node.key === focus || node.name === focus);
  const isShown = (node: NodeFigures): boolean =>
    (node.type !== "tool" || leaves.includes("tools") || isMeant(node)) &&
    (node.type !== "model" || leaves.includes("models") || isMeant(node));
  const possible = figures.nodes.filter(isShown);
  const between = figures.edges.filter(({ from, to }) => isShown(from) && isShown(to));
  const centre = possible.filter(isMeant);
  const { near, inner } = focus === undefined ? everything(possible) : around(centre, between, depth);
  const nodes = possible
    .filter((node) => near.has(node))
    .sort((a, b) => b.calls - a.calls || (a.key < b.key ? -1 : 1));
  const told = new Set(nodes.slice(0, MOST_NODES));
  const edges = between.filter(({ from, to }) => inner.has(from) || inner.has(to)).sort(byCalls);
  const toldEdges = edges.filter(({ from, to }) => told.has(from) && told.has(to)).slice(0, MOST_EDGES);
  const isCut = told.size < nodes.length || toldEdges.length < edges.length;
  return {
    nodes: [...told].map(shownNode),
    edges: toldEdges.map(shownEdge),
    ...(focus !== undefined && { focus: focusOf(focus, centre, figures.nodes) }),
    ...(isCut && { truncated: { nodes: nodes.length, edges: edges.length } }),
  };
}

function byCalls(a: EdgeFigures, b: EdgeFigures): number {
  const name = ({ from, to, type }: EdgeFigures): string => `${from.key}\n${to.key}\n${type}`;
  return b.calls - a.calls || (name(a) < name(b) ? -1 : 1);
}

interface Neighbourhood {
  readonly near: ReadonlySet<NodeFigures>;
  /** Those whose edges are shown, which are all that lead to somebody near. */
  readonly inner: ReadonlySet<NodeFigures>;
}

function everything(nodes: readonly NodeFigures[]): Neighbourhood {
  const all = new Set(nodes);
  return { near: all, inner: all };
}

/** What is at most so many edges away, whichever way they go; those between the farthest are not on the way to any. */
function around(centre: readonly NodeFigures[], edges: readonly EdgeFigures[], depth: number): Neighbourhood {
  let near = new Set(centre);
  let inner = new Set<NodeFigures>();
  for (let step = 0; step < depth; step++) {
    inner = near;
    near = new Set(inner);
    for (const { from, to } of edges) {
      if (inner.has(from)) near.add(to);
      if (inner.has(to)) near.add(from);
    }
    if (near.size === inner.size) break;
  }
  return { near, inner };
}

function focusOf(asked: string, centre: readonly NodeFigures[], all: readonly NodeFigures[]): MapFocus {
  const names = all.map(({ name }) => name).filter(({ length }) => length <= LONGEST_WORD);
  const nearest = centre.length > 0 || asked.length > LONGEST_WORD ? undefined : nearestWord(asked, names);
  return { keys: centre.map(({ key }) => key), ...(nearest !== undefined && { nearest }) };
}

function shownNode(node: NodeFigures): MapNode {
  const { key, type, name, calls, errors, took } = node;
  return {
    key,
    type,
    name,
    calls,
    errors,
    errRate: calls === 0 ? 0 : errors / calls,
    p50Ms: took.quantileMs(0.5),
    p95Ms: took.quantileMs(0.95),
    tokens: { input: node.inputTokens, output: node.outputTokens, cacheRead: node.cacheReadTokens },
    costUsd: Math.round(node.costMicro * 1000) / 1e9,
  };
}

function shownEdge({ from, to, type, calls, errors, took, queued }: EdgeFigures): MapEdge {
  const queueP95Ms = queued.quantileMs(0.95);
  return {
    from: from.key,
    to: to.key,
    type,
    calls,
    errors,
    errRate: errors / calls,
    p95Ms: took.quantileMs(0.95) ?? 0,
    ...(queueP95Ms !== null && { queueP95Ms }),
  };
}
