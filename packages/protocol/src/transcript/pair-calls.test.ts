import assert from "node:assert/strict";
import { test } from "node:test";
import type { ModelStep, ToolStep, TranscriptRun } from "../api/transcript.ts";
import type { Part, ToolCallPart, ToolCallResponsePart } from "../genai/message.ts";
import { pairCalls } from "./pair-calls.ts";

const base = { startUs: 0, durUs: 1, run: "r" };
const model = (input: readonly Part[], output: readonly Part[], run = "r"): ModelStep => ({
  ...base,
  ...{
    type: "model",
    span: "m",
    run,
    model: "",
    inputTokens: 0,
    outputTokens: 0,
    costMicro: 0,
    had: 0,
    dropped: 0,
  },
  input: input.length === 0 ? [] : [{ role: "tool", parts: input }],
  output: [{ role: "assistant", parts: output }],
});
const tool = (name: string, callId: string, run = "r"): ToolStep => ({
  ...base,
  ...{ type: "tool", span: name, run, name, callId },
});
const call = (id: string, name: string): ToolCallPart => ({ type: "tool_call", id, name, arguments: {} });
const result = (id: string, value: string, name = ""): ToolCallResponsePart => ({
  type: "tool_call_response",
  id,
  name,
  result: value,
});
const runs = [
  { span: "r", above: "" },
  { span: "below", above: "r" },
] as unknown as readonly TranscriptRun[];

test("calls of one tool at once go by their ids, whichever ran first", () => {
  const [a, b] = [call("a", "sql"), call("b", "sql")];
  const [ranB, ranA] = [tool("sql", "b"), tool("sql", "a")];
  const [saidA, saidB] = [result("a", "1"), result("b", "2")];
  const { calls, told } = pairCalls([model([], [a, b]), ranB, ranA, model([saidB, saidA], [])], runs);
  assert.deepEqual([calls.get(a)?.tool, calls.get(a)?.response], [ranA, saidA]);
  assert.deepEqual([calls.get(b)?.tool, calls.get(b)?.response], [ranB, saidB]);
  assert.deepEqual([...told], [ranB, ranA, saidB, saidA]);
});

test("without ids calls go by name and order", () => {
  const [first, other, second] = [call("", "sql"), call("", "fetch"), call("", "sql")];
  const [one, two] = [tool("sql", "made-up"), tool("sql", "")];
  const { calls } = pairCalls(
    [
      model([], [first, other, second]),
      one,
      two,
      model([result("", "1", "sql"), result("", "2", "sql")], []),
    ],
    runs,
  );
  assert.equal(calls.get(first)?.tool, one);
  assert.equal(calls.get(second)?.tool, two);
  assert.equal(calls.get(other)?.tool, undefined);
  assert.equal(calls.get(second)?.response?.result, "2");
});

test("a tool that runs below the agent that asked for it is that agent's, and nobody else's", () => {
  const asked = call("x", "search");
  const ran = tool("search", "x", "below");
  assert.equal(pairCalls([model([], [asked]), ran], runs).calls.get(asked)?.tool, ran);
  const elsewhere = pairCalls([model([], [asked], "below"), tool("search", "x")], runs);
  assert.equal(elsewhere.calls.get(asked)?.tool, undefined);
  assert.equal(elsewhere.told.size, 0);
});
