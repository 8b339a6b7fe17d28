import type { LaneEdge, TraceAnalysis } from "@clew/protocol/analysis/analysis";

/** More nodes than this cannot be told apart. */
export const MOST_NODES = 60;

/** Lanes that are shown as one node. */
export interface GraphNode {
  readonly key: string;
  readonly label: string;
  /** The first of them is what a click leads to. */
  readonly lanes: readonly number[];
}

/** All edges of a type from node to node. */
export interface GraphEdge {
  readonly type: LaneEdge["type"];
  readonly from: number;
  readonly to: number;
  /** In order of time. */
  readonly edges: readonly LaneEdge[];
}

export interface AgentGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** Lanes without a place: there are too many. */
  readonly leftOut: number;
}

/** Lanes as nodes, in order of their beginning; the instances of an agent are one where there are too many. */
export function agentGraph({ lanes, edges }: Pick<TraceAnalysis, "lanes" | "edges">): AgentGraph {
  const areJoined = lanes.lanes.length > MOST_NODES;
  const nodes: { readonly key: string; readonly label: string; readonly lanes: number[] }[] = [];
  const nodeOf = new Map<string, number>();
  const nodeOfLane = lanes.lanes.map(({ agent, service, label }, lane) => {
    const key = areJoined ? `${agent}\n${service}` : String(lane);
    const known = nodeOf.get(key);
    if (known !== undefined) {
      nodes[known]!.lanes.push(lane);
      return known;
    }
    nodeOf.set(key, nodes.length);
    nodes.push({ key, label, lanes: [lane] });
    return nodes.length - 1;
  });
  const joined = new Map<string, { type: LaneEdge["type"]; from: number; to: number; edges: LaneEdge[] }>();
  for (const edge of edges) {
    const from = nodeOfLane[edge.fromLane]!;
    const to = nodeOfLane[edge.toLane]!;
    if (from >= MOST_NODES || to >= MOST_NODES) continue;
    const key = `${edge.type} ${from} ${to}`;
    const known = joined.get(key);
    if (known === undefined) joined.set(key, { type: edge.type, from, to, edges: [edge] });
    else known.edges.push(edge);
  }
  const leftOut = nodes.slice(MOST_NODES).reduce((sum, node) => sum + node.lanes.length, 0);
  return { nodes: nodes.slice(0, MOST_NODES), edges: [...joined.values()], leftOut };
}

/** Where a node is: its column, and its place in it. */
export interface NodePlace {
  readonly column: number;
  readonly row: number;
}

const SWEEPS = 4;

/**
 * Layers from left to right. Nodes are in order of their beginning, so an edge to an earlier one goes back, and the
 * others have no ring: a node stands right of all that lead to it.
 *
 *     orchestrator ──▶ planner ──▶ critic
 *                 └──▶ coder ◀────────┘ back
 */
export function layered(nodes: number, edges: readonly Pick<GraphEdge, "from" | "to">[]): NodePlace[] {
  const column = new Array<number>(nodes).fill(0);
  const forward = edges.filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from || a.to - b.to);
  for (const { from, to } of forward) column[to] = Math.max(column[to]!, column[from]! + 1);
  const columns: number[][] = Array.from({ length: Math.max(0, ...column) + 1 }, () => []);
  for (let node = 0; node < nodes; node++) columns[column[node]!]!.push(node);
  const row = new Array<number>(nodes).fill(0);
  const settle = (): void => {
    const tallest = Math.max(...columns.map(({ length }) => length));
    // Columns are centred beside each other.
    for (const own of columns)
      for (const [at, node] of own.entries()) row[node] = at + (tallest - own.length) / 2;
  };
  settle();
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isRightward = sweep % 2 === 0;
    for (const own of isRightward ? columns : columns.toReversed()) {
      const middle = new Map(own.map((node) => [node, middleOf(node, isRightward, forward, row)]));
      own.sort((a, b) => middle.get(a)! - middle.get(b)! || a - b);
    }
    settle();
  }
  return column.map((at, node) => ({ column: at, row: row[node]! }));
}

/** Between the nodes that it is connected with on one side; where it is when there are none. */
function middleOf(
  node: number,
  isRightward: boolean,
  edges: readonly Pick<GraphEdge, "from" | "to">[],
  row: readonly number[],
): number {
  const beside = isRightward
    ? edges.filter(({ to }) => to === node).map(({ from }) => row[from]!)
    : edges.filter(({ from }) => from === node).map(({ to }) => row[to]!);
  return beside.length === 0 ? row[node]! : beside.reduce((sum, at) => sum + at, 0) / beside.length;
}
