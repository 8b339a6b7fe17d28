import type { AgentRuns, SpanRows, SpanTree, TraceClock } from "./analysis.ts";
import { crossesBorder, ROLE } from "./span-role.ts";

const NO_AGENT = 0;

/**
 * Parts the tree into runs of agents. A span that names no agent belongs to the nearest above; a service that calls
 * models of its own without naming an agent is one itself, and so is every service in a trace without agents above.
 *
 *     invoke_agent planner          planner
 *     ├─ chat                       planner
 *     └─ execute_tool search        planner
 *        └─ POST ── GET /search     planner; a lane of its own if /search called models
 *           └─ invoke_agent critic  critic
 */
export function agentRuns(trace: SpanRows, tree: SpanTree, clock: TraceClock, roles: Uint8Array): AgentRuns {
  const { n } = trace;
  const { soleAgent, callsModels } = serviceHabits(trace, roles);
  const runOf = new Int32Array(n);
  const hasToolAbove = new Uint8Array(n);
  const entry: number[] = [];
  const caller: number[] = [];
  const agents: number[] = [];
  const services: number[] = [];
  const ends: number[] = [];
  for (let at = 0; at < n; at++) {
    const row = tree.order[at]!;
    const parent = tree.parent[row]!;
    const service = trace.service[row] ?? 0;
    const above = parent < 0 ? -1 : runOf[parent]!;
    const isBorder = above < 0 || crossesBorder(trace, parent, row);
    const own = trace.agent[row] ?? NO_AGENT;
    const agent = own !== NO_AGENT ? own : isBorder ? (soleAgent.get(service) ?? NO_AGENT) : NO_AGENT;
    const agentAbove = above < 0 ? NO_AGENT : agents[above]!;
    const staysInside =
      above >= 0 &&
      (agent === NO_AGENT
        ? !isBorder || (agentAbove !== NO_AGENT && !callsModels.has(service))
        : agent === agentAbove && !isRecursion(roles[row]!, hasToolAbove[parent]!));
    // A border between ends of one service, below an agent, is that agent calling a part of itself.
    const isOwnService =
      above >= 0 && agentAbove !== NO_AGENT && trace.service[parent] === trace.service[row];
    if (staysInside || (agent === NO_AGENT && isOwnService)) {
      runOf[row] = above;
      if (clock.end[row]! > ends[above]!) ends[above] = clock.end[row]!;
    } else {
      runOf[row] = entry.length;
      entry.push(row);
      caller.push(above);
      agents.push(agent);
      services.push(service);
      ends.push(clock.end[row]!);
    }
    const isInside = runOf[row] === above;
    if (roles[row] === ROLE.tool) hasToolAbove[row] = 1;
    else hasToolAbove[row] = isInside && roles[row] !== ROLE.agent ? hasToolAbove[parent]! : 0;
  }
  return {
    count: entry.length,
    runOf,
    entry: Int32Array.from(entry),
    caller: Int32Array.from(caller),
    agent: Int32Array.from(agents),
    service: Int32Array.from(services),
    end: Float64Array.from(ends),
  };
}

/** An agent that is called by its own tool runs once more; one that is wrapped twice does not. */
function isRecursion(role: number, hasToolAbove: number): boolean {
  return role === ROLE.agent && hasToolAbove === 1;
}

interface ServiceHabits {
  /** By service, the agent that all of its spans name that name one; none where they name several. */
  readonly soleAgent: ReadonlyMap<number, number>;
  /** Services with a model call that names no agent. */
  readonly callsModels: ReadonlySet<number>;
}

function serviceHabits(trace: SpanRows, roles: Uint8Array): ServiceHabits {
  const soleAgent = new Map<number, number>();
  const callsModels = new Set<number>();
  for (let row = 0; row < trace.n; row++) {
    const service = trace.service[row] ?? 0;
    const agent = trace.agent[row] ?? NO_AGENT;
    if (agent === NO_AGENT) {
      if (roles[row] === ROLE.model) callsModels.add(service);
    } else if (soleAgent.get(service) === undefined) soleAgent.set(service, agent);
    else if (soleAgent.get(service) !== agent) soleAgent.set(service, NO_AGENT);
  }
  return { soleAgent, callsModels };
}
