import assert from "node:assert/strict";
import { test } from "node:test";
import { startAnthropicServer } from "../harness/model-servers/anthropic-server.ts";
import { startOpenAiServer } from "../harness/model-servers/openai-server.ts";
import type { ReceivedSpan } from "../harness/otlp-collector.ts";
import { runPython } from "../harness/python-agent.ts";
import { noPython } from "../harness/python-environment.ts";

const skip = (await noPython()) ?? false;

const MODELS = `
import asyncio, os
from anthropic import Anthropic
from openai import AsyncOpenAI, OpenAI

messages = [{"role": "user", "content": "Hi"}]
settings = {"api_key": "k", "base_url": os.environ["OPENAI_URL"] + "/v1", "max_retries": 0}
openai = OpenAI(**settings)
print(openai.chat.completions.create(model="plain", messages=messages).choices[0].message.content)
options = {"stream": True, "stream_options": {"include_usage": True}}
for piece in openai.chat.completions.create(model="stream", messages=messages, **options):
    pass
try:
    openai.chat.completions.create(model="rate-limited", messages=messages)
except Exception as error:
    print(type(error).__name__)
print(openai.responses.create(model="response", input="Hi").output_text)
openai.embeddings.create(model="embedding", input="Hi")

async def later():
    await AsyncOpenAI(**settings).chat.completions.create(model="async", messages=messages)

asyncio.run(later())
anthropic = Anthropic(api_key="k", base_url=os.environ["ANTHROPIC_URL"], max_retries=0)
print(anthropic.messages.create(model="claude", max_tokens=10, messages=messages).content[-1].text)
`;

function named(spans: readonly ReceivedSpan[], name: string): ReceivedSpan {
  const found = spans.filter((span) => span.name === name);
  assert.equal(found.length, 1, `${name} among ${spans.map((span) => span.name).join(", ")}`);
  return found[0]!;
}

test("OpenAI and Anthropic: one span per call, with tokens, content by its level and the request below", {
  skip,
}, async () => {
  await using openai = await startOpenAiServer();
  await using anthropic = await startAnthropicServer();
  for (const level of ["full", "metadata", "off"]) {
    const run = await runPython({
      files: { "agent.py": MODELS },
      env: {
        OPENAI_URL: openai.url,
        ANTHROPIC_URL: anthropic.url,
        CLEW_CONTENT: level,
        CLEW_SESSION_ID: "s1",
      },
    });
    assert.deepEqual([run.code, run.stderr], [0, ""]);
    assert.equal(run.stdout, "Hello, world!\nRateLimitError\nHello, world!\nHello, world!\n");
    assert.deepEqual(run.logs, []);
    const calls = ["chat plain", "chat stream", "chat rate-limited", "chat response", "embeddings embedding"];
    for (const name of [...calls, "chat async", "chat claude"]) {
      const span = named(run.spans, name);
      assert.equal(span.kind, 3);
      assert.equal(span.attributes["session.id"], "s1");
      const below = run.spans.filter(({ parentSpanId }) => parentSpanId === span.spanId);
      assert.deepEqual(
        below.map((request) => request.attributes["http.request.method"]),
        ["POST"],
        name,
      );
    }
    const { attributes } = named(run.spans, "chat stream");
    assert.equal(attributes["gen_ai.provider.name"], "openai");
    assert.equal(attributes["gen_ai.usage.input_tokens"], 20);
    assert.equal(attributes["gen_ai.usage.reasoning.output_tokens"], 4);
    assert.ok(Number(attributes["gen_ai.response.time_to_first_chunk"]) > 0);
    assert.equal(named(run.spans, "chat rate-limited").status?.code, 2);
    const claude = named(run.spans, "chat claude").attributes;
    assert.equal(claude["gen_ai.usage.cache_write.input_tokens"], 100);
    const input = attributes["gen_ai.input.messages"];
    if (level === "off") assert.equal(input, undefined);
    else {
      const [message] = JSON.parse(String(input)) as { role: string; parts: { type: string }[] }[];
      const text = { full: { type: "text", content: "Hi" }, metadata: { type: "text", size: 2 } }[level];
      assert.deepEqual([message?.role, message?.parts[0]], ["user", { ...text }]);
    }
  }
});

test("LangGraph and LangChain: the graph is a workflow, the model's call stands below it", {
  skip,
}, async () => {
  await using openai = await startOpenAiServer();
  const source = `
import os
from langchain_openai import ChatOpenAI
from langgraph.graph import END, START, MessagesState, StateGraph

model = ChatOpenAI(model="gpt", api_key="k", base_url=os.environ["OPENAI_URL"] + "/v1", max_retries=0)
graph = StateGraph(MessagesState)
graph.add_node("talk", lambda state: {"messages": [model.invoke(state["messages"])]})
graph.add_edge(START, "talk")
graph.add_edge("talk", END)
answer = graph.compile(name="helper").invoke({"messages": [("user", "Hi")]})
print(answer["messages"][-1].content)
`;
  const run = await runPython({ files: { "agent.py": source }, env: { OPENAI_URL: openai.url } });
  assert.deepEqual([run.code, run.stderr, run.stdout], [0, "", "Hello, world!\n"]);
  const graph = named(run.spans, "invoke_workflow helper");
  const chat = named(run.spans, "chat gpt");
  const request = named(run.spans, "POST");
  assert.equal(chat.traceId, graph.traceId);
  assert.equal(request.parentSpanId, chat.spanId);
  assert.deepEqual(run.logs, []);
});

test("MCP over stdio: client and server are one trace", { skip }, async () => {
  const server = `
from mcp.server.mcpserver import MCPServer

server = MCPServer("tools")

@server.tool()
def weather(city: str) -> str:
    return "7 degrees in " + city

server.run()
`;
  const agent = `
import asyncio, os, sys
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

async def main():
    parameters = StdioServerParameters(command=sys.executable, args=["server.py"], env=dict(os.environ))
    async with stdio_client(parameters) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        answer = await session.call_tool("weather", {"city": "Bern"})
        print(answer.content[0].text)

asyncio.run(main())
`;
  const run = await runPython({
    files: { "agent.py": agent, "server.py": server },
    env: { CLEW_TEST_CASE_ID: "c1" },
  });
  assert.equal(run.stdout, "7 degrees in Bern\n", run.stderr);
  const calls = run.spans.filter(({ name }) => name?.includes("tools/call"));
  assert.deepEqual(new Set(calls.map(({ kind }) => kind)), new Set([2, 3]));
  assert.equal(new Set(calls.map(({ traceId }) => traceId)).size, 1);
  assert.ok(run.spans.every(({ attributes }) => attributes["test.case.id"] === "c1"));
});
