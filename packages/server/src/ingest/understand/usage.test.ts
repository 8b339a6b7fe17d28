import assert from "node:assert/strict";
import { test } from "node:test";
import { slotsOf } from "./plain-encoder.ts";
import { type Usage, usageOf } from "./usage.ts";

function usage(entries: Record<string, string | number>, scopeName = "", isModelCall = true): number[] {
  const attributes = Object.entries(entries).map(([key, value]) => ({
    key,
    value: { stringValue: String(value) },
  }));
  const out: Usage = {
    inputTokens: -1,
    outputTokens: -1,
    cacheReadTokens: -1,
    cacheWriteTokens: -1,
    reasoningTokens: -1,
  };
  usageOf(slotsOf(attributes), scopeName, isModelCall, out);
  return [out.inputTokens, out.outputTokens, out.cacheReadTokens, out.cacheWriteTokens, out.reasoningTokens];
}

test("an input that includes its cached tokens is left as it is", () => {
  assert.deepEqual(
    usage({
      "gen_ai.usage.input_tokens": 100,
      "gen_ai.usage.output_tokens": 20,
      "gen_ai.usage.cache_read.input_tokens": 60,
      "gen_ai.usage.cache_write.input_tokens": 30,
    }),
    [100, 20, 60, 30, 0],
  );
});

test("an input smaller than its cached part was counted without it", () => {
  assert.deepEqual(
    usage({
      "llm.token_count.prompt": 10,
      "llm.token_count.completion": 5,
      "llm.token_count.prompt_details.cache_read": 90,
    }),
    [100, 5, 90, 0, 0],
  );
});

test("a total that counts the cached part on top shows that the input leaves it out", () => {
  assert.deepEqual(
    usage({
      "gen_ai.usage.input_tokens": 100,
      "gen_ai.usage.output_tokens": 20,
      "gen_ai.usage.total_tokens": 150,
      "gen_ai.usage.cache_read_input_tokens": 30,
    }),
    [130, 20, 30, 0, 0],
  );
});

test("OpenLLMetry's Bedrock numbers and Claude Code's leave the cached part out", () => {
  const raw = {
    "gen_ai.usage.input_tokens": 100,
    "gen_ai.usage.output_tokens": 1,
    "gen_ai.usage.cache_read_input_tokens": 30,
  };
  assert.deepEqual(usage(raw, "opentelemetry.instrumentation.bedrock"), [130, 1, 30, 0, 0]);
  assert.deepEqual(usage(raw, "opentelemetry.instrumentation.openai.v1"), [100, 1, 30, 0, 0]);
  assert.deepEqual(
    usage({
      "span.type": "llm_request",
      input_tokens: 100,
      output_tokens: 9,
      cache_read_tokens: 30,
      cache_creation_tokens: 20,
    }),
    [150, 9, 30, 20, 0],
  );
});

test("the AI SDK's metadata gives Anthropic's raw numbers away, for whichever version", () => {
  const metadata =
    '{"anthropic":{"usage":{"input_tokens":7,"cache_creation_input_tokens":30,"cache_read_input_tokens":16}}}';
  for (const input of [7, 53]) {
    assert.deepEqual(
      usage({
        "ai.operationId": "ai.generateText.doGenerate",
        "ai.usage.promptTokens": input,
        "ai.usage.completionTokens": 5,
        "ai.response.providerMetadata": metadata,
      }),
      [53, 5, 16, 30, 0],
    );
  }
  const version4 = '{"anthropic":{"cacheCreationInputTokens":30,"cacheReadInputTokens":16}}';
  assert.deepEqual(
    usage({
      "ai.usage.promptTokens": 100,
      "ai.usage.completionTokens": 5,
      "ai.response.providerMetadata": version4,
    }),
    [146, 5, 16, 30, 0],
  );
  const aroundSeveral = usage(
    {
      "ai.usage.promptTokens": 500,
      "ai.usage.completionTokens": 50,
      "ai.response.providerMetadata": metadata,
    },
    "ai",
    false,
  );
  assert.deepEqual(aroundSeveral, [500, 50, 0, 0, 0]);
});

test("Langfuse's buckets exclude one another and are added up", () => {
  const details = {
    input: 10,
    output: 20,
    input_cached_tokens: 5,
    input_cache_creation_1h: 7,
    output_reasoning_tokens: 8,
    input_audio_tokens: 2,
    total: 52,
  };
  assert.deepEqual(
    usage({ "langfuse.observation.usage_details": JSON.stringify(details) }),
    [24, 28, 5, 7, 8],
  );
});

test("OpenAI's usage object inside Langfuse includes its details", () => {
  const chat = {
    prompt_tokens: 100,
    completion_tokens: 50,
    prompt_tokens_details: { cached_tokens: 64 },
    completion_tokens_details: { reasoning_tokens: 30 },
  };
  assert.deepEqual(
    usage({ "langfuse.observation.usage_details": JSON.stringify(chat) }),
    [100, 50, 64, 0, 30],
  );
  const responses = {
    input_tokens: 100,
    output_tokens: 50,
    input_tokens_details: { cached_tokens: 64 },
    output_tokens_details: { reasoning_tokens: 30 },
  };
  assert.deepEqual(
    usage({ "langfuse.observation.usage_details": JSON.stringify(responses) }),
    [100, 50, 64, 0, 30],
  );
});

test("LangSmith's details are read from JSON and from a printed dict", () => {
  const counts = { "gen_ai.usage.input_tokens": 100, "gen_ai.usage.output_tokens": 50 };
  for (const [input, output] of [
    ['{"cache_read":10,"cache_creation":5}', '{"reasoning":20}'],
    ["{'cache_read': 10, 'cache_creation': 5}", "{'reasoning': 20}"],
  ] as const) {
    assert.deepEqual(
      usage({
        ...counts,
        "gen_ai.usage.input_token_details": input,
        "gen_ai.usage.output_token_details": output,
      }),
      [100, 50, 10, 5, 20],
    );
  }
});

test("what a total leaves over is the half that is missing", () => {
  assert.deepEqual(
    usage({ "gen_ai.usage.input_tokens": 70, "gen_ai.usage.total_tokens": 100 }),
    [70, 30, 0, 0, 0],
  );
  assert.deepEqual(
    usage({ "gen_ai.usage.output_tokens": 30, "gen_ai.usage.total_tokens": 100 }),
    [70, 30, 0, 0, 0],
  );
  assert.deepEqual(usage({ "gen_ai.usage.total_tokens": 100 }), [0, 0, 0, 0, 0]);
});

test("reasoning that exceeds the output was counted apart from it", () => {
  assert.deepEqual(
    usage({ "gen_ai.usage.output_tokens": 10, "gen_ai.usage.reasoning.output_tokens": 40 }),
    [0, 50, 0, 0, 40],
  );
  assert.deepEqual(
    usage({ "gen_ai.usage.output_tokens": 50, "gen_ai.usage.reasoning.output_tokens": 40 }),
    [0, 50, 0, 0, 40],
  );
});

test("sums stay within 32 bits", () => {
  assert.deepEqual(
    usage({
      "gen_ai.usage.input_tokens": 1,
      "gen_ai.usage.cache_read.input_tokens": "4294967295",
      "gen_ai.usage.cache_write.input_tokens": "4294967295",
    }),
    [4_294_967_295, 0, 4_294_967_295, 4_294_967_295, 0],
  );
});

test("hostile usage objects count nothing", () => {
  for (const text of [
    "{",
    "[]",
    "null",
    '{"input":"many"}',
    '{"input":-5}',
    '{"input":{"a":1}}',
    '{"__proto__":{"input":5}}',
    `{"input":1e400}`,
  ]) {
    for (const key of [
      "langfuse.observation.usage_details",
      "mlflow.chat.tokenUsage",
      "langsmith.usage_metadata",
      "ai.response.providerMetadata",
      "gen_ai.usage.input_token_details",
    ]) {
      assert.deepEqual(usage({ [key]: text }), [0, 0, 0, 0, 0], `${key} ${text}`);
    }
  }
});
