import assert from "node:assert/strict";
import { test } from "node:test";
import type { ModelPrice } from "@clew/protocol/api/server-settings";
import { findPrices } from "./find-prices.ts";

const price = (match: string, rest: Partial<ModelPrice> = {}): ModelPrice => ({
  ...{ match, input: 1, output: 2, isOwn: false },
  ...rest,
});
const ALL = [
  price(".", { provider: "^ollama" }),
  price("^gpt-5-mini"),
  price("^gpt-5"),
  price("claude-[a-z]+-4"),
];
const found = (text: string) => findPrices(ALL, text).prices.map(({ match }) => match);

test("a model's name finds the price that holds for it, before others that match too", () => {
  const { holds } = findPrices(ALL, " GPT-5-mini-2026 ");
  assert.equal(holds?.match, "^gpt-5-mini");
  assert.deepEqual(found("gpt-5-mini-2026"), ["^gpt-5-mini", ".", "^gpt-5"]);
  assert.equal(findPrices(ALL, "claude-opus-4").holds?.match, "claude-[a-z]+-4");
});

test("a part of a pattern or of a provider finds it too", () => {
  assert.deepEqual(found("claude").includes("claude-[a-z]+-4"), true);
  assert.deepEqual(found("olla").includes("."), true);
});

test("without a text all are there, and none is said to hold", () => {
  assert.deepEqual(findPrices(ALL, "  "), { prices: ALL, holds: undefined });
});

test("a pattern that this browser cannot read fails nothing", () => {
  assert.equal(findPrices([price("(")], "gpt").holds, undefined);
});
