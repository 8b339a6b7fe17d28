import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ATTRIBUTE_RULES, contentKey } from "./keys.ts";
import { slotsOf } from "./plain-encoder.ts";
import { SLOT, SLOT_COUNT } from "./slot.ts";

test("slots are numbered without a gap", () => {
  assert.deepEqual(
    Object.values(SLOT),
    Array.from({ length: SLOT_COUNT }, (_, slot) => slot),
  );
});

test("every slot has a key, and no key fills a slot twice", () => {
  assert.deepEqual(new Set(ATTRIBUTE_RULES.map(({ slot }) => slot)), new Set(Object.values(SLOT)));
  const places = ATTRIBUTE_RULES.map(({ key, slot }) => `${slot} ${key}`);
  assert.equal(new Set(places).size, places.length);
});

test("no key that is looked at for ids or names is content", () => {
  const filtered = ATTRIBUTE_RULES.filter(({ key }) => contentKey(key)).map(({ key }) => key);
  assert.deepEqual(filtered, ["ai.response.providerMetadata"]);
});

test("the most trusted of several keys fills the slot, in whatever order they come", () => {
  const entries = [
    { key: "gen_ai.request.model", value: { stringValue: "asked" } },
    { key: "llm.model_name", value: { stringValue: "third" } },
    { key: "gen_ai.response.model", value: { stringValue: "answered" } },
  ];
  for (const attributes of [entries, entries.toReversed()]) {
    const slots = slotsOf(attributes);
    assert.equal(slots[SLOT.model], "answered");
    assert.equal(slots[SLOT.requestModel], "asked");
  }
});

test("LangSmith's trace session is a project and fills no slot, its thread is session and conversation", () => {
  assert.equal(
    ATTRIBUTE_RULES.some(({ key }) => key === "langsmith.trace.session_id"),
    false,
  );
  const slots = slotsOf([{ key: "langsmith.metadata.thread_id", value: { stringValue: "t" } }]);
  assert.equal(slots[SLOT.sessionId], "t");
  assert.equal(slots[SLOT.conversationId], "t");
});

test("numbered prompts are content, settings beside them are not", () => {
  for (const key of [
    "gen_ai.prompt.0.content",
    "gen_ai.completion.3.role",
    "llm.input_messages.0.message.content",
    "retrieval.documents.1.document.content",
    "ai.prompt.messages",
    "input.value",
    "gen_ai.tool.definitions",
  ]) {
    assert.equal(contentKey(key), true, key);
  }
  for (const key of [
    "gen_ai.prompt_tokens",
    "gen_ai.request.model",
    "llm.model_name",
    "http.route",
    "session.id",
    "ai.settings.maxRetries",
    "gen_ai.usage.prompt_tokens",
  ]) {
    assert.equal(contentKey(key), false, key);
  }
});

test("the guide lists every key, in the order of trust", () => {
  const guide = readFileSync(new URL("../../../../../docs/guide/understanding.md", import.meta.url), "utf8");
  const rows = guide.split("\n").filter((line) => line.startsWith("| "));
  for (const slot of Object.values(SLOT)) {
    const keys = ATTRIBUTE_RULES.filter((rule) => rule.slot === slot).map(({ key }) => `\`${key}\``);
    assert.ok(
      rows.some((row) => row.endsWith(` | ${keys.join(", ")} |`)),
      keys.join(", "),
    );
  }
});
