import { analyseTrace } from "@clew/protocol/analysis/analyse-trace";
import type { TraceAnalysis } from "@clew/protocol/analysis/analysis";
import type { MapScope } from "@clew/protocol/api/map";
import { SPAN_FLAG, type TraceColumns } from "@clew/protocol/api/trace-columns";

/** Of a node or an edge: exact lengths in milliseconds, sorted. */
export interface ExpectedFigures {
  calls: number;
  errors: number;
  took: number[];
  queued: number[];
  tokens: number[];
  costUsd: number;
}

export interface ExpectedMap {
  readonly nodes: Map<string, ExpectedFigures>;
  /** By `from > to, type`. */
  readonly edges: Map<string, ExpectedFigures>;
}

/** What whole analyses of traces, as the API gives them, add up to; without tools and models. */
export function expectedMap(traces: readonly TraceColumns[], scope: MapScope): ExpectedMap {
  const map: ExpectedMap = { nodes: new Map(), edges: new Map() };
  for (const trace of traces) add(map, trace, scope);
  for (const figures of [...map.nodes.values(), ...map.edges.values()]) {
    figures.took.sort((a, b) => a - b);
    figures.queued.sort((a, b) => a - b);
  }
  return map;
}

function add({ nodes, edges }: ExpectedMap, trace: TraceColumns, scope: MapScope): void {
  const analysis = analyseTrace(scope === "agents" ? trace : withoutAgents(trace));
  const { lanes, rollUps } = analysis;
  const isRunning = (row: number): boolean => (trace.flags[row]! & SPAN_FLAG.running) !== 0;
  const keys = lanes.lanes.map(({ agent, service }) =>
    agent === "" ? `service:${service || "unknown service"}` : `agent:${agent}`,
  );
  for (const key of keys) figuresOf(nodes, key);
  for (let run = 0; run < lanes.runs.count; run++) {
    const row = lanes.runs.entry[run]!;
    if (!isRunning(row)) call(figuresOf(nodes, keys[lanes.laneOf[row]!]!), trace, analysis, row);
  }
  for (const edge of analysis.edges) {
    if (isRunning(edge.toSpan)) continue;
    const figures = figuresOf(edges, `${keys[edge.fromLane]} > ${keys[edge.toLane]}, ${edge.type}`);
    call(figures, trace, analysis, edge.toSpan);
    if (edge.type !== "call") figures.queued.push(edge.queueUs / 1000);
  }
  const sums = scope === "services" ? rollUps.byService : rollUps.byAgent;
  for (const [name, { inputTokens, outputTokens, cacheReadTokens, costMicro }] of sums) {
    // Spans of no agent are one sum here, and several services on the map.
    if (scope === "agents" && name === "") continue;
    const key = scope === "services" ? `service:${name || "unknown service"}` : `agent:${name}`;
    spend(figuresOf(nodes, key), [inputTokens, outputTokens, cacheReadTokens], costMicro);
  }
  for (let row = 0; row < trace.n; row++) {
    const key = keys[lanes.laneOf[row]!]!;
    const counts = (trace.flags[row]! & SPAN_FLAG.counted) !== 0 && !isRunning(row);
    if (scope === "services" || !key.startsWith("service:") || !counts) continue;
    const tokens = [trace.tokIn[row]!, trace.tokOut[row]!, trace.tokCacheR[row]!];
    spend(figuresOf(nodes, key), tokens, trace.costMicro[row]!);
  }
}

function spend(figures: ExpectedFigures, tokens: readonly number[], costMicro: number): void {
  for (const [at, value] of tokens.entries()) figures.tokens[at]! += value;
  figures.costUsd += costMicro / 1e6;
}

function call(figures: ExpectedFigures, trace: TraceColumns, analysis: TraceAnalysis, row: number): void {
  const { runs } = analysis.lanes;
  const run = runs.runOf[row]!;
  const end = runs.entry[run] === row ? runs.end[run]! : analysis.clock.end[row]!;
  figures.calls++;
  if (trace.status[row] === 2) figures.errors++;
  figures.took.push((end - analysis.clock.start[row]!) / 1000);
}

function figuresOf(among: Map<string, ExpectedFigures>, key: string): ExpectedFigures {
  const known = among.get(key) ?? {
    calls: 0,
    errors: 0,
    took: [],
    queued: [],
    tokens: [0, 0, 0],
    costUsd: 0,
  };
  among.set(key, known);
  return known;
}

function withoutAgents(trace: TraceColumns): TraceColumns {
  const none = trace.id.map(() => 0);
  return { ...trace, agent: none, type: none, tool: none, model: none, name: none };
}
