import assert from "node:assert/strict";
import { test } from "node:test";
import { startOpenAiServer } from "../harness/model-servers/openai-server.ts";
import type { ReceivedSpan } from "../harness/otlp-collector.ts";
import { runPython } from "../harness/python-agent.ts";
import { noPython } from "../harness/python-environment.ts";

const skip = (await noPython()) ?? false;

const AGENTS = `
import asyncio, os
from langchain.agents import create_agent
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI

@tool
def weather(city: str) -> str:
    "The weather of a city"
    return "7 degrees in " + city

@tool
def broken(city: str) -> str:
    "Fails"
    raise ValueError("no weather today")

settings = {"api_key": "k", "base_url": os.environ["OPENAI_URL"] + "/v1", "max_retries": 0}
model = ChatOpenAI(model="gpt", **settings)
question = {"messages": [("user", "Hi")]}
print(create_agent(model, [weather], name="whole").invoke(question)["messages"][-1].content)
for _ in create_agent(model, [weather], name="streamed").stream(question, stream_mode="messages"):
    pass

async def later():
    await create_agent(model, [weather], name="later").ainvoke(question)

asyncio.run(later())
try:
    create_agent(model, [broken], name="failing").invoke(question)
except ValueError as error:
    print(error)
for _ in ChatOpenAI(model="left", **settings).stream("Hi"):
    break
`;

test("LangChain's agents: models and tools stand below the agent, and a tool's error is its agent's", {
  skip,
}, async () => {
  await using openai = await startOpenAiServer();
  const env = { OPENAI_URL: openai.url, CLEW_CONTENT: "full", CLEW_TASK_ID: "t1" };
  const run = await runPython({ files: { "agent.py": AGENTS }, env });
  assert.deepEqual([run.code, run.stderr, run.stdout], [0, "", "Hello, world!\nno weather today\n"]);
  assert.ok(run.spans.every(({ attributes }) => attributes["task.id"] === "t1"));
  const below = (parent: ReceivedSpan) =>
    run.spans.filter(
      ({ parentSpanId, traceId }) => parentSpanId === parent.spanId && traceId === parent.traceId,
    );
  const called = (name: string) => {
    const agent = run.spans.find((span) => span.name === `invoke_agent ${name}`);
    assert.ok(agent, run.spans.map((span) => span.name).join(", "));
    return { agent, below: below(agent) };
  };

  for (const name of ["whole", "streamed", "later"]) {
    const { agent, below: children } = called(name);
    assert.deepEqual(
      children.map((child) => child.name),
      ["chat gpt", "execute_tool weather", "chat gpt"],
    );
    assert.equal(agent.attributes["gen_ai.agent.name"], name);
    const [first, tool, last] = children;
    assert.deepEqual(
      [
        first?.attributes["gen_ai.response.finish_reasons"],
        last?.attributes["gen_ai.response.finish_reasons"],
      ],
      [["tool_calls"], ["stop"]],
    );
    assert.equal(tool?.attributes["gen_ai.tool.call.id"], "call_1");
    assert.equal(tool.attributes["gen_ai.tool.call.arguments"], '{"city":"Bern"}');
    assert.equal(tool.attributes["gen_ai.tool.call.result"], "7 degrees in Bern");
    for (const chat of [first, last]) {
      assert.deepEqual(
        below(chat!).map(({ attributes }) => attributes["http.request.method"]),
        ["POST"],
      );
      if (name !== "streamed") assert.equal(chat?.attributes["gen_ai.usage.output_tokens"], 9);
    }
  }
  const failing = called("failing");
  const [, tool] = failing.below;
  assert.deepEqual(
    [tool?.name, tool?.status?.code, tool?.attributes["error.type"]],
    ["execute_tool broken", 2, "ValueError"],
  );
  assert.equal(failing.agent.status?.code, 2);
  // Its request has no name of the model.
  const left = run.spans.filter(({ attributes }) => attributes["clew.cancelled"] === true);
  assert.deepEqual(
    left.map(({ status }) => status),
    [undefined],
  );
  assert.deepEqual(run.logs, []);
});
