import { SPAN_FLAG } from "@clew/protocol/api/trace-columns";
import { laneTimes } from "../lanes/lane-times.ts";
import type { AnalysedTrace } from "../trace/use-analysis.ts";
import type { Compared } from "./compared.ts";

/** What spans of a kind add up to in one trace. */
export interface Sum {
  calls: number;
  errors: number;
  us: number;
  tokens: number;
  costMicro: number;
}

export interface SumPair {
  readonly name: string;
  readonly a: Sum;
  readonly b: Sum;
}

/** Both traces by agent, model and tool; what took longest in either first. */
export interface Figures {
  /** Calls are runs, time is what its lanes took; tokens and cost are of its model calls. */
  readonly agents: readonly SumPair[];
  readonly models: readonly SumPair[];
  readonly tools: readonly SumPair[];
}

type Sums = Map<string, Sum>;

export function figuresOf({ a, b }: Pick<Compared, "a" | "b">): Figures {
  const [callsA, callsB] = [callSums(a), callSums(b)];
  return {
    agents: paired(agentSums(a), agentSums(b)),
    models: paired(callsA.models, callsB.models),
    tools: paired(callsA.tools, callsB.tools),
  };
}

const noSum = (): Sum => ({ calls: 0, errors: 0, us: 0, tokens: 0, costMicro: 0 });

function sumOf(sums: Sums, name: string): Sum {
  const known = sums.get(name);
  if (known !== undefined) return known;
  const made = noSum();
  sums.set(name, made);
  return made;
}

function agentSums({ trace, analysis }: AnalysedTrace): Sums {
  const { lanes, rollUps } = analysis;
  const sums: Sums = new Map();
  for (let run = 0; run < lanes.runs.count; run++) {
    const agent = trace.dict.agent[lanes.runs.agent[run]!] ?? "";
    if (agent !== "") sumOf(sums, agent).calls++;
  }
  for (const { lane, us } of laneTimes(analysis)) {
    const { agent } = lanes.lanes[lane]!;
    if (agent !== "") sumOf(sums, agent).us += us;
  }
  for (const [agent, { errors, inputTokens, outputTokens, costMicro }] of rollUps.byAgent) {
    if (agent !== "")
      Object.assign(sumOf(sums, agent), { errors, tokens: inputTokens + outputTokens, costMicro });
  }
  return sums;
}

function callSums({ trace, analysis: { clock } }: AnalysedTrace): { models: Sums; tools: Sums } {
  const [models, tools]: [Sums, Sums] = [new Map(), new Map()];
  const toolType = trace.dict.type.indexOf("tool");
  for (let row = 0; row < trace.n; row++) {
    const isModelCall = (trace.flags[row]! & SPAN_FLAG.counted) !== 0 && trace.model[row] !== 0;
    const isToolCall = toolType > 0 && trace.type[row] === toolType;
    if (!isModelCall && !isToolCall) continue;
    const name = isModelCall
      ? trace.dict.model[trace.model[row]!]!
      : trace.dict.tool[trace.tool[row] ?? 0] || trace.dict.name[trace.name[row] ?? 0] || "(no name)";
    const sum = sumOf(isModelCall ? models : tools, name);
    sum.calls++;
    sum.errors += trace.status[row] === 2 ? 1 : 0;
    sum.us += clock.end[row]! - clock.start[row]!;
    if (!isModelCall) continue;
    sum.tokens += trace.tokIn[row]! + trace.tokOut[row]!;
    sum.costMicro += trace.costMicro[row]!;
  }
  return { models, tools };
}

function paired(a: Sums, b: Sums): SumPair[] {
  return [...new Set([...a.keys(), ...b.keys()])]
    .map((name) => ({ name, a: a.get(name) ?? noSum(), b: b.get(name) ?? noSum() }))
    .sort((one, other) => Math.max(other.a.us, other.b.us) - Math.max(one.a.us, one.b.us));
}
