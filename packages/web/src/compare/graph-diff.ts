import type { LaneEdge } from "@clew/protocol/analysis/analysis";
import { laneTimes } from "../lanes/lane-times.ts";
import type { AnalysedTrace } from "../trace/use-analysis.ts";
import type { Compared } from "./compared.ts";

export type GraphMark = "only-a" | "only-b" | "both";

/** An agent, or a service where no agent is known, in both traces; all of its instances. */
export interface NodePair {
  readonly name: string;
  readonly isAgent: boolean;
  readonly mark: GraphMark;
  readonly usA: number;
  readonly usB: number;
  /** A row of the trace to go to: where it began; -1 where a trace has none. */
  readonly firstA: number;
  readonly firstB: number;
}

export interface EdgePair {
  readonly type: LaneEdge["type"];
  readonly from: number;
  readonly to: number;
  readonly mark: GraphMark;
  readonly timesA: number;
  readonly timesB: number;
  /** Row that the first of them led to; -1 where a trace has none. */
  readonly firstA: number;
  readonly firstB: number;
}

export interface GraphDiff {
  readonly nodes: readonly NodePair[];
  readonly edges: readonly EdgePair[];
  /** Nodes that have no place: there are too many. */
  readonly leftOut: number;
}

/** More nodes than this cannot be told apart. */
const MOST_NODES = 60;

/** The agents of both traces and what went between them, in the order in which they began. */
export function graphDiff({ a, b }: Pick<Compared, "a" | "b">): GraphDiff {
  const [one, other] = [sideOf(a), sideOf(b)];
  const keys = merged([...one.nodes.keys()], [...other.nodes.keys()]);
  const shown = keys.slice(0, MOST_NODES);
  const place = new Map(shown.map((key, at) => [key, at]));
  const nodes = shown.map((key): NodePair => {
    const [inA, inB] = [one.nodes.get(key), other.nodes.get(key)];
    const { name, isAgent } = (inA ?? inB)!;
    return {
      ...{ name, isAgent, mark: markOf(inA, inB) },
      ...{ usA: inA?.us ?? 0, usB: inB?.us ?? 0, firstA: inA?.first ?? -1, firstB: inB?.first ?? -1 },
    };
  });
  const edges = [...new Set([...one.edges.keys(), ...other.edges.keys()])].flatMap((key): EdgePair[] => {
    const [inA, inB] = [one.edges.get(key), other.edges.get(key)];
    const { type, from, to } = (inA ?? inB)!;
    const [fromNode, toNode] = [place.get(from), place.get(to)];
    if (fromNode === undefined || toNode === undefined) return [];
    return [
      {
        ...{ type, from: fromNode, to: toNode, mark: markOf(inA, inB) },
        ...{ timesA: inA?.times ?? 0, timesB: inB?.times ?? 0 },
        ...{ firstA: inA?.first ?? -1, firstB: inB?.first ?? -1 },
      },
    ];
  });
  return { nodes, edges, leftOut: keys.length - shown.length };
}

/** The order of `a`, with what only `b` has before what follows it there. */
function merged(a: readonly string[], b: readonly string[]): string[] {
  const known = new Set(a);
  const before = new Map<string, string[]>();
  let waiting: string[] = [];
  for (const key of b) {
    if (!known.has(key)) waiting.push(key);
    else if (waiting.length > 0) {
      before.set(key, waiting);
      waiting = [];
    }
  }
  return [...a.flatMap((key) => [...(before.get(key) ?? []), key]), ...waiting];
}

function markOf(a: unknown, b: unknown): GraphMark {
  return a === undefined ? "only-b" : b === undefined ? "only-a" : "both";
}

interface SideNode {
  readonly name: string;
  readonly isAgent: boolean;
  readonly first: number;
  us: number;
}

interface SideEdge {
  readonly type: LaneEdge["type"];
  readonly from: string;
  readonly to: string;
  readonly first: number;
  times: number;
}

/** What a lane is called without the number of its instance: instances come and go. */
function sideOf({ analysis }: AnalysedTrace): {
  readonly nodes: Map<string, SideNode>;
  readonly edges: Map<string, SideEdge>;
} {
  const { lanes } = analysis.lanes;
  const keyOf = (lane: number): string => {
    const { agent, service } = lanes[lane]!;
    return agent === "" ? `service ${service}` : `agent ${agent}`;
  };
  const nodes = new Map<string, SideNode>();
  for (const { lane, us } of laneTimes(analysis)) {
    const { agent, service, firstSpan } = lanes[lane]!;
    const key = keyOf(lane);
    const known = nodes.get(key);
    if (known === undefined)
      nodes.set(key, { name: agent || service, isAgent: agent !== "", first: firstSpan, us });
    else known.us += us;
  }
  const edges = new Map<string, SideEdge>();
  for (const { type, fromLane, toLane, toSpan } of analysis.edges) {
    const [from, to] = [keyOf(fromLane), keyOf(toLane)];
    const key = JSON.stringify([type, from, to]);
    const known = edges.get(key);
    if (known === undefined) edges.set(key, { type, from, to, first: toSpan, times: 1 });
    else known.times++;
  }
  return { nodes, edges };
}
