import type { AgentRuns, Lane, Lanes, SpanRows, TraceClock } from "./analysis.ts";
import { EarliestFirst } from "./earliest-first.ts";
import { sortRows } from "./sort-rows.ts";

/** Times cut to the millisecond let runs that follow each other seem to overlap by as much. */
const OVERLAP_US = 1_000;

/**
 * Puts runs into lanes: those of one agent in one service share a lane as long as they do not overlap.
 *
 *     researcher     ├──run──┤   ├──run──┤
 *     researcher #2      ├──run──────┤
 */
export function lanesOf(trace: SpanRows, clock: TraceClock, runs: AgentRuns): Lanes {
  const byStart = runsByStart(clock, runs);
  const services = Math.max(1, trace.dict.service.length);
  const laneOfRun = new Int32Array(runs.count);
  const drafts: { first: number; agent: number; service: number; instance: number; end: number }[] = [];
  const kinds = new Map<number, { readonly free: EarliestFirst; lanes: number }>();
  for (let at = 0; at < byStart.length; at++) {
    const run = byStart[at]!;
    const agent = runs.agent[run]!;
    const service = runs.service[run]!;
    const key = agent * services + service;
    let kind = kinds.get(key);
    if (kind === undefined) kinds.set(key, (kind = { free: new EarliestFirst(), lanes: 0 }));
    const start = clock.start[runs.entry[run]!]!;
    const end = runs.end[run]!;
    if (kind.free.size > 0 && kind.free.earliest <= start + OVERLAP_US) {
      laneOfRun[run] = kind.free.take();
      const draft = drafts[laneOfRun[run]!]!;
      draft.end = Math.max(draft.end, end);
    } else {
      laneOfRun[run] = drafts.length;
      drafts.push({ first: runs.entry[run]!, agent, service, instance: ++kind.lanes, end });
    }
    kind.free.add(drafts[laneOfRun[run]!]!.end, laneOfRun[run]!);
  }
  const laneOf = new Int32Array(trace.n);
  const spans = new Int32Array(drafts.length);
  for (let row = 0; row < trace.n; row++) {
    const lane = laneOfRun[runs.runOf[row]!]!;
    laneOf[row] = lane;
    spans[lane]!++;
  }
  const isShared = sharedNames(drafts, trace);
  const lanes = drafts.map(({ first, agent, service, instance, end }, at): Lane => {
    const agentName = trace.dict.agent[agent] ?? "";
    const serviceName = trace.dict.service[service] ?? "";
    const name = agentName || serviceName || "unknown service";
    const where = agentName !== "" && isShared.has(agentName) ? `${name} (${serviceName})` : name;
    return {
      label: instance === 1 ? where : `${where} #${instance}`,
      agent: agentName,
      service: serviceName,
      instance,
      firstSpan: first,
      spans: spans[at]!,
      startUs: clock.start[first]!,
      endUs: end,
    };
  });
  return { lanes, laneOf, runs };
}

function runsByStart(clock: TraceClock, { count, entry }: AgentRuns): Int32Array {
  const rows = new Int32Array(count);
  const start = new Float64Array(count);
  for (let run = 0; run < count; run++) {
    rows[run] = run;
    start[run] = clock.start[entry[run]!]!;
  }
  sortRows(rows, start);
  return rows;
}

/** Agents that run in several services, which have to be told apart. */
function sharedNames(
  drafts: readonly { readonly agent: number; readonly service: number }[],
  trace: SpanRows,
): Set<string> {
  const services = new Map<number, number>();
  const shared = new Set<string>();
  for (const { agent, service } of drafts) {
    const first = services.get(agent);
    if (first === undefined) services.set(agent, service);
    else if (first !== service) shared.add(trace.dict.agent[agent] ?? "");
  }
  return shared;
}
