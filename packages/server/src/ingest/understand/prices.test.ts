import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { costUsd, loadPrices, PricesInvalid } from "./prices.ts";

const folder = mkdtempSync(join(tmpdir(), "clew-prices-"));
after(() => rmSync(folder, { recursive: true }));

let files = 0;
function file(content: unknown): string {
  const path = join(folder, `${++files}.json`);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const prices = loadPrices();
const none = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 };

test("models are found under the names providers and hosts give them", () => {
  for (const [provider, model, input, output] of [
    ["openai", "gpt-4o-2024-08-06", 2.5, 10],
    ["openai", "gpt-4o-mini", 0.15, 0.6],
    ["openai", "gpt-5-mini-2025-08-07", 0.25, 2],
    ["openai", "o3", 2, 8],
    ["openai", "gpt-4-1106-preview", 10, 30],
    ["openai", "ft:gpt-4o-mini-2024-07-18:acme::x", 0.3, 1.2],
    ["openrouter", "openai/gpt-4.1", 2, 8],
    ["anthropic", "claude-opus-4-5-20251101", 5, 25],
    ["anthropic", "claude-opus-4-20250514", 15, 75],
    ["anthropic", "claude-3-5-haiku-20241022", 0.8, 4],
    ["aws.bedrock", "anthropic.claude-3-5-sonnet-20241022-v2:0", 3, 15],
    ["aws.bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", 3.3, 16.5],
    ["gcp.vertex_ai", "publishers/google/models/gemini-2.5-pro", 1.25, 10],
    ["gcp.gemini", "models/gemini-2.5-flash-lite", 0.1, 0.4],
    ["groq", "llama-3.3-70b-versatile", 0.59, 0.79],
    ["together_ai", "meta-llama/Llama-3.3-70B-Instruct-Turbo", 0.88, 0.88],
    ["fireworks", "accounts/fireworks/models/llama-v3p1-8b-instruct", 0.18, 0.18],
    ["mistral_ai", "mistral-large-latest", 0.5, 1.5],
    ["deepseek", "deepseek-chat", 0.28, 0.42],
    ["x_ai", "grok-4-0709", 3, 15],
    ["cohere", "command-r-plus-08-2024", 2.5, 10],
    ["openai", "text-embedding-3-large", 0.13, 0],
    ["ollama", "llama3.2", 0, 0],
    ["openrouter", "deepseek/deepseek-r1:free", 0, 0],
  ] as const) {
    const price = prices.priceOf(provider, model);
    assert.deepEqual([price?.input, price?.output], [input, output], `${provider} ${model}`);
  }
});

test("a model nobody knows has no price", () => {
  assert.equal(prices.priceOf("acme", "brain-1"), undefined);
  assert.equal(prices.priceOf("openai", ""), undefined);
  assert.equal(prices.priceOf("openai", "gpt-5.99"), undefined);
});

test("no built-in entry is hidden by one before it", () => {
  const hidden = prices.models.filter((entry, index) =>
    prices.models
      .slice(0, index)
      .some(
        (before) =>
          before.match.source === entry.match.source && before.provider?.source === entry.provider?.source,
      ),
  );
  assert.deepEqual(hidden, []);
});

test("cached input, fresh input, reasoning and output are charged at their own rates", () => {
  const own = loadPrices(
    file({ models: [{ match: "^m$", input: 10, output: 20, cacheRead: 1, cacheWrite: 12, reasoning: 30 }] }),
  );
  const price = own.priceOf("", "m")!;
  const usage = {
    inputTokens: 1_000_000,
    cacheReadTokens: 500_000,
    cacheWriteTokens: 100_000,
    outputTokens: 200_000,
    reasoningTokens: 50_000,
  };
  assert.equal(
    costUsd(price, usage).toFixed(6),
    (0.4 * 10 + 0.5 * 1 + 0.1 * 12 + 0.15 * 20 + 0.05 * 30).toFixed(6),
  );
});

test("rates that are not given are those of plain input and output", () => {
  const price = loadPrices(file({ models: [{ match: "^m$", input: 10, output: 20 }] })).priceOf("", "m")!;
  const usage = {
    ...none,
    inputTokens: 1_000_000,
    cacheReadTokens: 900_000,
    outputTokens: 1_000_000,
    reasoningTokens: 400_000,
  };
  assert.equal(costUsd(price, usage), 30);
});

test("a long context has its own rates for the whole call", () => {
  const price = prices.priceOf("gcp.gemini", "gemini-2.5-pro")!;
  assert.equal(costUsd(price, { ...none, inputTokens: 200_000 }), 0.25);
  assert.equal(costUsd(price, { ...none, inputTokens: 400_000 }), 1);
});

test("more cached tokens than input cost no less than nothing for the rest", () => {
  const price = prices.priceOf("openai", "gpt-4o")!;
  assert.equal(costUsd(price, { ...none, inputTokens: 10, cacheReadTokens: 1_000_000 }), 1.25);
});

test("a user's entries come first, and the built-in ones stay", () => {
  const own = loadPrices(
    file({
      models: [
        { match: "gpt-4o", provider: "^azure", input: 1, output: 2 },
        { match: "^house-", input: 0.5 },
      ],
    }),
  );
  assert.equal(own.priceOf("azure.ai.openai", "gpt-4o")?.input, 1);
  assert.equal(own.priceOf("openai", "gpt-4o")?.input, 2.5);
  assert.equal(own.priceOf("", "house-model")?.input, 0.5);
  assert.equal(own.version, prices.version);
});

test("a wrong file is refused with the place and the reason", () => {
  const refused = (content: unknown, reason: RegExp) =>
    assert.throws(
      () => loadPrices(file(content)),
      (error) =>
        error instanceof PricesInvalid && error.code === "prices_invalid" && reason.test(error.message),
    );
  refused("{", /Cannot read prices from .*\.json/);
  refused([], /the file/);
  refused({ models: [{ match: "x" }] }, /models\[0\]\.input/);
  refused({ models: [{ match: "x", input: -1 }] }, /models\[0\]\.input/);
  refused({ models: [{ match: "x", input: "3" }] }, /models\[0\]\.input/);
  refused({ models: [{ match: "(a+)+", input: 1 }] }, /models\[0\]\.match.*repeats a group/);
  refused({ models: [{ match: "[", input: 1 }] }, /models\[0\]\.match/);
  refused({ models: [{ match: "x", input: 1, ouput: 2 }] }, /ouput/);
  refused({ currency: "EUR", models: [] }, /currency/);
  refused({ version: "lately", models: [] }, /version/);
  assert.throws(() => loadPrices(join(folder, "missing.json")), PricesInvalid);
});

test("only the beginning of a name of a hundred thousand characters is looked at", () => {
  assert.equal(prices.priceOf("x".repeat(100_000), "y".repeat(100_000)), undefined);
});

test("prices are found again after ten thousand other names were looked up", () => {
  for (let i = 0; i < 10_000; i++) prices.priceOf("p", `unknown-${i}`);
  assert.equal(prices.priceOf("openai", "gpt-4o")?.input, 2.5);
});

test("the example in the guide is a price list that works", () => {
  const guide = readFileSync(new URL("../../../../../docs/guide/prices.md", import.meta.url), "utf8");
  const own = loadPrices(file(/```json\n([\s\S]*?)```/.exec(guide)![1]!));
  assert.equal(own.priceOf("azure.ai.openai", "gpt-4o-2024-08-06")?.input, 2.2);
  assert.equal(own.priceOf("acme", "long-reader")?.longContext?.output, 8);
  assert.match(guide, new RegExp(own.version));
});
