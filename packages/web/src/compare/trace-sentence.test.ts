import assert from "node:assert/strict";
import { test } from "node:test";
import type { TraceSum } from "@clew/protocol/analysis/comparison/comparison";
import { traceSentence } from "./trace-sentence.ts";

const sum = (more: Partial<TraceSum>): TraceSum => ({
  ...{ spans: 10, errors: 0, modelCalls: 1, toolCalls: 1, durationUs: 2e6 },
  ...{ inputTokens: 100, outputTokens: 20, cacheReadTokens: 0, costMicro: 5000 },
  ...more,
});

test("two traces are told apart in a sentence", () => {
  const sentences: readonly (readonly [Partial<TraceSum>, Partial<TraceSum>, string])[] = [
    [{}, { durationUs: 2.04e6 }, "B took about as long."],
    [{}, { durationUs: 5e6, errors: 2 }, "B took 3 s longer (+150%) and has 2 errors where A has none."],
    [
      { errors: 3 },
      { durationUs: 1e6, inputTokens: 50, costMicro: 4000 },
      "B took 1 s less (−50%), has no error where A has 3 errors, used 50 fewer tokens (−42%) and cost $0.0010 less.",
    ],
    [{ errors: 1 }, { errors: 2 }, "B took about as long and has 1 more error."],
    [{ errors: 1 }, { errors: 1 }, "B took about as long and has as many errors (1)."],
  ];
  for (const [a, b, text] of sentences) assert.equal(traceSentence(sum(a), sum(b)), text);
});
