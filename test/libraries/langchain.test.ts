import assert from "node:assert/strict";
import { test } from "node:test";
import { runLoadingAgent } from "../harness/loading-agent.ts";
import { startOpenAiServer } from "../harness/model-servers/openai-server.ts";
import type { ReceivedSpan } from "../harness/otlp-collector.ts";

async function run(kind: "esm" | "cjs", body: string, env: Readonly<Record<string, string>> = {}) {
  await using server = await startOpenAiServer();
  const main = `
  const url = "${server.url}";
  const { ChatOpenAI } = await load("@langchain/openai");
  const { tool } = await load("@langchain/core/tools");
  const { z } = await load("zod");
  const model = new ChatOpenAI({ model: "gpt-test", apiKey: "none", maxRetries: 0, configuration: { baseURL: url + "/v1" } });
  const weather = tool(async ({ city }) => (await (await fetch(url + "/weather")).text()).length + city, {
    name: "weather", description: "Tells the weather", schema: z.object({ city: z.string() }),
  });
  ${body}
`;
  return await runLoadingAgent({ kind, main, env: { OPENAI_API_KEY: "none", ...env } });
}

const named = (spans: readonly ReceivedSpan[], name: string) =>
  spans
    .filter((span) => span.name === name)
    .sort((one, other) => Number(BigInt(one.startTimeUnixNano ?? 0) - BigInt(other.startTimeUnixNano ?? 0)));
const parentOf = (spans: readonly ReceivedSpan[], span: ReceivedSpan | undefined) =>
  spans.find(({ spanId }) => spanId === span?.parentSpanId)?.name;

for (const kind of ["esm", "cjs"] as const) {
  test(`an agent of LangGraph is one tree: agent, nodes, requests and tools, ${kind}`, async () => {
    const { spans, code, stderr, stdout } = await run(
      kind,
      `const { createReactAgent } = await load("@langchain/langgraph/prebuilt");
      const agent = createReactAgent({ llm: model, tools: [weather], name: "forecaster" });
      const { messages } = await agent.invoke({ messages: [{ role: "user", content: "Weather?" }] });
      console.log(messages.find((message) => message.getType() === "ai").content);`,
      { CLEW_CONTENT: "full" },
    );
    assert.deepEqual([code, stderr, stdout], [0, "", "Hello, world!\n"]);
    assert.equal(new Set(spans.map(({ traceId }) => traceId)).size, 1);
    const [agent] = named(spans, "invoke_agent forecaster");
    assert.equal(agent?.parentSpanId, undefined);
    assert.equal(JSON.parse(String(agent?.attributes["gen_ai.input.messages"]))[0].role, "user");
    const chats = named(spans, "chat gpt-test");
    assert.deepEqual(
      chats.map((chat) => [chat.scope, parentOf(spans, chat)]),
      [
        ["clew.openai", "chain agent"],
        ["clew.openai", "chain agent"],
      ],
    );
    const [tool] = named(spans, "execute_tool weather");
    assert.equal(parentOf(spans, tool), "chain tools");
    assert.equal(tool?.attributes["gen_ai.tool.call.id"], "call_1");
    assert.deepEqual(JSON.parse(String(tool?.attributes["gen_ai.tool.call.arguments"])), { city: "Bern" });
    assert.equal(parentOf(spans, named(spans, "GET")[0]), "execute_tool weather");
    for (const node of [...named(spans, "chain agent"), ...named(spans, "chain tools")]) {
      assert.equal(parentOf(spans, node), "invoke_agent forecaster", node.name);
    }
  });

  test(`streams, chains, retrievers and failing tools of LangChain, ${kind}`, async () => {
    const { spans, code, stderr, stdout } = await run(
      kind,
      `const { RunnableLambda } = await load("@langchain/core/runnables");
      const { BaseRetriever } = await load("@langchain/core/retrievers");
      const { ChatPromptTemplate } = await load("@langchain/core/prompts");
      const { StateGraph, MessagesAnnotation, START, END } = await load("@langchain/langgraph");
      const chain = ChatPromptTemplate.fromMessages([["human", "{question}"]]).pipe(model).pipe(
        RunnableLambda.from(async (message) => message.content).withConfig({ runName: "shorten" }));
      let text = "";
      for await (const piece of await chain.stream({ question: "Hi" })) text += piece;
      class Library extends BaseRetriever {
        lc_namespace = ["here"];
        static lc_name() { return "Library"; }
        async _getRelevantDocuments() { await (await fetch(url + "/found")).text(); return []; }
      }
      await new Library().invoke("books");
      const failing = tool(() => { throw new TypeError("no"); }, { name: "failing", schema: z.object({}) });
      const error = await failing.invoke({}).catch((error) => error);
      const graph = new StateGraph(MessagesAnnotation)
        .addNode("think", async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
        .addEdge(START, "think").addEdge("think", END).compile();
      let steps = 0;
      for await (const step of await graph.stream({ messages: "Hi" })) steps++;
      console.log(text, error.name, steps);`,
    );
    assert.deepEqual([code, stderr, stdout], [0, "", "Hello, world! TypeError 1\n"]);
    assert.equal(named(spans, "chat gpt-test").length, 2);
    assert.equal(named(spans, "chain shorten").length, 1);
    const [retrieval] = named(spans, "retrieval Library");
    assert.equal(retrieval?.attributes["gen_ai.operation.name"], "retrieval");
    const [failing] = named(spans, "execute_tool failing");
    assert.deepEqual([failing?.status?.code, failing?.attributes["error.type"]], [2, "TypeError"]);
    assert.equal(parentOf(spans, named(spans, "chain think")[0]), "invoke_agent");
    const graphed = named(spans, "chat gpt-test").map((chat) => parentOf(spans, chat));
    assert.ok(graphed.includes("chain think"), graphed.join());
  });

  test(`a model without an SDK of its own has a span of LangChain's, ${kind}`, async () => {
    const { spans, code, stderr, stdout } = await run(
      kind,
      `const { FakeListChatModel } = await load("@langchain/core/utils/testing");
      const fake = new FakeListChatModel({ responses: ["one", "two"] });
      const { content } = await fake.invoke("Hi");
      let text = "";
      for await (const { content } of await fake.stream("Hi")) text += content;
      for await (const piece of await fake.stream("Hi")) break;
      console.log(content, text);`,
      { CLEW_CONTENT: "full" },
    );
    assert.deepEqual([code, stderr, stdout], [0, "", "one two\n"]);
    const chats = named(spans, "chat");
    assert.equal(chats.length, 3);
    assert.deepEqual(
      chats.map(({ attributes }) => attributes["clew.cancelled"]),
      [undefined, undefined, true],
    );
    assert.deepEqual(JSON.parse(String(chats[1]?.attributes["gen_ai.output.messages"])), [
      { role: "assistant", parts: [{ type: "text", content: "two" }] },
    ]);
  });
}
