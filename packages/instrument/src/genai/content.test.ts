import assert from "node:assert/strict";
import { test } from "node:test";
import { contentText } from "./content.ts";

const MESSAGES = [
  { role: "user", parts: [{ type: "text", content: "grüß dich" }] },
  {
    role: "assistant",
    parts: [{ type: "tool_call", id: "call_1", name: "weather", arguments: { city: "Bern" } }],
    finish_reason: "tool_call",
  },
  { role: "tool", parts: [{ type: "tool_call_response", id: "call_1", response: "7°" }] },
];

test("nothing is recorded when the level is off, or when there is nothing", () => {
  assert.equal(contentText("off", "gen_ai.input.messages", MESSAGES), undefined);
  assert.equal(contentText("full", "gen_ai.input.messages", []), undefined);
  assert.equal(contentText("full", "gen_ai.tool.call.result", undefined), undefined);
});

test("level full records everything", () => {
  assert.deepEqual(JSON.parse(contentText("full", "gen_ai.input.messages", MESSAGES)!), MESSAGES);
});

test("level metadata records roles, part types, names, ids and sizes, and no text", () => {
  assert.deepEqual(JSON.parse(contentText("metadata", "gen_ai.input.messages", MESSAGES)!), [
    { role: "user", parts: [{ type: "text", size: 11 }] },
    {
      role: "assistant",
      parts: [{ type: "tool_call", id: "call_1", name: "weather", size: 15 }],
      finish_reason: "tool_call",
    },
    { role: "tool", parts: [{ type: "tool_call_response", id: "call_1", size: 3 }] },
  ]);
  assert.equal(contentText("metadata", "gen_ai.tool.call.arguments", { a: 1 }), '{"size":7}');
  assert.equal(
    contentText("metadata", "gen_ai.tool.definitions", [
      { type: "function", name: "weather", description: "secret", parameters: {} },
    ]),
    '[{"type":"function","name":"weather","size":8}]',
  );
});

test("long strings are cut and far too long values are recorded by their sizes", () => {
  const long = "x".repeat(300 * 1024);
  const text = contentText("full", "gen_ai.tool.call.result", long)!;
  assert.ok(text.length < 270 * 1024);
  const many = Array.from({ length: 20 }, () => ({ type: "text", content: "y".repeat(200 * 1024) }));
  const sizes = JSON.parse(contentText("full", "gen_ai.system_instructions", many)!) as { size: number }[];
  assert.equal(sizes[0]?.size, 200 * 1024);
});

test("integers beyond JSON's are recorded as text", () => {
  assert.equal(
    contentText("full", "gen_ai.tool.call.arguments", { n: 2n ** 70n }),
    '{"n":"1180591620717411303424"}',
  );
});
