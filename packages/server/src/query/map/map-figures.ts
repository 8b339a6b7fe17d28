import type { MapEdge, MapNodeType } from "@clew/protocol/api/map";
import { TookHistogram } from "./took-histogram.ts";

type EdgeType = MapEdge["type"];

/** What a node of the map adds up to. */
export class NodeFigures {
  readonly key: string;
  readonly type: MapNodeType;
  readonly name: string;
  readonly took = new TookHistogram();
  /** Edges from this node, by where they lead. */
  readonly edges = new Map<NodeFigures, EdgeFigures[]>();
  calls = 0;
  errors = 0;
  inputTokens = 0;
  outputTokens = 0;
  cacheReadTokens = 0;
  costMicro = 0;

  constructor(type: MapNodeType, name: string) {
    this.key = `${type}:${name}`;
    this.type = type;
    this.name = name;
  }

  call(us: number, isError: boolean): void {
    this.calls++;
    if (isError) this.errors++;
    this.took.add(us);
  }

  spend(inputTokens: number, outputTokens: number, cacheReadTokens: number, costMicro: number): void {
    this.inputTokens += inputTokens;
    this.outputTokens += outputTokens;
    this.cacheReadTokens += cacheReadTokens;
    this.costMicro += costMicro;
  }
}

/** What an edge of the map adds up to. */
export class EdgeFigures {
  readonly from: NodeFigures;
  readonly to: NodeFigures;
  readonly type: EdgeType;
  readonly took = new TookHistogram();
  readonly queued = new TookHistogram();
  calls = 0;
  errors = 0;

  constructor(from: NodeFigures, to: NodeFigures, type: EdgeType) {
    this.from = from;
    this.to = to;
    this.type = type;
  }

  call(us: number, isError: boolean, queueUs: number): void {
    this.calls++;
    if (isError) this.errors++;
    this.took.add(us);
    // A call is waited for: what lies before it is the caller's own time.
    if (this.type !== "call") this.queued.add(queueUs);
  }
}

/** Names without end must not fill the memory: the map is of those that were met first. */
const MOST_NODES = 5_000;
const MOST_EDGES = 20_000;

/** Nodes and edges, while traces are added to them. */
export class MapFigures {
  readonly #nodes: Readonly<Record<MapNodeType, Map<string, NodeFigures>>> = {
    agent: new Map(),
    service: new Map(),
    tool: new Map(),
    model: new Map(),
  };
  readonly nodes: NodeFigures[] = [];
  readonly edges: EdgeFigures[] = [];
  /** Takes what there is no room for, and is never told. */
  readonly #nobody = new NodeFigures("service", "");
  traceCount = 0;

  node(type: MapNodeType, name: string): NodeFigures {
    const known = this.#nodes[type].get(name);
    if (known !== undefined) return known;
    if (this.nodes.length === MOST_NODES) return this.#nobody;
    const node = new NodeFigures(type, name);
    this.#nodes[type].set(name, node);
    this.nodes.push(node);
    return node;
  }

  edge(from: NodeFigures, to: NodeFigures, type: EdgeType): EdgeFigures {
    const between = from.edges.get(to);
    const known = between?.find((edge) => edge.type === type);
    if (known !== undefined) return known;
    const edge = new EdgeFigures(from, to, type);
    if (from === this.#nobody || to === this.#nobody || this.edges.length === MOST_EDGES) return edge;
    if (between === undefined) from.edges.set(to, [edge]);
    else between.push(edge);
    this.edges.push(edge);
    return edge;
  }
}
