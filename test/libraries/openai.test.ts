import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type AgentRun, runAgent } from "../harness/agent-process.ts";
import { childrenOf, contentOf, genAiAttributes, spanNamed } from "../harness/genai-spans.ts";
import type { ModelServer } from "../harness/model-servers/model-server.ts";
import { startOpenAiServer } from "../harness/model-servers/openai-server.ts";

/** What an agent does with the SDK; every call names another model, by which its span is found. */
const AGENT = `
const client = new OpenAI({ maxRetries: 0 });
const helpers = client.chat.completions.runTools ? client.chat.completions : client.beta.chat.completions;
const messages = [{ role: "system", content: "Be nice" }, { role: "user", content: "Hi" }];
const say = (...of) => console.log(...of.map((value) => typeof value === "string" ? value : JSON.stringify(value)));
const tracer = trace.getTracer("test");
const inSpan = (name, call) => tracer.startActiveSpan(name, async (span) => { try { return await call(); } finally { span.end(); } });
const failure = (call) => call.then(() => say("no error"), (error) => say(error.constructor.name, String(error.status), error.message));
const weather = {
  name: "weather",
  description: "Tells the weather",
  parameters: { type: "object", properties: { city: { type: "string" } } },
};
const runnable = { type: "function", function: { ...weather, parse: JSON.parse, function: async ({ city }) => "7 degrees in " + city } };

async function whole() {
  const answer = await client.chat.completions.create({
    model: "chat", messages, temperature: 0.5, top_p: 0.9, max_tokens: 50, frequency_penalty: 0.1, presence_penalty: 0.2,
    seed: 7, stop: ["END"], n: 2, reasoning_effort: "low", service_tier: "flex",
  });
  say(answer);
  const promise = client.chat.completions.create({ model: "with-response", messages });
  say(promise instanceof APIPromise, Object.keys(promise));
  const { data, response } = await promise.withResponse();
  say(data.id, response.status, response.headers.get("x-request-id"), data._request_id);
  const raw = await client.chat.completions.create({ model: "as-response", messages }).asResponse();
  say(raw.status, (await raw.json()).id);
  const parsed = await helpers.parse({
    model: "parse", messages, response_format: { type: "json_schema", json_schema: { name: "x", schema: {} } },
  });
  say(parsed);
  say(await client.completions.create({ model: "text", prompt: "Say hello", max_tokens: 9 }));
  const floats = await client.embeddings.create({ model: "embedding", input: "Hi" });
  say(floats.data[0].embedding);
  say((await client.embeddings.create({ model: "base64", input: "Hi", encoding_format: "base64" })).data[0].embedding);
  say(await client.responses.create({
    model: "response", instructions: "Be nice", input: "Hi", max_output_tokens: 50, reasoning: { effort: "low" },
    previous_response_id: "resp_0",
  }));
  say((await client.responses.create({ model: "incomplete", input: "Hi" })).status);
  say((await client.responses.create({ model: "background", input: "Hi", background: true })).status);
  const azure = new AzureOpenAI({ baseURL: null, apiKey: "x", apiVersion: "2026-01-01", endpoint: process.env.AZURE_URL, maxRetries: 0 });
  say((await azure.chat.completions.create({ model: "deployed", messages })).id);
}

async function tools() {
  const tool = { type: "function", function: weather };
  say((await client.chat.completions.create({ model: "tool-call", messages, tools: [tool] })).choices[0].message);
  const pieces = await client.chat.completions.create({ model: "tool-stream", messages, tools: [tool], stream: true });
  for await (const piece of pieces) say(piece.choices[0].delta);
  const before = JSON.stringify(Object.keys(runnable.function));
  const runner = helpers.runTools({ model: "run-tools", messages, tools: [runnable] });
  say(await runner.finalContent(), runner.messages.length, before === JSON.stringify(Object.keys(runnable.function)));
  say(await helpers.runTools({ model: "run-tools-stream", stream: true, messages, tools: [runnable] }).finalContent());
  const responseTool = { type: "function", strict: false, ...weather };
  say((await client.responses.create({ model: "response-tool", input: "Hi", tools: [responseTool] })).output);
}

async function streams() {
  const options = { stream: true, stream_options: { include_usage: true } };
  const stream = await inSpan("caller", () => client.chat.completions.create({ model: "stream", messages, ...options }));
  say(stream instanceof Stream, Object.keys(stream), stream.controller instanceof AbortController);
  await inSpan("consumer", async () => {
    for await (const piece of stream) {
      if (piece.choices[0]?.delta.content === "Hello") await fetch(process.env.OPENAI_BASE_URL + "/models");
    }
  });
  const [left, right] = (await client.chat.completions.create({ model: "tee", messages, ...options })).tee();
  let text = "";
  for await (const piece of left) text += piece.choices[0]?.delta.content ?? "";
  for await (const piece of right) text += piece.choices[0]?.delta.content ?? "";
  say(text);
  const readable = (await client.chat.completions.create({ model: "readable", messages, ...options })).toReadableStream();
  say((await new Response(readable).text()).split("\\n").length);
  say(await helpers.stream({ model: "helper", messages, ...options }).finalContent());
  const events = await client.responses.create({ model: "response-stream", input: "Hi", stream: true });
  for await (const event of events) say(event.type);
  const response = client.responses.stream({ model: "response-helper", input: "Hi" });
  say((await response.finalResponse()).output_text);
}

async function endings() {
  for (const model of ["rate-limited", "broken", "hangs-up"]) await failure(client.chat.completions.create({ model, messages }));
  await failure(client.chat.completions.create({ model: "never-answers", messages }, { timeout: 50 }));
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 30);
  await failure(client.responses.create({ model: "never-answers-aborted", input: "Hi" }, { signal: abort.signal }));
  const open = (model) => client.chat.completions.create({ model: "endless", user: model, messages, stream: true });
  await inSpan("left", async () => { for await (const piece of await open()) if (piece.choices[0].delta.content) break; });
  await inSpan("aborted", async () => {
    const stream = await open();
    for await (const piece of stream) if (piece.choices[0].delta.content) stream.controller.abort();
  });
  await inSpan("helper left", async () => {
    for await (const event of client.responses.stream({ model: "endless", input: "Hi" })) if (event.type === "response.output_text.delta") break;
  });
  await inSpan("never read", async () => void await client.chat.completions.create({ model: "unread", messages, stream: true }));
  await inSpan("broken off", async () => {
    await failure((async () => {
      for await (const piece of await client.chat.completions.create({ model: "breaks-off", messages, stream: true })) say(piece.choices[0].delta);
    })());
  });
  await inSpan("failed", async () => {
    for await (const event of await client.responses.create({ model: "breaks-off", input: "Hi", stream: true })) say(event.type);
  });
  v8.setFlagsFromString("--expose-gc");
  const collect = vm.runInNewContext("gc");
  for (let round = 0; round < 5; round++) { await new Promise((resolve) => setTimeout(resolve, 20)); collect(); }
}

async function retries() {
  const patient = new OpenAI({ maxRetries: 1 });
  say((await patient.chat.completions.create({ model: "second-try", messages })).id);
}

async function main() { await whole(); await retries(); await tools(); await streams(); await endings(); }
main();
`;

const HEADS = {
  esm: `import OpenAI, { APIPromise as Named, AzureOpenAI } from "openai";
import { Stream } from "openai/streaming";
import { trace } from "@opentelemetry/api";
import v8 from "node:v8";
import vm from "node:vm";
const APIPromise = Named;`,
  cjs: `const OpenAI = require("openai");
const { APIPromise, AzureOpenAI } = OpenAI;
const { Stream } = require("openai/streaming");
const { trace } = require("@opentelemetry/api");
const v8 = require("node:v8");
const vm = require("node:vm");`,
};

const MESSAGES = [
  { role: "system", parts: [{ type: "text", content: "Be nice" }] },
  { role: "user", parts: [{ type: "text", content: "Hi" }] },
];
const DEFINITION = {
  type: "function",
  name: "weather",
  description: "Tells the weather",
  parameters: { type: "object", properties: { city: { type: "string" } } },
};
const SAID = [
  { role: "assistant", parts: [{ type: "text", content: "Hello, world!" }], finish_reason: "stop" },
];
const CALLED = [
  {
    role: "assistant",
    parts: [{ type: "tool_call", id: "call_1", name: "weather", arguments: { city: "Bern" } }],
    finish_reason: "tool_calls",
  },
];
const CHAT_USAGE = {
  "gen_ai.usage.input_tokens": 20,
  "gen_ai.usage.output_tokens": 9,
  "gen_ai.usage.cache_read.input_tokens": 12,
  "gen_ai.usage.reasoning.output_tokens": 4,
};
const RESPONSE_USAGE = {
  "gen_ai.usage.input_tokens": 30,
  "gen_ai.usage.output_tokens": 11,
  "gen_ai.usage.cache_read.input_tokens": 16,
  "gen_ai.usage.reasoning.output_tokens": 6,
};

function agent(kind: "esm" | "cjs", version: number, server: ModelServer, env: Record<string, string>) {
  // Version 4 has its promise elsewhere.
  const old =
    version === 4
      ? HEADS[kind].replace("APIPromise as Named, ", "").replace("APIPromise, ", "")
      : HEADS[kind];
  const promise =
    kind === "esm"
      ? `import { APIPromise } from "openai/core";`
      : `const { APIPromise } = require("openai/core");`;
  const head =
    version === 4 ? old.replace("const APIPromise = Named;", promise) + (kind === "cjs" ? promise : "") : old;
  return runAgent({
    kind,
    source: `${head}\n${AGENT}`,
    ...(version === 7 ? {} : { versions: { openai: `openai-${version}` } }),
    env: {
      OPENAI_API_KEY: "x",
      OPENAI_BASE_URL: `${server.url}/v1`,
      AZURE_URL: server.url,
      NODE_NO_WARNINGS: "1",
      ...env,
    },
  });
}

for (const version of [4, 5, 6, 7]) {
  for (const kind of ["esm", "cjs"] as const) {
    describe(`openai ${version}, ${kind}`, () => {
      let server: ModelServer;
      let run: AgentRun;
      before(async () => {
        server = await startOpenAiServer();
        run = await agent(kind, version, server, { CLEW_CONTENT: "full" });
      });
      after(() => server[Symbol.asyncDispose]());

      test("the agent sees what it sees when the library is left alone", async () => {
        const alone = await agent(kind, version, server, { CLEW_DISABLED_LIBRARIES: "openai" });
        assert.equal(alone.spans.filter(({ scope }) => scope === "clew.openai").length, 0);
        const stripped = (text: string) => text.replaceAll(/127\.0\.0\.1:\d+/g, "");
        assert.equal(stripped(run.stdout), stripped(alone.stdout));
        assert.deepEqual([run.code, run.stderr], [0, ""]);
      });

      test("a chat completion has the attributes of the conventions", () => {
        assert.deepEqual(genAiAttributes(spanNamed(run, "chat chat")), {
          "gen_ai.operation.name": "chat",
          "gen_ai.provider.name": "openai",
          "gen_ai.request.model": "chat",
          "gen_ai.request.temperature": 0.5,
          "gen_ai.request.top_p": 0.9,
          "gen_ai.request.max_tokens": 50,
          "gen_ai.request.frequency_penalty": 0.1,
          "gen_ai.request.presence_penalty": 0.2,
          "gen_ai.request.seed": 7,
          "gen_ai.request.stop_sequences": ["END"],
          "gen_ai.request.choice.count": 2,
          "gen_ai.request.reasoning.level": "low",
          "gen_ai.input.messages": JSON.stringify(MESSAGES),
          "gen_ai.output.messages": JSON.stringify(SAID),
          "gen_ai.response.id": "chatcmpl-1",
          "gen_ai.response.model": "chat-2026-10-01",
          "gen_ai.response.finish_reasons": ["stop"],
          ...CHAT_USAGE,
          "openai.api.type": "chat_completions",
          "openai.request.service_tier": "flex",
          "openai.response.service_tier": "default",
          "openai.response.system_fingerprint": "fp_1",
        });
        const span = spanNamed(run, "chat chat");
        assert.equal(span.kind, 3);
        assert.equal(span.scope, "clew.openai");
        assert.deepEqual(
          [span.attributes["server.address"], span.attributes["server.port"]],
          ["127.0.0.1", server.port],
        );
        assert.deepEqual(
          childrenOf(run, span).map(({ kind: child, attributes }) => [
            child,
            attributes["http.request.method"],
          ]),
          [[3, "POST"]],
        );
      });

      test("every way of reading an answer gives its tokens", () => {
        for (const model of [
          "with-response",
          "as-response",
          "parse",
          "stream",
          "tee",
          "readable",
          "helper",
        ]) {
          const { attributes, status } = spanNamed(run, `chat ${model}`);
          const usage = Object.fromEntries(Object.keys(CHAT_USAGE).map((key) => [key, attributes[key]]));
          assert.deepEqual(usage, CHAT_USAGE, model);
          assert.equal(status?.code ?? 0, 0, model);
        }
        assert.equal(spanNamed(run, "chat parse").attributes["gen_ai.output.type"], "json");
      });

      test("responses have the attributes of the conventions, whole and streamed", () => {
        const span = spanNamed(run, "chat response");
        const output = [
          {
            role: "assistant",
            parts: [
              { type: "reasoning", content: "They greet." },
              { type: "text", content: "Hello, world!" },
            ],
            finish_reason: "stop",
          },
        ];
        assert.deepEqual(genAiAttributes(span), {
          "gen_ai.operation.name": "chat",
          "gen_ai.provider.name": "openai",
          "gen_ai.request.model": "response",
          "gen_ai.request.max_tokens": 50,
          "gen_ai.request.reasoning.level": "low",
          "gen_ai.request.previous_response.id": "resp_0",
          "gen_ai.system_instructions": JSON.stringify([{ type: "text", content: "Be nice" }]),
          "gen_ai.input.messages": JSON.stringify([MESSAGES[1]]),
          "gen_ai.output.messages": JSON.stringify(output),
          "gen_ai.response.id": "resp_1",
          "gen_ai.response.model": "response-2026-10-01",
          "gen_ai.response.finish_reasons": ["stop"],
          ...RESPONSE_USAGE,
          "openai.api.type": "responses",
          "openai.response.service_tier": "default",
        });
        for (const name of ["chat response-stream", "chat response-helper"]) {
          const streamed = spanNamed(run, name);
          assert.equal(streamed.attributes["gen_ai.request.stream"], true);
          assert.deepEqual(contentOf(streamed, "gen_ai.output.messages"), output);
          assert.equal(streamed.attributes["gen_ai.usage.reasoning.output_tokens"], 6);
        }
        assert.deepEqual(spanNamed(run, "chat incomplete").attributes["gen_ai.response.finish_reasons"], [
          "length",
        ]);
      });

      test("a response that goes on in the background has no finish reason yet", () => {
        const { attributes } = spanNamed(run, "chat background");
        assert.equal(attributes["gen_ai.response.id"], "resp_1");
        assert.equal(attributes["gen_ai.response.finish_reasons"], undefined);
      });

      test("embeddings tell their tokens and dimensions", () => {
        assert.deepEqual(genAiAttributes(spanNamed(run, "embeddings embedding")), {
          "gen_ai.operation.name": "embeddings",
          "gen_ai.provider.name": "openai",
          "gen_ai.request.model": "embedding",
          "gen_ai.response.model": "embedding-1",
          "gen_ai.embeddings.dimension.count": 3,
          "gen_ai.usage.input_tokens": 5,
        });
        const { attributes } = spanNamed(run, "embeddings base64");
        assert.deepEqual(attributes["gen_ai.request.encoding_formats"], ["base64"]);
      });

      test("text completions and Azure are traced", () => {
        const text = spanNamed(run, "text_completion text");
        assert.deepEqual(contentOf(text, "gen_ai.output.messages"), [
          { role: "assistant", parts: [{ type: "text", content: "Hello, world!" }] },
        ]);
        assert.equal(text.attributes["gen_ai.usage.output_tokens"], 4);
        assert.equal(spanNamed(run, "chat deployed").attributes["gen_ai.provider.name"], "azure.ai.openai");
      });

      test("calls of tools are in the output, whole and streamed", () => {
        for (const name of ["chat tool-call", "chat tool-stream"]) {
          const span = spanNamed(run, name);
          assert.deepEqual(contentOf(span, "gen_ai.output.messages"), CALLED);
          assert.deepEqual(contentOf(span, "gen_ai.tool.definitions"), [DEFINITION]);
          assert.deepEqual(span.attributes["gen_ai.response.finish_reasons"], ["tool_calls"]);
        }
        const span = spanNamed(run, "chat response-tool");
        const [message] = contentOf(span, "gen_ai.output.messages") as [{ parts: object[] }];
        assert.deepEqual(message.parts[1], CALLED[0]?.parts[0]);
        assert.deepEqual(span.attributes["gen_ai.response.finish_reasons"], ["tool_calls"]);
      });

      test("runTools has a span for each call of the model and of a tool", () => {
        for (const model of ["run-tools", "run-tools-stream"]) {
          const calls = run.spans.filter(({ name }) => name === `chat ${model}`);
          assert.deepEqual(
            calls.map(({ attributes }) => attributes["gen_ai.response.finish_reasons"]).sort(),
            [["stop"], ["tool_calls"]],
          );
        }
        const tools = run.spans.filter(({ name }) => name === "execute_tool weather");
        assert.equal(tools.length, 2);
        for (const tool of tools) {
          assert.equal(tool.kind, 1);
          assert.deepEqual(genAiAttributes(tool), {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": "weather",
            "gen_ai.tool.type": "function",
            "gen_ai.tool.call.id": "call_1",
            "gen_ai.tool.description": "Tells the weather",
            "gen_ai.tool.call.arguments": '{"city":"Bern"}',
            "gen_ai.tool.call.result": '"7 degrees in Bern"',
          });
        }
      });

      test("a stream that is read after the function returned keeps its parent, and its reader another one", () => {
        const caller = spanNamed(run, "caller");
        const chat = spanNamed(run, "chat stream");
        const consumer = spanNamed(run, "consumer");
        assert.deepEqual(childrenOf(run, caller), [chat]);
        assert.equal(childrenOf(run, chat)[0]?.attributes["http.request.method"], "POST");
        assert.equal(childrenOf(run, consumer)[0]?.attributes["http.request.method"], "GET");
        assert.notEqual(consumer.traceId, caller.traceId);
        assert.ok(
          BigInt(chat.endTimeUnixNano!) > BigInt(caller.endTimeUnixNano!),
          "it ends when it was read",
        );
        const first = chat.attributes["gen_ai.response.time_to_first_chunk"];
        const seconds = Number(BigInt(chat.endTimeUnixNano!) - BigInt(chat.startTimeUnixNano!)) / 1e9;
        assert.ok(typeof first === "number" && first > 0 && first < seconds, `${first} of ${seconds}`);
        assert.deepEqual(contentOf(chat, "gen_ai.output.messages"), SAID);
      });

      test("streams that are left, aborted or never read end as cancelled", () => {
        for (const name of ["left", "aborted", "helper left", "never read"]) {
          const [span, ...others] = childrenOf(run, spanNamed(run, name));
          assert.equal(others.length, 0, name);
          assert.equal(span?.attributes["clew.cancelled"], true, name);
          assert.equal(span.attributes["error.type"], undefined, name);
          assert.equal(span.status?.code ?? 0, 0, name);
        }
        const [left] = childrenOf(run, spanNamed(run, "left"));
        assert.deepEqual(contentOf(left!, "gen_ai.output.messages"), [
          { role: "assistant", parts: [{ type: "text", content: "on and " }] },
        ]);
        assert.equal(left?.attributes["gen_ai.response.model"], "endless-2026-10-01");
      });

      test("a call that is tried again is one span with two requests", () => {
        const span = spanNamed(run, "chat second-try");
        assert.equal(span.status?.code ?? 0, 0);
        assert.deepEqual(
          childrenOf(run, span)
            .map(({ attributes }) => attributes["http.response.status_code"])
            .sort(),
          [200, 503],
        );
      });

      test("failures are errors with the provider's code, an abort is a cancellation", () => {
        const outcome = (name: string) => {
          const { attributes, status } = spanNamed(run, `chat ${name}`);
          return [status?.code ?? 0, attributes["error.type"], attributes["http.response.status_code"]];
        };
        assert.deepEqual(outcome("rate-limited"), [2, "rate_limit_exceeded", 429]);
        assert.deepEqual(outcome("broken"), [2, "server_error", 500]);
        assert.deepEqual(outcome("never-answers"), [2, "APIConnectionTimeoutError", undefined]);
        const [code, type] = outcome("hangs-up");
        assert.equal(code, 2);
        assert.match(String(type), /^(UND_ERR_SOCKET|ECONNRESET)$/);
        assert.deepEqual(outcome("never-answers-aborted"), [0, undefined, undefined]);
        assert.equal(spanNamed(run, "chat never-answers-aborted").attributes["clew.cancelled"], true);
        const [brokenOff] = childrenOf(run, spanNamed(run, "broken off"));
        assert.deepEqual([brokenOff?.status?.code, brokenOff?.attributes["error.type"]], [2, "overloaded"]);
        const [failed] = childrenOf(run, spanNamed(run, "failed"));
        assert.deepEqual([failed?.status?.code, failed?.attributes["error.type"]], [2, "server_error"]);
        assert.equal(failed?.status?.message, "It broke off");
      });
    });
  }
}
