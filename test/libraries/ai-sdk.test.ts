import assert from "node:assert/strict";
import { test } from "node:test";
import type { AgentRun } from "../harness/agent-process.ts";
import { runLoadingAgent } from "../harness/loading-agent.ts";
import { startOpenAiServer } from "../harness/model-servers/openai-server.ts";
import type { ReceivedSpan } from "../harness/otlp-collector.ts";

const VERSIONS = [
  { major: 7, versions: {} },
  { major: 6, versions: { ai: "ai-6", "@ai-sdk/openai": "@ai-sdk/openai-3" } },
  { major: 5, versions: { ai: "ai-5", "@ai-sdk/openai": "@ai-sdk/openai-2" } },
] as const;

/** Runs an agent that has the SDK as `ai` and a provider of a fake OpenAI as `openai`. */
async function run(
  kind: "esm" | "cjs",
  versions: Readonly<Record<string, string>>,
  body: string,
  env: Readonly<Record<string, string>> = {},
): Promise<AgentRun> {
  await using server = await startOpenAiServer();
  const main = `
  globalThis.AI_SDK_LOG_WARNINGS = false;
  const ai = await load("ai");
  const { createOpenAI } = await load("@ai-sdk/openai");
  const { z } = await load("zod");
  const openai = createOpenAI({ baseURL: "${server.url}/v1", apiKey: "none" });
  const stopWhen = ai.stepCountIs(5);
  const tools = { weather: ai.tool({
    description: "Tells the weather", inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => {
      await (await fetch("${server.url}/weather")).text();
      return { city, sky: "clear" };
    },
  }) };
  ${body}
`;
  return await runLoadingAgent({ kind, versions, main, env });
}

const named = (spans: readonly ReceivedSpan[], name: string) =>
  spans
    .filter((span) => span.name === name)
    .sort((one, other) => Number(BigInt(one.startTimeUnixNano ?? 0) - BigInt(other.startTimeUnixNano ?? 0)));
const children = (spans: readonly ReceivedSpan[], parent: ReceivedSpan | undefined) =>
  spans.filter((span) => span.parentSpanId === parent?.spanId).map(({ name }) => name);

for (const { major, versions } of VERSIONS) {
  for (const kind of ["esm", "cjs"] as const) {
    test(`an agent that calls a tool, AI SDK ${major}, ${kind}`, async () => {
      const { spans, code, stderr, stdout } = await run(
        kind,
        versions,
        `const { text, usage, totalUsage = usage } = await ai.generateText({
          model: openai.chat("gpt-test"), system: "Be brief", prompt: "Weather?", tools, stopWhen, temperature: 0.5,
        });
        console.log(text, totalUsage.inputTokens);`,
        { CLEW_CONTENT: "full" },
      );
      assert.deepEqual([code, stderr, stdout], [0, "", "Hello, world! 40\n"]);
      const [agent] = named(spans, "invoke_agent");
      assert.deepEqual(children(spans, agent).sort(), [
        "chat gpt-test",
        "chat gpt-test",
        "execute_tool weather",
      ]);
      assert.equal(agent?.kind, 1);
      assert.equal(agent?.attributes["gen_ai.operation.name"], "invoke_agent");
      assert.equal(agent?.attributes["gen_ai.usage.input_tokens"], major === 5 ? undefined : 40);
      const [first, second] = named(spans, "chat gpt-test");
      assert.equal(first?.kind, 3);
      assert.deepEqual(children(spans, first), ["POST"]);
      assert.deepEqual(children(spans, second), ["POST"]);
      const { attributes } = second ?? assert.fail("the second request was not traced");
      assert.equal(attributes["gen_ai.provider.name"], "openai");
      assert.equal(attributes["gen_ai.request.temperature"], 0.5);
      assert.equal(attributes["gen_ai.response.model"], "gpt-test-2026-10-01");
      assert.deepEqual(attributes["gen_ai.response.finish_reasons"], ["stop"]);
      assert.equal(attributes["gen_ai.usage.input_tokens"], 20);
      assert.equal(attributes["gen_ai.usage.cache_read.input_tokens"], 12);
      assert.equal(attributes["gen_ai.usage.reasoning.output_tokens"], 4);
      const call = { id: "call_1", name: "weather", arguments: { city: "Bern" } };
      assert.deepEqual(JSON.parse(String(attributes["gen_ai.system_instructions"])), [
        { type: "text", content: "Be brief" },
      ]);
      assert.deepEqual(JSON.parse(String(attributes["gen_ai.input.messages"])), [
        { role: "user", parts: [{ type: "text", content: "Weather?" }] },
        { role: "assistant", parts: [{ type: "tool_call", ...call }] },
        {
          role: "tool",
          parts: [{ type: "tool_call_response", id: "call_1", response: { city: "Bern", sky: "clear" } }],
        },
      ]);
      assert.deepEqual(JSON.parse(String(attributes["gen_ai.output.messages"])), [
        { role: "assistant", parts: [{ type: "text", content: "Hello, world!" }], finish_reason: "stop" },
      ]);
      assert.equal(JSON.parse(String(attributes["gen_ai.tool.definitions"]))[0].name, "weather");
      const [tool] = named(spans, "execute_tool weather");
      assert.equal(tool?.attributes["gen_ai.tool.call.id"], "call_1");
      assert.equal(tool?.attributes["gen_ai.tool.call.arguments"], '{"city":"Bern"}');
      assert.equal(tool?.attributes["gen_ai.tool.call.result"], '{"city":"Bern","sky":"clear"}');
      assert.deepEqual(children(spans, tool), ["GET"]);
      assert.equal(new Set(spans.map(({ traceId }) => traceId)).size, 1);
    });

    test(`streams, objects, embeddings and agents, AI SDK ${major}, ${kind}`, async () => {
      const { spans, code, stderr, stdout } = await run(
        kind,
        versions,
        `const stream = ai.streamText({ model: openai.chat("streamed"), prompt: "Hi" });
        await new Promise((resolve) => setTimeout(resolve, 5));
        let text = "";
        for await (const piece of stream.textStream) text += piece;
        const schema = z.object({ greeting: z.string() });
        const { object } = await ai.generateObject({ model: openai.chat("object"), schema, prompt: "Hi" });
        const { embedding } = await ai.embed({ model: openai.textEmbeddingModel("embedder"), value: "Hi" });
        const Agent = ai.ToolLoopAgent ?? ai.Experimental_Agent;
        const agent = new Agent({ model: openai.chat("looped"), tools, stopWhen });
        const answer = await agent.generate({ prompt: "Weather?" });
        console.log(text, object.greeting, embedding.length, answer.text);`,
      );
      assert.deepEqual([code, stderr, stdout], [0, "", "Hello, world! Hello 3 Hello, world!\n"]);
      const [streamed] = named(spans, "chat streamed");
      assert.equal(streamed?.attributes["gen_ai.usage.output_tokens"], 9);
      assert.equal(streamed?.attributes["gen_ai.request.stream"], true);
      assert.ok(Number(streamed?.attributes["gen_ai.response.time_to_first_chunk"]) > 0);
      for (const name of ["chat streamed", "chat object", "embeddings embedder"]) {
        assert.equal(named(spans, name).length, 1, name);
        assert.deepEqual(children(spans, named(spans, name)[0]), ["POST"], name);
      }
      assert.equal(named(spans, "embeddings embedder")[0]?.attributes["gen_ai.usage.input_tokens"], 5);
      assert.equal(named(spans, "invoke_agent").length, 3);
      assert.equal(named(spans, "chat looped").length, 2);
      assert.equal(named(spans, "execute_tool weather").length, 1);
      const text = spans.flatMap(({ attributes }) => Object.keys(attributes));
      assert.equal(
        text.some((key) => /messages|arguments|result$|instructions|definitions/.test(key)),
        false,
      );
    });

    test(`failures and aborted streams, AI SDK ${major}, ${kind}`, async () => {
      const { spans, code, stderr, stdout } = await run(
        kind,
        versions,
        `const failed = await ai.generateText({ model: openai.chat("broken"), prompt: "Hi", maxRetries: 0 }).catch((error) => error);
        const control = new AbortController();
        const aborted = ai.streamText({ model: openai.chat("endless"), prompt: "Hi", onError() {}, abortSignal: control.signal });
        for await (const piece of aborted.textStream) control.abort();
        console.log(failed.name, failed.statusCode);`,
      );
      assert.deepEqual([code, stderr, stdout], [0, "", "AI_APICallError 500\n"]);
      const [failed] = named(spans, "chat broken");
      assert.equal(failed?.status?.code, 2);
      assert.equal(failed?.attributes["error.type"], major === 7 ? "500" : "AI_APICallError");
      const endless = named(spans, "chat endless");
      assert.equal(endless.length, 1);
      for (const span of [...endless, ...named(spans, "invoke_agent").slice(1)]) {
        assert.equal(span.attributes["clew.cancelled"], true, span.name);
        assert.equal(span.status?.code ?? 0, 0);
      }
      assert.equal(named(spans, "invoke_agent").length, 2);
    });
  }
}

test("an agent's own telemetry of the AI SDK is left to do its work", async () => {
  const { spans, code, stderr } = await run(
    "esm",
    {},
    `const { OpenTelemetry } = await load("@ai-sdk/otel");
    ai.registerTelemetry(new OpenTelemetry());
    await ai.generateText({ model: openai.chat("gpt-test"), prompt: "Hi" });`,
  );
  assert.deepEqual([code, stderr], [0, ""]);
  const chats = named(spans, "chat gpt-test");
  assert.deepEqual(
    chats.map(({ scope }) => scope),
    ["gen_ai"],
  );
  assert.equal(
    spans.some(({ scope }) => scope === "clew.ai"),
    false,
  );
});

test("calls whose telemetry is switched off have no spans of the AI SDK", async () => {
  for (const { versions } of VERSIONS) {
    const { spans, code, stderr } = await run(
      "esm",
      versions,
      `const off = { isEnabled: false };
      await ai.generateText({ model: openai.chat("gpt-test"), prompt: "Hi", telemetry: off, experimental_telemetry: off });`,
    );
    assert.deepEqual([code, stderr], [0, ""]);
    assert.deepEqual(
      spans.map(({ name }) => name),
      ["POST"],
    );
  }
});
