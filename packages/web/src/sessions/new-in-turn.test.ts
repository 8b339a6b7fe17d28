import assert from "node:assert/strict";
import { test } from "node:test";
import type { ModelStep, Transcript } from "@clew/protocol/api/transcript";
import type { Message } from "@clew/protocol/genai/message";
import { newInTurns } from "./new-in-turn.ts";

const says = (role: string, text: string): Message => ({ role, parts: [{ type: "text", text }] });

function turn(input: readonly Message[], answer: string): Transcript {
  const step: ModelStep = {
    ...{ type: "model", span: "m", run: "r", startUs: 0, durUs: 1, model: "" },
    ...{ inputTokens: 0, outputTokens: 0, costMicro: 0, had: 0, dropped: 0 },
    input,
    output: [says("assistant", answer)],
  };
  return { traceId: "t", runs: [], steps: [step], before: 0, total: 1, hasContent: true };
}

test("a turn leaves out what earlier ones told, but not the question, also when it was asked before", () => {
  const hello = [says("user", "hello"), says("assistant", "hi")];
  const turns = newInTurns([
    turn(hello.slice(0, 1), "hi"),
    turn([...hello, says("user", "more")], "enough"),
    undefined,
    turn([...hello, says("user", "more"), says("assistant", "enough"), says("user", "hello")], "hi"),
  ]);
  const inputs = turns.map((one) => one?.steps.flatMap((step) => (step.type === "model" ? step.input : [])));
  assert.deepEqual(inputs, [
    [says("user", "hello")],
    [says("user", "more")],
    undefined,
    [says("user", "hello")],
  ]);
});
