import assert from "node:assert/strict";
import { test } from "node:test";
import type { KeyValue } from "../otlp/model.ts";
import { toolCallOf } from "./tool-call.ts";

function attributes(entries: Record<string, string>): KeyValue[] {
  return Object.entries(entries).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}

test("a span that calls no tool has no tool call", () => {
  assert.equal(
    toolCallOf({ name: "GET /", attributes: attributes({ "http.request.method": "GET" }) }),
    undefined,
  );
});

test("without a stated name the span's own names the tool", () => {
  const call = toolCallOf({
    name: "execute_tool find",
    attributes: attributes({ "gen_ai.operation.name": "execute_tool" }),
  });
  assert.deepEqual(call, { name: "find", id: "", arguments: undefined, result: undefined });
});

test("a result in text blocks is the text", () => {
  const call = toolCallOf({
    attributes: attributes({
      "gen_ai.tool.name": "f",
      "gen_ai.tool.call.result": '[{"type":"text","text":"one"},{"type":"text","text":"two"}]',
    }),
  });
  assert.equal(call?.result, "one\ntwo");
});

test("arguments that are no JSON stay text", () => {
  const call = toolCallOf({
    attributes: attributes({ "gen_ai.tool.name": "f", "gen_ai.tool.call.arguments": "{x" }),
  });
  assert.equal(call?.arguments, "{x");
});

test("what Claude Code withheld is not shown as arguments", () => {
  const call = toolCallOf({
    attributes: attributes({ "span.type": "tool", tool_name: "Bash", tool_input: "<REDACTED>" }),
  });
  assert.deepEqual(call, { name: "Bash", id: "", arguments: undefined, result: undefined });
});

test("the result of a tool that Anthropic's SDK ran is read from its own attribute", () => {
  const call = toolCallOf({
    attributes: attributes({
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "weather",
      "anthropic.tool_result.content": '[{"type":"text","text":"7 degrees"}]',
    }),
  });
  assert.equal(call?.result, "7 degrees");
});
