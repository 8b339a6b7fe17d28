import type { ModelStep, Transcript, TranscriptMessage } from "@clew/protocol/api/transcript";
import { keyOf } from "@clew/protocol/transcript/part-keys";

/**
 * The transcripts of the traces of a session, each without what an earlier one told: agents are given the whole session
 * again with each question. What was asked last is never left out, however often it is asked.
 */
export function newInTurns(turns: readonly (Transcript | undefined)[]): readonly (Transcript | undefined)[] {
  const said = new Set<number>();
  return turns.map((turn) => {
    if (turn === undefined) return undefined;
    const before = new Set(said);
    const called = new Set<string>();
    return {
      ...turn,
      steps: turn.steps.map((step) => {
        if (step.type !== "model") return step;
        for (const message of [...step.input, ...step.output])
          for (const key of keysOf(message)) said.add(key);
        if (called.has(step.run)) return step;
        called.add(step.run);
        return withoutSaid(step, before);
      }),
    };
  });
}

function withoutSaid(step: ModelStep, said: ReadonlySet<number>): ModelStep {
  const last = step.input.findLastIndex(({ role }) => role === "user" || role === "human");
  const input = step.input.filter((message, at) => {
    const keys = keysOf(message);
    return at >= last || keys.length === 0 || !keys.every((key) => said.has(key));
  });
  return input.length === step.input.length
    ? step
    : { ...step, input, had: step.had + step.input.length - input.length };
}

function keysOf({ role, parts }: TranscriptMessage): number[] {
  return parts.flatMap((part) => keyOf(part, role) ?? []);
}
