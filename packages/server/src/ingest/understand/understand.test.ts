import assert from "node:assert/strict";
import { test } from "node:test";
import { slotsOf } from "./plain-encoder.ts";
import { SLOT_COUNT, type SlotValues } from "./slot.ts";
import { createUnderstand, newUnderstood, type Understood } from "./understand.ts";

const understand = createUnderstand();

function read(entries: Record<string, string>, spanName = "", scopeName = "", startUnixMs = 0): Understood {
  const attributes = Object.entries(entries).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  const out = newUnderstood();
  understand(slotsOf(attributes), spanName, scopeName, out, startUnixMs);
  return out;
}

test("an integer says in every slot what its digits say", () => {
  const call: SlotValues = slotsOf([{ key: "gen_ai.operation.name", value: { stringValue: "chat" } }]);
  for (let slot = 0; slot < SLOT_COUNT; slot++) {
    const [asNumber, asText] = [12, "12"].map((value) => {
      const out = newUnderstood();
      understand(call.with(slot, value), "chat", "logfire", out, 1);
      return out;
    });
    assert.deepEqual(asNumber, asText, `slot ${slot}`);
  }
});

test("nothing of one span is left in the object when the next is read into it", () => {
  const out = newUnderstood();
  const rich = {
    "gen_ai.operation.name": "chat",
    "gen_ai.agent.name": "a",
    "gen_ai.tool.name": "t",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.usage.input_tokens": "5",
    "gen_ai.usage.cost": "1",
    "gen_ai.response.time_to_first_chunk": "1",
    "session.id": "s",
    "error.type": "e",
  };
  const attributes = Object.entries(rich).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  understand(slotsOf(attributes), "", "", out);
  assert.equal(out.model, "gpt-4o");
  understand(slotsOf([{ key: "user.id", value: { stringValue: "u" } }]), "", "", out);
  assert.deepEqual(out, { ...newUnderstood(), userId: "u" });
});

test("a conversation does not make a session", () => {
  const out = read({ "gen_ai.conversation.id": "c" });
  assert.equal(out.conversationId, "c");
  assert.equal(out.sessionId, "");
});

test("a span that only carries ids is no AI span", () => {
  const out = read(
    { "session.id": "s", "test.case.id": "case", "test.case.name": "Case", "error.type": "500" },
    "GET /",
  );
  assert.equal(out.spanType, "");
  assert.equal(out.testCaseId, "case");
  assert.equal(read({ "test.case.name": "Case" }).testCaseId, "Case");
});

test("the emitter's own kind goes before the operation", () => {
  const retriever = { "langsmith.span.kind": "retriever", "gen_ai.operation.name": "embeddings" };
  assert.equal(read(retriever).spanType, "retriever");
  assert.equal(read({ "langsmith.span.kind": "prompt", "gen_ai.operation.name": "chat" }).usageCounts, 0);
});

test("a kind that says only that there is a step gives way to one that says more", () => {
  assert.equal(
    read({ "traceloop.span.kind": "task", "gen_ai.operation.name": "invoke_agent" }).spanType,
    "agent",
  );
  assert.equal(read({ "traceloop.span.kind": "task" }).spanType, "chain");
  assert.equal(
    read({ "langfuse.observation.type": "span", "langfuse.observation.model.name": "m" }).spanType,
    "llm",
  );
});

test("only calls of models count in sums", () => {
  const counts = (operation: string) =>
    read({ "gen_ai.operation.name": operation, "gen_ai.usage.input_tokens": "5" }).usageCounts;
  for (const operation of ["chat", "text_completion", "generate_content", "embeddings", "rerank"])
    assert.equal(counts(operation), 1, operation);
  for (const operation of ["invoke_agent", "agent_step", "execute_tool", "invoke_workflow", "fetch_response"])
    assert.equal(counts(operation), 0, operation);
});

test("a span that Logfire sends when it begins does not count a second time", () => {
  const out = read({
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": "m",
    "logfire.span_type": "pending_span",
  });
  assert.equal(out.spanType, "llm");
  assert.equal(out.usageCounts, 0);
});

test("a car's model is no language model", () => {
  assert.equal(read({ model: "Clio" }, "order").spanType, "");
  assert.equal(read({ model: "Clio" }, "order").model, "");
  assert.equal(read({ model: "gpt-4o", "gen_ai.usage.input_tokens": "3" }).spanType, "llm");
});

test("another scope's name attribute names no agent", () => {
  assert.equal(
    read({ "gen_ai.operation.name": "invoke_agent", name: "x" }, "invoke_agent planner").agentName,
    "planner",
  );
  assert.equal(read({ name: "x" }, "Agent run: {name!r}", "logfire.openai_agents").agentName, "x");
});

test("a stated cost goes before a computed one, and a stated zero does not", () => {
  const call = {
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.usage.input_tokens": "1000000",
  };
  assert.equal(read(call).costUsd, 2.5);
  assert.equal(read({ ...call, "gen_ai.usage.cost": "0.7" }).costUsd, 0.7);
  assert.equal(read({ ...call, "gen_ai.usage.cost": "0" }).costUsd, 2.5);
  for (const cost of ["-1", "NaN", "Infinity", "free"])
    assert.equal(read({ ...call, "gen_ai.usage.cost": cost }).costUsd, 2.5, cost);
  assert.equal(
    read({ ...call, "langfuse.observation.cost_details": '{"input":0.1,"output":0.2}' }).costUsd.toFixed(3),
    "0.300",
  );
  assert.equal(
    read({ ...call, "langsmith.usage_metadata": '{"input_tokens":1,"output_tokens":1,"total_cost":0.4}' })
      .costUsd,
    0.4,
  );
});

test("what an agent's calls cost together is not computed again for the agent", () => {
  const agent = {
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.usage.input_tokens": "1000",
  };
  assert.equal(read(agent).costUsd, 0);
});

test("the time to the first token is read from seconds, milliseconds and the clock", () => {
  const call = { "gen_ai.operation.name": "chat" };
  assert.equal(
    read({ ...call, "gen_ai.response.time_to_first_chunk": "0.25" }).timeToFirstTokenNs,
    250_000_000,
  );
  assert.equal(read({ ...call, "ai.response.msToFirstChunk": "12.5" }).timeToFirstTokenNs, 12_500_000);
  const clock = { ...call, "langfuse.observation.completion_start_time": '"2026-09-10T00:00:01.500Z"' };
  assert.equal(read(clock, "", "", Date.UTC(2026, 8, 10)).timeToFirstTokenNs, 1_500_000_000);
  assert.equal(read(clock).timeToFirstTokenNs, 0);
  for (const wrong of ["-1", "NaN", "soon", "1e300"]) {
    assert.equal(
      read({ ...call, "gen_ai.response.time_to_first_chunk": wrong }).timeToFirstTokenNs,
      0,
      wrong,
    );
  }
});

test("names are cut before they fill the dictionary of a column, ids are not", () => {
  const long = "x".repeat(10_000);
  const out = read(
    {
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": long,
      "gen_ai.agent.name": long,
      "gen_ai.tool.name": long,
      "error.type": long,
      "session.id": long,
    },
    long,
  );
  for (const name of [out.model, out.agentName, out.toolName, out.errorType]) assert.equal(name.length, 256);
  assert.equal(out.sessionId.length, 10_000);
});

test("hostile values under every key neither throw nor give numbers that are none", async () => {
  const { ATTRIBUTE_RULES } = await import("./keys.ts");
  for (const value of [
    "",
    '"',
    "{",
    "[",
    "null",
    "\u0000",
    "-1",
    "NaN",
    "1e999",
    '{"__proto__":{"x":1}}',
    "{".repeat(10_000),
    "a".repeat(100_000),
  ]) {
    const out = read(Object.fromEntries(ATTRIBUTE_RULES.map(({ key }) => [key, value])), value, value);
    for (const number of [
      out.inputTokens,
      out.outputTokens,
      out.cacheReadTokens,
      out.cacheWriteTokens,
      out.reasoningTokens,
      out.costUsd,
      out.timeToFirstTokenNs,
    ]) {
      assert.ok(Number.isFinite(number) && number >= 0, value.slice(0, 20));
    }
  }
  assert.equal(({} as { x?: number }).x, undefined);
});
