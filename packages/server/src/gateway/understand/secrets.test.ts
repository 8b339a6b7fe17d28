import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutSecrets } from "./failure.ts";
import { fixture, fixtureNames, readCall } from "./testing/fixture.ts";

/** Keys in the forms that providers give them, by the provider. */
const KEYS: Readonly<Record<string, string>> = {
  openai: "sk-proj-Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4z",
  anthropic: "sk-ant-api03-Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4z-AA",
  azure: "0123456789abcdef0123456789abcdef",
  gemini: "AIzaSyAb3dEf6hIj9kLm2nOp5qRs8tUv1wXy4zA",
  groq: "gsk_Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4z",
  mistral: "Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4z",
  cohere: "Zz9Yy8Xx7Ww6Vv5Uu4Tt3Ss2Rr1Qq0Pp9Oo8Nn7M",
  deepseek: "sk-0123456789abcdef0123456789abcdef",
  perplexity: "pplx-Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4z",
  xai: "xai-Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4z",
  fireworks: "fw_Ab3dEf6hIj9kLm2nOp5qRs8t",
  huggingface: "hf_Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4z",
  nvidia: "nvapi-Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4z",
  openrouter: "sk-or-v1-0123456789abcdef0123456789abcdef",
  aws: "AKIAIOSFODNN7EXAMPLE",
  vertex: "ya29.Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4z",
  jwt: "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
};

/** Where a credential travels. */
function headersWith(key: string): Record<string, string> {
  return {
    authorization: `Bearer ${key}`,
    "x-api-key": key,
    "api-key": key,
    "x-goog-api-key": key,
    "proxy-authorization": `Basic ${key}`,
    "ocp-apim-subscription-key": key,
    "x-amz-security-token": key,
    cookie: `session=${key}`,
    "x-portkey-api-key": key,
    "helicone-auth": `Bearer ${key}`,
  };
}

/** Everything that is said about a call, on the level that says most. */
function said(name: string, change: object): string {
  const { request, response, attributes } = readCall({ ...fixture(name), ...change }, "full");
  const { content: _asked, ...requestRest } = request;
  const { content: _answered, ...responseRest } = response;
  const text = (value: unknown) =>
    JSON.stringify(value, (_key, item: unknown) => (typeof item === "bigint" ? String(item) : item));
  return text([requestRest, responseRest, attributes]);
}

test("no provider's credential shows in anything that is said of a call, be it in a header or the query", () => {
  for (const name of fixtureNames()) {
    const { path } = fixture(name);
    for (const key of Object.values(KEYS)) {
      const separator = path.includes("?") ? "&" : "?";
      const query = `${separator}key=${key}&api_key=${key}&access_token=${key}&code=${key}`;
      const text = said(name, {
        path: path + query,
        headers: headersWith(key),
        answerHeaders: { "set-cookie": [key], "x-request-key": key },
      });
      assert.ok(!text.includes(key), `${name}: ${key}`);
    }
  }
});

test("a key that a provider repeats in its refusal is left out of the message", () => {
  for (const [provider, key] of Object.entries(KEYS)) {
    const half = `${key.slice(0, 8)}${"*".repeat(20)}${key.slice(-4)}`;
    for (const shown of [key, half]) {
      const answer = {
        error: { message: `Incorrect API key provided: ${shown}. See your account.`, type: "auth" },
      };
      const text = said("openai-chat", { status: 401, answer });
      assert.ok(!text.includes(shown), `${provider}: ${text}`);
      assert.match(text, /Incorrect API key provided: .*See your account/);
    }
  }
});

test("keys with a form of their own are left out of any message, and what is no key stays", () => {
  const plain = ["mistral", "cohere", "azure", "vertex"];
  for (const [provider, key] of Object.entries(KEYS)) {
    if (!plain.includes(provider))
      assert.ok(!withoutSecrets(`failed for ${key} now`, 500).includes(key), provider);
    assert.ok(!withoutSecrets(`GET https://x.example/a?b=1&key=${key}#c`, 500).includes(key), provider);
    assert.ok(!withoutSecrets(`sent "authorization: Bearer ${key}"`, 500).includes(key), provider);
  }
  for (const message of [
    "Rate limit reached for gpt-5 in organization org-AbCdEf0123456789 on tokens per min (TPM): Limit 30000",
    "request req_011CSHoEeqs5C35K2UUqR7Fy: messages.0.content: field required, see https://docs.example/errors?page=2",
    "the task-1234567 asked for a skeleton",
  ])
    assert.equal(withoutSecrets(message, 429), message);
});

test("a message is at most 2,000 characters", () => {
  assert.equal(withoutSecrets("x y ".repeat(5000), 401).length, 2000);
});
