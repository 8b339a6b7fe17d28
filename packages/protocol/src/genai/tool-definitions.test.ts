import assert from "node:assert/strict";
import { test } from "node:test";
import { toolDefinitionsFrom } from "./tool-definitions.ts";

const schema = { type: "object" };
const expected = [{ name: "f", description: "does", parameters: schema }];

for (const [provider, tool] of [
  ["OpenAI", { type: "function", function: { name: "f", description: "does", parameters: schema } }],
  ["Anthropic", { name: "f", description: "does", input_schema: schema }],
  ["MCP and the AI SDK", { name: "f", description: "does", inputSchema: schema }],
  ["OpenTelemetry", { type: "function", name: "f", description: "does", parameters: schema }],
  ["Gemini", { functionDeclarations: [{ name: "f", description: "does", parameters: schema }] }],
  ["Bedrock", { toolSpec: { name: "f", description: "does", inputSchema: { json: schema } } }],
  ["Traceloop", { name: "f", description: "does", parameters: JSON.stringify(schema) }],
] as const) {
  test(`tools in the form of ${provider} are read, as values and as JSON text`, () => {
    assert.deepEqual(toolDefinitionsFrom([tool]), expected);
    assert.deepEqual(toolDefinitionsFrom([JSON.stringify(tool)]), expected);
    assert.deepEqual(toolDefinitionsFrom(JSON.stringify([tool])), expected);
  });
}

test("tools without a name and values that are none are left out", () => {
  assert.deepEqual(toolDefinitionsFrom([null, 3, {}, "x"]), []);
  assert.deepEqual(toolDefinitionsFrom(undefined), []);
});

test("a provider's own tool is known by its type", () => {
  assert.deepEqual(toolDefinitionsFrom([{ type: "web_search" }]), [
    { name: "web_search", description: "", parameters: undefined },
  ]);
});
