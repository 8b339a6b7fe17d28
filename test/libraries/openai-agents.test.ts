import assert from "node:assert/strict";
import { test } from "node:test";
import { runLoadingAgent } from "../harness/loading-agent.ts";
import { startOpenAiServer } from "../harness/model-servers/openai-server.ts";
import type { ReceivedSpan } from "../harness/otlp-collector.ts";

async function run(kind: "esm" | "cjs", body: string, env: Readonly<Record<string, string>> = {}) {
  await using server = await startOpenAiServer();
  const main = `
  const url = "${server.url}";
  const agents = await load("@openai/agents");
  const { OpenAI } = await load("openai");
  const { z } = await load("zod");
  agents.setDefaultOpenAIClient(new OpenAI({ baseURL: url + "/v1", apiKey: "none", maxRetries: 0 }));
  const exported = [];
  agents.setTraceProcessors([new agents.BatchTraceProcessor({ export: async (items) => void exported.push(...items) })]);
  const weather = agents.tool({
    name: "weather", description: "Tells the weather", parameters: z.object({ city: z.string() }),
    execute: async ({ city }) => (await (await fetch(url + "/weather")).text()).length + city,
  });
  const agent = new agents.Agent({ name: "forecaster", instructions: "Be brief", tools: [weather], model: "gpt-test" });
  ${body}
`;
  return await runLoadingAgent({ kind, main, env });
}

const named = (spans: readonly ReceivedSpan[], name: string) => spans.filter((span) => span.name === name);
const parentOf = (spans: readonly ReceivedSpan[], span: ReceivedSpan | undefined) =>
  spans.find(({ spanId }) => spanId === span?.parentSpanId)?.name;

for (const kind of ["esm", "cjs"] as const) {
  for (const api of ["responses", "chat_completions"]) {
    test(`agents of OpenAI's SDK and what they call are one tree, ${api}, ${kind}`, async () => {
      const { spans, code, stderr, stdout } = await run(
        kind,
        `agents.setOpenAIAPI("${api}");
        const { finalOutput } = await agents.run(agent, "Weather?");
        await agents.getGlobalTraceProvider().forceFlush();
        console.log(finalOutput, exported.some(({ spanData }) => spanData?.type === "agent"));`,
        { CLEW_CONTENT: "full" },
      );
      assert.deepEqual([code, stderr, stdout], [0, "", "Hello, world! true\n"]);
      assert.equal(new Set(spans.map(({ traceId }) => traceId)).size, 1);
      assert.equal(parentOf(spans, named(spans, "invoke_agent forecaster")[0]), "invoke_workflow");
      const chats = named(spans, "chat gpt-test");
      assert.deepEqual(
        chats.map((chat) => [chat.scope, parentOf(spans, chat)]),
        Array(2).fill(["clew.openai", "invoke_agent forecaster"]),
      );
      const [tool] = named(spans, "execute_tool weather");
      assert.equal(parentOf(spans, tool), "invoke_agent forecaster");
      assert.equal(tool?.attributes["gen_ai.tool.call.arguments"], '{"city":"Bern"}');
      assert.match(String(tool?.attributes["gen_ai.tool.call.result"]), /Bern/);
      assert.equal(parentOf(spans, named(spans, "GET")[0]), "execute_tool weather");
    });
  }

  test(`streams, handoffs, guardrails and failing tools of OpenAI's agents, ${kind}`, async () => {
    const { spans, code, stderr, stdout } = await run(
      kind,
      `const streamed = await agents.run(agent, "Weather?", { stream: true });
      let pieces = 0;
      for await (const event of streamed) pieces++;
      const failing = agents.tool({ name: "failing", description: "", parameters: z.object({ city: z.string() }),
        execute: async () => { throw new TypeError("no"); } });
      const guarded = new agents.Agent({ name: "guarded", model: "gpt-test", tools: [failing], inputGuardrails: [
        { name: "politeness", execute: async () => ({ tripwireTriggered: false, outputInfo: {} }) },
      ] });
      const triage = new agents.Agent({ name: "triage", model: "gpt-test", handoffs: [guarded] });
      await agents.withTrace("support", async () => {
        await agents.run(guarded, "Hi");
        const { finalOutput } = await agents.run(triage, "Hi");
        console.log(pieces > 3, finalOutput);
      });`,
    );
    assert.deepEqual([code, stderr, stdout], [0, "", "true Hello, world!\n"]);
    assert.equal(named(spans, "invoke_workflow").length, 1);
    const [support] = named(spans, "invoke_workflow support");
    assert.equal(named(spans, "guardrail politeness").length, 1);
    const [failing] = named(spans, "execute_tool failing");
    assert.equal(failing?.status?.code, 2);
    const [handoff] = named(spans, "handoff guarded");
    assert.equal(handoff?.attributes["openai.agents.handoff.from"], "triage");
    const agents = spans.filter(({ name }) => name?.startsWith("invoke_agent"));
    assert.deepEqual(agents.map((agent) => [agent.name, parentOf(spans, agent)]).sort(), [
      ["invoke_agent forecaster", "invoke_workflow"],
      ["invoke_agent guarded", "invoke_workflow support"],
      ["invoke_agent guarded", "invoke_workflow support"],
      ["invoke_agent triage", "invoke_workflow support"],
    ]);
    for (const chat of named(spans, "chat gpt-test")) {
      assert.match(String(parentOf(spans, chat)), /^invoke_agent /);
    }
    assert.ok(support?.endTimeUnixNano);
  });

  test(`agents whose own tracing is switched off are traced all the same, ${kind}`, async () => {
    const { spans, code, stderr, stdout } = await run(
      kind,
      `const { finalOutput } = await agents.run(agent, "Weather?");
      await agents.getGlobalTraceProvider().forceFlush();
      console.log(finalOutput, exported.length);`,
      { OPENAI_AGENTS_DISABLE_TRACING: "1" },
    );
    assert.deepEqual([code, stderr, stdout], [0, "", "Hello, world! 0\n"]);
    assert.equal(new Set(spans.map(({ traceId }) => traceId)).size, 1);
    const chats = named(spans, "chat gpt-test");
    assert.deepEqual(
      chats.map((chat) => parentOf(spans, chat)),
      Array(2).fill("invoke_agent forecaster"),
    );
    assert.equal(parentOf(spans, named(spans, "execute_tool weather")[0]), "invoke_agent forecaster");
    assert.equal(parentOf(spans, named(spans, "GET")[0]), "execute_tool weather");
  });
}
