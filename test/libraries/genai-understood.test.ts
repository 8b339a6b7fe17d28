import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { SpanDetail } from "@clew/protocol/api/span-detail";
import { runAgent } from "../harness/agent-process.ts";
import { startModelServers } from "../harness/model-servers/model-servers.ts";
import { ServerProcess } from "../harness/server-process.ts";
import { until } from "../harness/until.ts";

const AGENT = `
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { trace } from "@opentelemetry/api";

const openai = new OpenAI();
const anthropic = new Anthropic();
const google = new GoogleGenAI({ apiKey: "x", httpOptions: { baseUrl: process.env.GEMINI_URL } });
const parameters = { type: "object", properties: {} };
await trace.getTracer("test").startActiveSpan("agent", async (span) => {
  await openai.chat.completions.runTools({
    model: "gpt-5.4-mini",
    messages: [{ role: "system", content: "Be nice" }, { role: "user", content: "Hi" }],
    tools: [{ type: "function", function: { name: "weather", parameters, parse: JSON.parse, function: async ({ city }) => ({ city, degrees: 7 }) } }],
  }).finalContent();
  for await (const event of await openai.responses.create({ model: "gpt-5.4", instructions: "Be nice", input: "Hi", stream: true }));
  await openai.embeddings.create({ model: "text-embedding-3-small", input: "Hi" });
  await anthropic.messages.stream({ model: "claude-sonnet-5-5", max_tokens: 50, system: "Be nice", messages: [{ role: "user", content: "Hi" }] }).finalMessage();
  for await (const piece of await google.models.generateContentStream({ model: "gemini-2.5-flash", contents: "Hi", config: { systemInstruction: "Be nice" } }));
  await openai.chat.completions.create({ model: "rate-limited", messages: [] }, { maxRetries: 0 }).catch(() => {});
  span.end();
});
`;

let server: ServerProcess;
before(async () => {
  server = await ServerProcess.start();
});
after(() => server[Symbol.asyncDispose]());

/** What the server tells about every span that the agent sent, by name. */
async function understood(content: string): Promise<Map<string, SpanDetail[]>> {
  await using models = await startModelServers();
  const { code, stderr } = await runAgent({
    kind: "esm",
    source: AGENT,
    env: {
      ...models.env,
      CLEW_CONTENT: content,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${server.ports.http}`,
    },
  });
  assert.deepEqual([code, stderr], [0, ""]);
  const item = await until("the trace", async () => {
    const { items } = await server.api.traces({});
    const known = items.find(({ rootName, traceId }) => rootName === "agent" && !seen.has(traceId));
    return known !== undefined && known.spanCount === SPANS ? known : undefined;
  });
  seen.add(item.traceId);
  const { id } = await server.api.trace(item.traceId);
  const answers = await Promise.all(id.map((spanId) => server.api.span(item.traceId, spanId)));
  const spans = answers.flatMap((answer) => answer.spans);
  return Map.groupBy(spans, ({ name }) => name);
}

const seen = new Set<string>();
/** The agent, seven calls of models with a request each, and a tool. */
const SPANS = 1 + 7 * 2 + 1;

function tokens({ meaning }: SpanDetail) {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens } = meaning;
  return [inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens];
}

test("the server understands model, tokens, cost, first token, errors and messages of every SDK", async () => {
  const spans = await understood("full");
  const one = (name: string) => spans.get(name)![0]!;
  const [asked, answered] = spans.get("chat gpt-5.4-mini")!;
  const streamed = one("chat gpt-5.4");
  const claude = one("chat claude-sonnet-5-5");
  const gemini = one("generate_content gemini-2.5-flash");
  const embedding = one("embeddings text-embedding-3-small");
  const failed = one("chat rate-limited");

  assert.deepEqual(
    [asked, answered, streamed, claude, gemini, embedding, failed].map((span) => [
      span!.meaning.type,
      span!.meaning.provider,
      span!.meaning.model,
    ]),
    [
      ["llm", "openai", "gpt-5.4-mini-2026-10-01"],
      ["llm", "openai", "gpt-5.4-mini-2026-10-01"],
      ["llm", "openai", "gpt-5.4-2026-10-01"],
      ["llm", "anthropic", "claude-sonnet-5-5-20261001"],
      ["llm", "gcp.gemini", "gemini-2.5-flash-001"],
      ["embedding", "openai", "text-embedding-3-small-1"],
      ["llm", "openai", "rate-limited"],
    ],
  );
  assert.deepEqual(tokens(answered!), [20, 9, 12, 0, 4]);
  assert.deepEqual(tokens(streamed), [30, 11, 16, 0, 6]);
  assert.deepEqual(tokens(claude), [157, 12, 50, 100, 5]);
  assert.deepEqual(tokens(gemini), [40, 15, 32, 0, 9]);
  assert.deepEqual(tokens(embedding), [5, 0, 0, 0, 0]);
  for (const span of [answered!, streamed, claude, gemini, embedding])
    assert.ok(span.meaning.costUsd > 0, span.name);
  for (const span of [streamed, claude, gemini]) assert.ok(span.meaning.timeToFirstTokenMs > 0, span.name);
  assert.deepEqual([failed.status, failed.meaning.errorType], ["error", "rate_limit_exceeded"]);

  const hi = [{ role: "user", parts: [{ type: "text", text: "Hi" }] }];
  const nice = [{ type: "text", text: "Be nice" }];
  const said = { type: "text", text: "Hello, world!" };
  const thought = { type: "reasoning", text: "They greet." };
  for (const { messages } of [streamed, claude, gemini]) {
    assert.deepEqual(
      [messages.system, messages.input, messages.output[0]?.parts],
      [nice, hi, [thought, said]],
    );
  }
  const call = { type: "tool_call", id: "call_1", name: "weather", arguments: { city: "Bern" } };
  assert.deepEqual(asked!.messages.output[0]?.parts, [call]);
  assert.deepEqual(
    asked!.messages.toolDefinitions.map(({ name }) => name),
    ["weather"],
  );
  const result = { type: "tool_call_response", id: "call_1", name: "", result: { city: "Bern", degrees: 7 } };
  assert.deepEqual(answered!.messages.input.at(-1), { role: "tool", parts: [result] });
  assert.deepEqual(answered!.messages.system, nice);
  const tool = one("execute_tool weather");
  assert.deepEqual([tool.meaning.type, tool.meaning.tool], ["tool", "weather"]);
});

test("on level metadata the server shows who spoke and how much", async () => {
  const spans = await understood("metadata");
  const { messages, meaning } = spans.get("chat claude-sonnet-5-5")![0]!;
  assert.deepEqual(messages.system, [{ type: "json", value: { type: "text", size: 7 } }]);
  assert.deepEqual(messages.input, [
    { role: "user", parts: [{ type: "json", value: { type: "text", size: 2 } }] },
  ]);
  assert.deepEqual(messages.output[0]?.parts, [
    { type: "json", value: { type: "reasoning", size: 11 } },
    { type: "json", value: { type: "text", size: 13 } },
  ]);
  assert.equal(meaning.inputTokens, 157);
});
