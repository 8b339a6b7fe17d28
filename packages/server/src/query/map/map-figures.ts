import type { MapEdge, MapNodeType } from "@clew/protocol/api/map";
import { TookHistogram } from "./took-histogram.ts";

/** What a node of the map adds up to. */
export class NodeFigures {
  readonly key: string;
  readonly type: MapNodeType;
  readonly name: string;
  readonly took = new TookHistogram();
  calls = 0;
  errors = 0;
  inputTokens = 0;
  outputTokens = 0;
  cacheReadTokens = 0;
  costMicro = 0;

  constructor(key: string, type: MapNodeType, name: string) {
    this.key = key;
    this.type = type;
    this.name = name;
  }

  call(us: number, isError: boolean): void {
    this.calls++;
    if (isError) this.errors++;
    this.took.add(us);
  }
}

/** What an edge of the map adds up to. */
export class EdgeFigures {
  readonly from: NodeFigures;
  readonly to: NodeFigures;
  readonly type: MapEdge["type"];
  readonly took = new TookHistogram();
  readonly queued = new TookHistogram();
  calls = 0;
  errors = 0;

  constructor(from: NodeFigures, to: NodeFigures, type: MapEdge["type"]) {
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
  readonly #nodes = new Map<string, NodeFigures>();
  readonly #edges = new Map<string, EdgeFigures>();
  /** Takes what there is no room for, and is never told. */
  readonly #nobody = new NodeFigures("", "service", "");
  traceCount = 0;

  get nodes(): readonly NodeFigures[] {
    return [...this.#nodes.values()];
  }

  get edges(): readonly EdgeFigures[] {
    return [...this.#edges.values()];
  }

  node(type: MapNodeType, name: string): NodeFigures {
    const key = `${type}:${name}`;
    let node = this.#nodes.get(key);
    if (node !== undefined) return node;
    if (this.#nodes.size === MOST_NODES) return this.#nobody;
    node = new NodeFigures(key, type, name);
    this.#nodes.set(key, node);
    return node;
  }

  edge(from: NodeFigures, to: NodeFigures, type: MapEdge["type"]): EdgeFigures {
    const key = JSON.stringify([from.key, to.key, type]);
    let edge = this.#edges.get(key);
    if (edge !== undefined) return edge;
    edge = new EdgeFigures(from, to, type);
    const isNobodys = from === this.#nobody || to === this.#nobody;
    if (!isNobodys && this.#edges.size < MOST_EDGES) this.#edges.set(key, edge);
    return edge;
  }
}
