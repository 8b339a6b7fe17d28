import type { LaneEdge, SpanTree } from "../analysis/analysis.ts";
import { correctedClock, sentClock } from "../analysis/clock.ts";
import { laneEdges } from "../analysis/edges.ts";
import { lanesOf } from "../analysis/lanes.ts";
import { messageLinks } from "../analysis/message-links.ts";
import { rollUps } from "../analysis/roll-ups.ts";
import { agentRuns } from "../analysis/runs.ts";
import { ROLE, STATUS_ERROR, spanRoles } from "../analysis/span-role.ts";
import { buildTree } from "../analysis/tree.ts";
import { SPAN_FLAG, type TraceColumns } from "../api/trace-columns.ts";
import type { TranscriptRun } from "../api/transcript.ts";

/** One thing to tell; rows are those of the columns. */
export interface PlannedStep {
  /** `run`: somebody begins. `error`: a span failed of which nothing else is told. */
  readonly type: "run" | "model" | "tool" | "error";
  /** Of a run the span it begins with. */
  readonly row: number;
  /** Index into `runs`. */
  readonly run: number;
  /** Index of the lane, whose earlier model calls a model call may continue. */
  readonly lane: number;
  /** Microseconds since the trace's beginning, with clocks that differ corrected. */
  readonly startUs: number;
  /** Of a run that begins with a call of a model or tool, which is a step of its own. */
  readonly tellsElsewhere?: true;
}

/** What a transcript tells, in the order in which it is read: a run with all it called before what came after it. */
export interface TranscriptPlan {
  readonly steps: readonly PlannedStep[];
  readonly runs: readonly PlannedRun[];
}

export interface PlannedRun extends TranscriptRun {
  /** Index of the run that called it, which is smaller than its own; -1 for none. */
  readonly caller: number;
}

/** Tells of its span something that can be read; logs may be of anything. */
const TELLS = SPAN_FLAG.content | SPAN_FLAG.events | SPAN_FLAG.logs;
/** Model spans that hold no conversation. */
const SILENT_TYPES = new Set(["embedding", "reranker"]);
/** Calls are waited for. */
const WAITED = "call";

/** Plans the transcript of a trace. Linear but for sorting, without recursion. */
export function transcriptPlan(trace: TraceColumns): TranscriptPlan {
  const sent = sentClock(trace);
  const firstTree = buildTree(trace, sent.start);
  const clock = correctedClock(trace, firstTree, sent);
  const tree = clock === sent ? firstTree : buildTree(trace, clock.start, firstTree.duplicates);
  const roles = spanRoles(trace);
  const lanes = lanesOf(trace, clock, agentRuns(trace, tree, clock, roles));
  const sums = rollUps(trace, tree, lanes);
  const { runs } = lanes;
  const types = stepTypes(trace, tree, roles);

  // A run that tells nothing itself and is no agent's is passed through: what it called belongs to its caller.
  const tells = new Uint8Array(runs.count);
  for (let row = 0; row < trace.n; row++) if (types[row] !== undefined) tells[runs.runOf[row]!] = 1;
  for (let run = 0; run < runs.count; run++) if (runs.agent[run] !== 0) tells[run] = 1;
  const shownAs = new Int32Array(runs.count).fill(-1);
  const above = new Int32Array(runs.count).fill(-1);
  const entries: number[] = [];
  // Callers come before what they call.
  for (let run = 0; run < runs.count; run++) {
    const caller = runs.caller[run]!;
    above[run] = caller < 0 ? -1 : tells[caller] === 1 ? shownAs[caller]! : above[caller]!;
    if (tells[run] !== 1) continue;
    shownAs[run] = entries.length;
    entries.push(run);
  }

  const cameBy = firstEdges(laneEdges(trace, tree, clock, lanes, messageLinks(trace)), runs.runOf);
  const shown = entries.map((run): PlannedRun => {
    const row = runs.entry[run]!;
    const { label, agent, service } = lanes.lanes[lanes.laneOf[row]!]!;
    const edge = cameBy.get(run);
    return {
      span: trace.id[row] ?? "",
      above: above[run]! < 0 ? "" : (trace.id[runs.entry[entries[above[run]!]!]!] ?? ""),
      caller: above[run]!,
      label,
      agent,
      service,
      startUs: clock.start[row]!,
      durUs: Math.max(0, runs.end[run]! - clock.start[row]!),
      modelCalls: sums.modelCalls[row]!,
      toolCalls: sums.toolCalls[row]!,
      inputTokens: sums.inputTokens[row]!,
      outputTokens: sums.outputTokens[row]!,
      costMicro: sums.costMicro[row]!,
      errors: sums.errors[row]!,
      hasFailed: trace.status[row] === STATUS_ERROR,
      isRunning: ((trace.flags[row] ?? 0) & SPAN_FLAG.running) !== 0,
      ...(edge !== undefined && {
        from: {
          type: edge.type,
          label: lanes.lanes[edge.fromLane]!.label,
          span: trace.id[edge.fromSpan] ?? "",
        },
      }),
    };
  });

  // Of each run what it did and whom it called, by time; -1 - run stands for a run.
  const members: number[][] = shown.map(() => []);
  const tops: number[] = [];
  for (let at = 0; at < trace.n; at++) {
    const row = tree.order[at]!;
    const run = runs.runOf[row]!;
    const of = shownAs[run]!;
    if (of >= 0 && runs.entry[run] === row) (above[run]! < 0 ? tops : members[above[run]!]!).push(-1 - of);
    if (of >= 0 && types[row] !== undefined) members[of]!.push(row);
  }
  const rowOf = (member: number): number => (member < 0 ? runs.entry[entries[-1 - member]!]! : member);
  const byTime = (a: number, b: number): number => clock.start[rowOf(a)]! - clock.start[rowOf(b)]!;
  for (const list of [tops, ...members]) list.sort(byTime);

  const steps: PlannedStep[] = [];
  const open: { readonly run: number; readonly list: readonly number[]; at: number }[] = [
    { run: -1, list: tops, at: 0 },
  ];
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const member = top.list[top.at++];
    if (member === undefined) {
      open.pop();
      continue;
    }
    const row = rowOf(member);
    const step = { row, lane: lanes.laneOf[row]!, startUs: clock.start[row]! };
    if (member >= 0) steps.push({ type: types[row]!, run: top.run, ...step });
    else {
      const run = -1 - member;
      const tellsElsewhere = types[row] === undefined ? {} : ({ tellsElsewhere: true } as const);
      steps.push({ type: "run", run, ...step, ...tellsElsewhere });
      open.push({ run, list: members[run]!, at: 0 });
    }
  }
  return { steps, runs: shown };
}

/** How each run came about, where it was not simply called. */
function firstEdges(edges: readonly LaneEdge[], runOf: Int32Array): Map<number, LaneEdge> {
  const first = new Map<number, LaneEdge>();
  for (const edge of edges) {
    const run = runOf[edge.toSpan]!;
    if (edge.type !== WAITED && !first.has(run)) first.set(run, edge);
  }
  return first;
}

/**
 * What each row is told as; undefined for most. Libraries wrap calls of models and tools in spans of the same kind: of
 * those around one call the innermost of a model that tells something is told, else the outermost, and of a tool the
 * outermost that tells something.
 */
function stepTypes(
  trace: TraceColumns,
  tree: SpanTree,
  roles: Uint8Array,
): (PlannedStep["type"] | undefined)[] {
  const { n } = trace;
  const types: (PlannedStep["type"] | undefined)[] = new Array(n);
  const tells = (row: number): boolean => ((trace.flags[row] ?? 0) & TELLS) !== 0;
  const isModel = (row: number): boolean =>
    roles[row] === ROLE.model && !SILENT_TYPES.has(trace.dict.type[trace.type[row] ?? 0] ?? "");
  const modelBelow = new Uint8Array(n);
  const errorBelow = new Uint8Array(n);
  for (let at = n - 1; at >= 0; at--) {
    const row = tree.order[at]!;
    const parent = tree.parent[row]!;
    if (isModel(row) && modelBelow[row] === 0) types[row] = "model";
    if (parent < 0) continue;
    if (modelBelow[row] === 1 || (isModel(row) && tells(row))) modelBelow[parent] = 1;
    if (errorBelow[row] === 1 || trace.status[row] === STATUS_ERROR) errorBelow[parent] = 1;
  }
  // From above: the row of the model or tool call that a row is part of.
  const within = new Int32Array(n).fill(-1);
  for (let at = 0; at < n; at++) {
    const row = tree.order[at]!;
    const parent = tree.parent[row]!;
    const call = parent < 0 ? -1 : within[parent]!;
    within[row] = call;
    if (roles[row] === ROLE.agent) within[row] = -1;
    else if (types[row] === "model") {
      if (call >= 0 && types[call] === "model" && !tells(row)) types[row] = undefined;
      else within[row] = row;
    } else if (roles[row] === ROLE.tool) {
      const isSame = call >= 0 && types[call] === "tool" && trace.tool[call] === trace.tool[row];
      if (isSame && (tells(call) || !tells(row))) continue;
      if (isSame) types[call] = undefined;
      types[row] = "tool";
      within[row] = row;
    } else if (trace.status[row] === STATUS_ERROR && errorBelow[row] === 0 && call < 0) types[row] = "error";
  }
  return types;
}
