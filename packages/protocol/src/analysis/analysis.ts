import type { TraceColumns } from "../api/trace-columns.ts";

/**
 * What the analysis reads of a trace: `TraceColumns` has it. Everything that comes out refers to spans by their row,
 * 0 to n - 1. Rows may come in any order, parents may be anything, texts and numbers may be missing.
 *
 * All of it is linear or n log n, without recursion, and never throws.
 */
export type SpanRows = Pick<
  TraceColumns,
  | "traceId"
  | "n"
  | "id"
  | "parent"
  | "start"
  | "dur"
  | "dict"
  | "name"
  | "kind"
  | "service"
  | "type"
  | "agent"
  | "model"
  | "tool"
  | "status"
  | "err"
  | "tokIn"
  | "tokOut"
  | "tokCacheR"
  | "costMicro"
  | "flags"
  | "links"
>;

/** Who called whom, repaired. Row `n`, which is no span, stands for what is above the trace. */
export interface SpanTree {
  readonly n: number;
  /** Row of the parent, `NO_PARENT` or `PARENT_MISSING`; following it always ends. */
  readonly parent: Int32Array;
  /** The children of row i are `childRows` from `childStart[i]` up to `childStart[i + 1]`, in order of start; row `n` has the tops. */
  readonly childStart: Int32Array;
  readonly childRows: Int32Array;
  /** Called by nobody. */
  readonly roots: Int32Array;
  /** Their parent was named but is not there: they hang in a gap below which nothing is known. */
  readonly orphans: Int32Array;
  /** Of each ring of spans that name each other as parent the earliest, before which the ring was cut. */
  readonly rings: Int32Array;
  /** Rows whose id an earlier row has as well. Children belong to whichever row the columns say. */
  readonly duplicates: Int32Array;
  /** All rows, parents before children, siblings by start: roots first, then orphans, then rings. */
  readonly order: Int32Array;
  /** 0 for tops. */
  readonly depth: Int32Array;
  /** Spans at or below. */
  readonly size: Int32Array;
}

/** A service whose clock does not agree with its callers'. */
export interface ClockSkew {
  /** Index into `dict.service`. */
  readonly service: number;
  /** Microseconds by which its clock is ahead of the root's; negative when it is behind. The largest where visits differ. */
  readonly aheadUs: number;
  /** Spans that were moved. */
  readonly spans: number;
}

/** Times that agree with who called whom. Microseconds since the columns' beginning; durations are as they were sent. */
export interface TraceClock {
  readonly start: Float64Array;
  /** Never before the start; of a span that is running, the trace's end so far. */
  readonly end: Float64Array;
  /** The earliest start. */
  readonly fromUs: number;
  /** The latest end. */
  readonly toUs: number;
  readonly skews: readonly ClockSkew[];
}

/** Added up. Tokens and cost only of model calls that count: those without a model span below, ended. */
export interface Totals {
  readonly spans: number;
  readonly errors: number;
  readonly modelCalls: number;
  readonly toolCalls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  /** Millionths of a US dollar. */
  readonly costMicro: number;
}

/** `Totals` of each span with everything below it, by row. */
export interface RollUps {
  readonly errors: Int32Array;
  readonly modelCalls: Int32Array;
  readonly toolCalls: Int32Array;
  readonly inputTokens: Float64Array;
  readonly outputTokens: Float64Array;
  readonly cacheReadTokens: Float64Array;
  readonly costMicro: Float64Array;
  readonly whole: Totals;
  /** By the agent of the lane; the empty text for spans that belong to no agent. */
  readonly byAgent: ReadonlyMap<string, Totals>;
  readonly byService: ReadonlyMap<string, Totals>;
}

/**
 * A lane: one instance of an agent, or of a service where no agent is known. What it does one after the other is in
 * one lane; where it does two things at once it has two.
 */
export interface Lane {
  /** The agent's name, else the service's; with a number where there are several. */
  readonly label: string;
  /** Empty where no agent is known. */
  readonly agent: string;
  readonly service: string;
  /** 1, 2, … among the lanes of the same agent and service. */
  readonly instance: number;
  /** Row of the span it begins with. */
  readonly firstSpan: number;
  readonly spans: number;
  readonly startUs: number;
  readonly endUs: number;
}

/** A run: what a lane does from when it is called until it is done. Runs are connected parts of the tree. */
export interface AgentRuns {
  readonly count: number;
  /** Run of each row. */
  readonly runOf: Int32Array;
  /** By run: row it begins with. */
  readonly entry: Int32Array;
  /** By run: the run that called it; -1 for none. */
  readonly caller: Int32Array;
  /** By run: index into `dict.agent`; 0 where no agent is known. */
  readonly agent: Int32Array;
  /** By run: index into `dict.service`, of its entry. */
  readonly service: Int32Array;
  /** By run: when its last own span ends. */
  readonly end: Float64Array;
}

export interface Lanes {
  /** In order of their first start. */
  readonly lanes: readonly Lane[];
  /** Lane of each row. */
  readonly laneOf: Int32Array;
  readonly runs: AgentRuns;
}

/** What goes from lane to lane. */
export interface LaneEdge {
  /** A hand-off is a call whose caller ends without waiting; a message goes through a queue. */
  readonly type: "call" | "hand-off" | "message";
  readonly fromLane: number;
  readonly toLane: number;
  /** Row that called, handed over or sent. */
  readonly fromSpan: number;
  /** Row that it began with on the other side. */
  readonly toSpan: number;
  /** When it left; `startedUs - sentUs` is the time in the queue or on the way. */
  readonly sentUs: number;
  readonly startedUs: number;
  readonly queueUs: number;
}

/** What time goes into. `waiting` is a call whose other side shows nothing at that time; `idle` is nobody's. */
export const TIME_KINDS = ["self", "model", "tool", "waiting", "queue", "idle"] as const;
export type TimeKind = (typeof TIME_KINDS)[number];

/**
 * The chain of work that decided how long the trace took, from its beginning to its end. Segments adjoin: together
 * they are as long as the trace.
 */
export interface CriticalPath {
  readonly count: number;
  /** By segment: row; of queue and idle time that of what began after it; -1 where there is none. */
  readonly span: Int32Array;
  /** By segment: the row of the model call or tool that it is part of, else that of the segment. */
  readonly owner: Int32Array;
  readonly fromUs: Float64Array;
  readonly toUs: Float64Array;
  /** By segment: index into `TIME_KINDS`. */
  readonly kind: Uint8Array;
  /** By segment of the kind `waiting`: the lane waited for; -1 where it is not in the trace. */
  readonly onLane: Int32Array;
  /** Microseconds by kind. */
  readonly totals: Readonly<Record<TimeKind, number>>;
}

/** What a lane's time went into; those of one lane add up to how long its runs took. */
export interface Wait {
  readonly lane: number;
  readonly kind: TimeKind;
  /** The lane waited for; -1 for anything else. */
  readonly onLane: number;
  /** Label of that lane, name of model, tool or call; empty for the lane's own time and for idle time. */
  readonly on: string;
  readonly us: number;
  /** Stretches of time it is made of. */
  readonly times: number;
}

export type Severity = "info" | "warning" | "error";

interface FindingBase {
  readonly severity: Severity;
  /** Rows it is about, in order of time; never empty. */
  readonly spans: readonly number[];
  /** A sentence for people. Contains names from the trace as they were sent. */
  readonly text: string;
}

/** The same call again after it failed. Its spans are the attempts. */
export interface RetryFinding extends FindingBase {
  readonly kind: "retry";
  readonly failures: number;
  readonly succeeded: boolean;
  /** From the start of the first attempt to the start of the last. */
  readonly lostUs: number;
}

/** The same steps over and over, with the same outcome as far as can be seen. Its spans are the steps. */
export interface LoopFinding extends FindingBase {
  readonly kind: "loop";
  readonly times: number;
  /** Steps that are repeated together. */
  readonly steps: number;
}

/** Two agents take turns. Its spans are the beginnings of their runs. */
export interface PingPongFinding extends FindingBase {
  readonly kind: "ping-pong";
  readonly rounds: number;
}

/** An agent reads more and more and writes little. Its spans are the model calls. */
export interface StuckContextFinding extends FindingBase {
  readonly kind: "stuck-context";
  readonly firstInputTokens: number;
  readonly lastInputTokens: number;
}

/** Calls that took much longer than their like. Its spans are those calls. */
export interface SlowTailFinding extends FindingBase {
  readonly kind: "slow-tail";
  /** Of all calls of the kind, slow ones included. */
  readonly medianUs: number;
  readonly calls: number;
}

/** Where an error began and how far it went. Its spans are where the same error began, each time. */
export interface ErrorFinding extends FindingBase {
  readonly kind: "error";
  /** Rows above the first origin that failed for it, from the nearest on. */
  readonly carriedBy: readonly number[];
  /** Row that went on in spite of the first; -1 when it went all the way up. */
  readonly swallowedBy: number;
}

export type Finding =
  | RetryFinding
  | LoopFinding
  | PingPongFinding
  | StuckContextFinding
  | SlowTailFinding
  | ErrorFinding;
export type FindingKind = Finding["kind"];

export interface TraceAnalysis {
  readonly tree: SpanTree;
  readonly clock: TraceClock;
  readonly rollUps: RollUps;
  readonly lanes: Lanes;
  readonly edges: readonly LaneEdge[];
  readonly criticalPath: CriticalPath;
  /** By lane, the longest first. */
  readonly waits: readonly Wait[];
  /** The gravest first, then by time. */
  readonly findings: readonly Finding[];
}
