import type { Message, Part } from "../genai/message.ts";

/** What somebody does from when it is called until it is done: one agent, or a service that calls models or tools. */
export interface TranscriptRun {
  /** Id of the span it begins with, by which it is referred to. */
  readonly span: string;
  /** The run that called it; empty for none. */
  readonly above: string;
  /** Name of its lane. */
  readonly label: string;
  /** Empty where no agent is known. */
  readonly agent: string;
  readonly service: string;
  /** Microseconds since the trace's beginning, with clocks that differ corrected. */
  readonly startUs: number;
  readonly durUs: number;
  /** With everything it called, as in `Totals`. */
  readonly modelCalls: number;
  readonly toolCalls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicro: number;
  readonly errors: number;
  readonly hasFailed: boolean;
  readonly isRunning: boolean;
  /** Who handed over to it or sent it a message; absent where it was called. */
  readonly from?: {
    readonly type: "hand-off" | "message" | "call";
    readonly label: string;
    readonly span: string;
  };
}

/** A message of which long parts end early. */
export interface TranscriptMessage extends Message {
  /** Characters that were left out; the span's detail has them. Absent when it is whole. */
  readonly leftOut?: number;
}

interface Step {
  readonly span: string;
  /** `span` of the run that it is part of. */
  readonly run: string;
  /** Microseconds, as in `TranscriptRun`. */
  readonly startUs: number;
  readonly durUs: number;
  readonly isRunning?: true;
  /** Type and message of the error that the span ended with; one may be empty. */
  readonly error?: { readonly type: string; readonly message: string };
  /** Bytes of a span with more content than a transcript reads; nothing of it is here. */
  readonly tooLarge?: number;
}

/** Somebody begins. What the span of an agent itself says went in and came out. */
export interface RunStep extends Step {
  readonly type: "run";
  readonly input: readonly TranscriptMessage[];
  readonly output: readonly TranscriptMessage[];
}

/** A model is asked and answers. */
export interface ModelStep extends Step {
  readonly type: "model";
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicro: number;
  /** Instructions, told at a lane's first call and when they change. */
  readonly system?: {
    readonly parts: readonly Part[];
    readonly hasChanged: boolean;
    readonly leftOut?: number;
  };
  /** Names of the tools it may call, told in the same way. */
  readonly tools?: { readonly names: readonly string[]; readonly hasChanged: boolean };
  /** Parts that the model is told and an earlier call of the same lane already was, or answered. */
  readonly had: number;
  /** Parts of that earlier call that it is told no longer. */
  readonly dropped: number;
  /** What it is told for the first time. */
  readonly input: readonly TranscriptMessage[];
  readonly output: readonly TranscriptMessage[];
}

/** A tool is called; what went in and came out is undefined where it was not recorded. */
export interface ToolStep extends Step {
  readonly type: "tool";
  readonly name: string;
  /** Id the model gave the call; empty when unknown. */
  readonly callId: string;
  readonly arguments?: unknown;
  readonly result?: unknown;
  readonly leftOut?: number;
}

/** A span failed that is part of no call of a model or tool. */
export interface ErrorStep extends Step {
  readonly type: "error";
  readonly name: string;
}

export type TranscriptStep = RunStep | ModelStep | ToolStep | ErrorStep;

/** What was said in a trace, a page at a time: a run with all it called before what came after it. */
export interface Transcript {
  readonly traceId: string;
  /** Those that the steps are part of, and those above them; callers first. */
  readonly runs: readonly TranscriptRun[];
  readonly steps: readonly TranscriptStep[];
  /** Steps before this page, and in the whole trace. */
  readonly before: number;
  readonly total: number;
  /** Whether any span of the trace has content at all. */
  readonly hasContent: boolean;
  /** Set when time or bytes ended the page early. */
  readonly partial?: "time" | "size";
  /** Absent on the last page. */
  readonly nextCursor?: string;
}
