import assert from "node:assert/strict";
import { test } from "node:test";
import { apiOf } from "./api-of.ts";

const JSON_TYPE = "application/json";

test("an API is told by the end of its path, whatever stands before it", () => {
  const expected = {
    "/v1/chat/completions": "openai.chat",
    "/chat/completions/": "openai.chat",
    "/openai/deployments/gpt-5/chat/completions?api-version=2025-04-01": "openai.chat",
    "/models/chat/completions": "openai.chat",
    "/openai/v1/responses": "openai.responses",
    "/v1/embeddings?key=x": "openai.embeddings",
    "/v1/completions": "openai.completions",
    "/v1/messages": "anthropic.messages",
    "/anthropic/v1/messages?beta=true": "anthropic.messages",
    "/v1/projects/p/locations/l/publishers/anthropic/models/claude-x:streamRawPredict": "anthropic.messages",
    "/v1beta/models/gemini-3:generateContent": "gemini.generate",
    "/v1/publishers/google/models/gemini-3:streamGenerateContent?alt=sse": "gemini.generate",
    "/mcp": "mcp",
    "/files/mcp/": "mcp",
    "/a2a": "a2a",
    "/agents/x/v1/message:send": "a2a",
    "/v1/message:stream": "a2a",
    "/v1/tasks/t-1:cancel": "a2a",
  };
  for (const [path, api] of Object.entries(expected)) assert.equal(apiOf("POST", path, JSON_TYPE), api, path);
});

test("other JSON is an agent's", () => {
  const others = [
    "/",
    "/invoke",
    "/v1/threads/t/messages",
    "/v1/messages/count_tokens",
    "/v1/messages/batches",
    "/v1/responses/resp_1/cancel",
    "/v1beta/models/gemini-3:countTokens",
    "/chat/completions/x",
    "/notmcp",
    "/search?q=/mcp",
  ];
  for (const path of others) assert.equal(apiOf("POST", path, JSON_TYPE), "agent", path);
});

test("what is no JSON that is posted is nothing to read", () => {
  assert.equal(apiOf("GET", "/v1/chat/completions", undefined), undefined);
  assert.equal(apiOf("GET", "/mcp", JSON_TYPE), undefined);
  assert.equal(apiOf("POST", "/v1/audio/transcriptions", "multipart/form-data; boundary=x"), undefined);
  assert.equal(apiOf("POST", "/v1/chat/completions", undefined), undefined);
  assert.equal(apiOf("POST", "/v1/chat/completions", "text/plain"), undefined);
  assert.equal(apiOf("POST", "/mcp", "Application/JSON;charset=utf-8"), "mcp");
  assert.equal(apiOf("POST", "/x", "application/problem+json"), "agent");
});
