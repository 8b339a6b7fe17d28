import type { PingPongFinding } from "../analysis.ts";
import { type Evidence, follows } from "./evidence.ts";

/** A draft, its criticism and a second round are how it is meant to be; from the third on it is worth a look. */
const ROUNDS = 3;
/** A conversation only grows. Agents that are given one thing after the other get shorter ones, too. */
const SHRINKS_TO = 0.9;

/**
 * Two agents that take turns, one after the other, called by one and the same or each by the other:
 *
 *     planner   ├──┤      ├──┤      ├──┤            planner ├───────────────┤
 *     critic        ├──┤      ├──┤      ├──┤        critic    ├────────────┤
 *                                                   planner     ├─────────┤   and so on
 */
export function findPingPong(evidence: Evidence): PingPongFinding[] {
  const agents = agentVisits(evidence);
  const found: PingPongFinding[] = [];
  for (const sequence of [...besideEachOther(evidence, agents), ...belowEachOther(evidence, agents)]) {
    for (const turns of alternations(evidence, agents, sequence))
      found.push(finding(evidence, agents, turns));
  }
  return found;
}

interface Visits {
  /** By run: the agent, as a number; -1 for runs of services that call no model. */
  readonly who: Int32Array;
  /** By run: tokens that went into its own model calls. */
  readonly input: Float64Array;
}

function agentVisits({ trace, lanes, rollUps }: Evidence): Visits {
  const { runs } = lanes;
  const input = new Float64Array(runs.count);
  const modelCalls = new Int32Array(runs.count);
  for (let run = 0; run < runs.count; run++) {
    const entry = runs.entry[run]!;
    input[run]! += rollUps.inputTokens[entry]!;
    modelCalls[run]! += rollUps.modelCalls[entry]!;
    const caller = runs.caller[run]!;
    // What is called below has been added to all above it.
    if (caller < 0) continue;
    input[caller]! -= rollUps.inputTokens[entry]!;
    modelCalls[caller]! -= rollUps.modelCalls[entry]!;
  }
  const services = Math.max(1, trace.dict.service.length);
  const who = runs.agent.map((agent, run) => {
    if (agent === 0 && modelCalls[run] === 0) return -1;
    return agent === 0 ? runs.service[run]! : services + agent;
  });
  return { who, input };
}

/** For each caller, the runs that it called, in order of start. */
function besideEachOther({ lanes: { runs }, clock }: Evidence, { who }: Visits): number[][] {
  const byCaller = new Map<number, number[]>();
  for (let run = 0; run < runs.count; run++) {
    if (who[run] === -1) continue;
    const list = byCaller.get(runs.caller[run]!);
    if (list === undefined) byCaller.set(runs.caller[run]!, [run]);
    else list.push(run);
  }
  const start = (run: number): number => clock.start[runs.entry[run]!]!;
  return [...byCaller.values()]
    .filter((list) => list.length >= 2 * ROUNDS)
    .map((list) => list.sort((a, b) => start(a) - start(b)));
}

/** Lines of runs, each called by the one before, with services that are no agents left out. */
function belowEachOther({ lanes: { runs } }: Evidence, { who }: Visits): number[][] {
  const above = new Int32Array(runs.count);
  const length = new Int32Array(runs.count);
  const isLast = new Uint8Array(runs.count);
  for (let run = 0; run < runs.count; run++) {
    let caller = runs.caller[run]!;
    if (caller >= 0 && who[caller] === -1) caller = above[caller]!;
    above[run] = caller;
    if (who[run] === -1) continue;
    const grand = caller < 0 ? -1 : above[caller]!;
    const continues = grand >= 0 && who[grand] === who[run];
    length[run] = continues ? length[caller]! + 1 : caller < 0 ? 1 : 2;
    isLast[run] = 1;
    if (continues) isLast[caller] = 0;
  }
  const ends: number[] = [];
  for (let run = 0; run < runs.count; run++) {
    if (isLast[run] === 1 && length[run]! >= 2 * ROUNDS) ends.push(run);
  }
  // Where lines part, what they have in common is told with the longest. A line may begin where another one ends.
  ends.sort((a, b) => length[b]! - length[a]!);
  const isTold = new Uint8Array(runs.count);
  const lines: number[][] = [];
  for (const end of ends) {
    const line: number[] = [];
    const most = length[end]!;
    for (let at = end; line.length < most; at = above[at]!) {
      if (isTold[at] === 1 && line.length < most - 1) break;
      line.push(at);
    }
    for (const run of line) isTold[run] = 1;
    if (line.length >= 2 * ROUNDS) lines.push(line.reverse());
  }
  return lines.sort((a, b) => a.at(-1)! - b.at(-1)!);
}

/** The longest stretches of A B A B A B. */
function* alternations(
  evidence: Evidence,
  { who, input }: Visits,
  sequence: readonly number[],
): Generator<readonly number[]> {
  const { entry, caller } = evidence.lanes.runs;
  const isTurn = (at: number): boolean => {
    const run = sequence[at]!;
    const before = sequence[at - 1]!;
    const isBeside = caller[run] === caller[before];
    return who[run] !== who[before] && (!isBeside || follows(evidence, entry[before]!, entry[run]!));
  };
  const isBackTo = (at: number): boolean => {
    const run = sequence[at]!;
    const last = sequence[at - 2]!;
    return who[run] === who[last] && input[run]! >= SHRINKS_TO * input[last]!;
  };
  let first = 0;
  for (let at = 1; at <= sequence.length; at++) {
    const turns = at < sequence.length && isTurn(at);
    if (turns && (at - first < 2 || isBackTo(at))) continue;
    if (at - first >= 2 * ROUNDS) yield sequence.slice(first, at);
    first = turns ? at - 1 : at;
  }
}

function finding(evidence: Evidence, { who }: Visits, turns: readonly number[]): PingPongFinding {
  const { lanes } = evidence;
  const rounds = Math.floor(turns.length / 2);
  const labels = turns.slice(0, 2).map((run) => {
    const lane = lanes.lanes[lanes.laneOf[lanes.runs.entry[run]!]!];
    return lane?.agent || lane?.service || String(who[run]);
  });
  return {
    kind: "ping-pong",
    severity: "warning",
    spans: turns.map((run) => lanes.runs.entry[run]!),
    rounds,
    text: `${labels.join(" and ")} took turns ${rounds} times`,
  };
}
