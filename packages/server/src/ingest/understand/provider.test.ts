import assert from "node:assert/strict";
import { test } from "node:test";
import { providerOf } from "./provider.ts";

test("names of providers become OpenTelemetry's", () => {
  for (const [stated, expected] of [
    ["openai", "openai"],
    ["OpenAI", "openai"],
    ["openai.responses", "openai"],
    ["anthropic.messages", "anthropic"],
    ["google.generative-ai", "gcp.gemini"],
    ["google.vertex.chat", "gcp.vertex_ai"],
    ["google-vertex", "gcp.vertex_ai"],
    ["google-gla", "gcp.gemini"],
    ["vertex_ai", "gcp.vertex_ai"],
    ["amazon-bedrock", "aws.bedrock"],
    ["aws.bedrock", "aws.bedrock"],
    ["AWS", "aws.bedrock"],
    ["azure.ai.inference", "azure.ai.inference"],
    ["az.ai.openai", "azure.ai.openai"],
    ["azure-openai.chat", "azure.ai.openai"],
    ["MistralAI", "mistral_ai"],
    ["mistral_ai", "mistral_ai"],
    ["xai", "x_ai"],
    ["ibm.watsonx.ai", "ibm.watsonx.ai"],
  ] as const) {
    assert.equal(providerOf(stated), expected, stated);
  }
});

test("a provider nobody knows stays, in lower case", () => {
  assert.equal(providerOf("My-Gateway"), "my-gateway");
  assert.equal(providerOf("openaiish"), "openaiish");
});

test("a name of a megabyte is cut", () => {
  assert.ok(providerOf("x".repeat(1_000_000)).length <= 200);
});
