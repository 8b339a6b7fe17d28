import type { ToolStep, TranscriptRun, TranscriptStep } from "../api/transcript.ts";
import type { Part, ToolCallPart, ToolCallResponsePart } from "../genai/message.ts";

/** What became of a tool call that a model made. */
export interface PairedCall {
  /** The span that ran it; undefined where there is none. */
  readonly tool?: ToolStep;
  /** What a later call of a model was told that it returned; undefined where none was. */
  readonly response?: ToolCallResponsePart;
}

export interface PairedCalls {
  /** By the call as the model made it. */
  readonly calls: ReadonlyMap<ToolCallPart, PairedCall>;
  /** Tools and results that are told with the call that asked for them. */
  readonly told: ReadonlySet<TranscriptStep | Part>;
}

interface OpenCall {
  readonly part: ToolCallPart;
  /** Those of its run that are not closed. */
  readonly among: OpenCall[];
  tool?: ToolStep;
  response?: ToolCallResponsePart;
}

/**
 * Finds what became of each tool call: by its id, else by the tool's name in the order of the calls. A tool runs in the run
 * that asked for it, or in one that this called.
 */
export function pairCalls(steps: readonly TranscriptStep[], runs: readonly TranscriptRun[]): PairedCalls {
  const above = new Map(runs.map((run) => [run.span, run.above]));
  const open = new Map<string, OpenCall[]>();
  const calls = new Map<ToolCallPart, PairedCall>();
  const told = new Set<TranscriptStep | Part>();
  for (const step of steps) {
    if (step.type === "tool") {
      const call = callOf(step, open, above);
      if (call === undefined) continue;
      call.tool = step;
      told.add(step);
      close(call);
    }
    if (step.type !== "model") continue;
    const ofRun = open.get(step.run) ?? [];
    open.set(step.run, ofRun);
    for (const { parts } of [...step.input, ...step.output]) {
      for (const part of parts) {
        if (part.type === "tool_call") {
          const call: OpenCall = { part, among: ofRun };
          ofRun.push(call);
          calls.set(part, call);
        } else if (part.type === "tool_call_response") {
          const call = answered(part, ofRun);
          if (call === undefined) continue;
          call.response = part;
          told.add(part);
          close(call);
        }
      }
    }
  }
  return { calls, told };
}

/** Takes a call of which nothing more is to come out of those that are looked at. */
function close(call: OpenCall): void {
  if (call.tool === undefined || call.response === undefined) return;
  call.among.splice(call.among.indexOf(call), 1);
}

function callOf(
  step: ToolStep,
  open: ReadonlyMap<string, readonly OpenCall[]>,
  above: ReadonlyMap<string, string>,
): OpenCall | undefined {
  const seen = new Set<string>();
  for (let run = step.run; run !== "" && !seen.has(run); run = above.get(run) ?? "") {
    seen.add(run);
    const waiting = (open.get(run) ?? []).filter(({ tool }) => tool === undefined);
    const call =
      (step.callId !== "" && waiting.find(({ part }) => part.id === step.callId)) ||
      waiting.find(({ part }) => part.name === step.name);
    if (call) return call;
  }
  return undefined;
}

/** The last call with this id; without ids the first that has no result yet. */
function answered({ id, name }: ToolCallResponsePart, calls: readonly OpenCall[]): OpenCall | undefined {
  if (id !== "") return calls.findLast(({ part, response }) => part.id === id && response === undefined);
  return calls.find(({ part, response }) => response === undefined && (name === "" || part.name === name));
}
