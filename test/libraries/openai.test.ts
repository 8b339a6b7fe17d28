import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { attributesOf, childrenOf, contentOf, genAiAttributes, spanNamed } from "../harness/genai-spans.ts";
import { assertUnnoticed, runBefore } from "../harness/model-run.ts";
import { startOpenAiServer } from "../harness/model-servers/openai-server.ts";
import { CHAT_USAGE, RESPONDED, RESPONSE_USAGE, runOpenAiAgent, SAID } from "../harness/openai-agent.ts";

/** What an agent does with the SDK; every call names another model, by which its span is found. */
const MAIN = `
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

async function retries() {
  const patient = new OpenAI({ maxRetries: 1 });
  say((await patient.chat.completions.create({ model: "second-try", messages })).id);
}

async function main() { await whole(); await retries(); await tools(); }
main();
`;

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
const CALLED = [
  {
    role: "assistant",
    parts: [{ type: "tool_call", id: "call_1", name: "weather", arguments: { city: "Bern" } }],
    finish_reason: "tool_calls",
  },
];

for (const version of [4, 5, 6, 7] as const) {
  for (const kind of ["esm", "cjs"] as const) {
    describe(`openai ${version}, ${kind}`, () => {
      const seen = runBefore(startOpenAiServer, (server, env) =>
        runOpenAiAgent({ kind, version, main: MAIN }, server, env),
      );

      test("the agent sees what it sees when the library is left alone", async () => {
        await assertUnnoticed(seen, { CLEW_DISABLED_LIBRARIES: "openai" }, /^clew\.openai$/);
        assert.deepEqual([seen.run.code, seen.run.stderr], [0, ""]);
      });

      test("a chat completion has the attributes of the conventions", () => {
        assert.deepEqual(genAiAttributes(spanNamed(seen.run, "chat chat")), {
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
        const span = spanNamed(seen.run, "chat chat");
        assert.equal(span.kind, 3);
        assert.equal(span.scope, "clew.openai");
        assert.deepEqual(
          [span.attributes["server.address"], span.attributes["server.port"]],
          ["127.0.0.1", seen.server.port],
        );
        assert.deepEqual(
          childrenOf(seen.run, span).map(({ kind: child, attributes }) => [
            child,
            attributes["http.request.method"],
          ]),
          [[3, "POST"]],
        );
      });

      test("every way of reading an answer gives its tokens", () => {
        for (const model of ["with-response", "as-response", "parse"]) {
          const span = spanNamed(seen.run, `chat ${model}`);
          assert.deepEqual(attributesOf(span, Object.keys(CHAT_USAGE)), CHAT_USAGE, model);
          assert.equal(span.status?.code ?? 0, 0, model);
        }
        assert.equal(spanNamed(seen.run, "chat parse").attributes["gen_ai.output.type"], "json");
      });

      test("responses have the attributes of the conventions", () => {
        const span = spanNamed(seen.run, "chat response");
        assert.deepEqual(genAiAttributes(span), {
          "gen_ai.operation.name": "chat",
          "gen_ai.provider.name": "openai",
          "gen_ai.request.model": "response",
          "gen_ai.request.max_tokens": 50,
          "gen_ai.request.reasoning.level": "low",
          "gen_ai.request.previous_response.id": "resp_0",
          "gen_ai.system_instructions": JSON.stringify([{ type: "text", content: "Be nice" }]),
          "gen_ai.input.messages": JSON.stringify([MESSAGES[1]]),
          "gen_ai.output.messages": JSON.stringify(RESPONDED),
          "gen_ai.response.id": "resp_1",
          "gen_ai.response.model": "response-2026-10-01",
          "gen_ai.response.finish_reasons": ["stop"],
          ...RESPONSE_USAGE,
          "openai.api.type": "responses",
          "openai.response.service_tier": "default",
        });
        assert.deepEqual(
          spanNamed(seen.run, "chat incomplete").attributes["gen_ai.response.finish_reasons"],
          ["length"],
        );
      });

      test("a response that goes on in the background has no finish reason yet", () => {
        const { attributes } = spanNamed(seen.run, "chat background");
        assert.equal(attributes["gen_ai.response.id"], "resp_1");
        assert.equal(attributes["gen_ai.response.finish_reasons"], undefined);
      });

      test("embeddings tell their tokens and dimensions", () => {
        assert.deepEqual(genAiAttributes(spanNamed(seen.run, "embeddings embedding")), {
          "gen_ai.operation.name": "embeddings",
          "gen_ai.provider.name": "openai",
          "gen_ai.request.model": "embedding",
          "gen_ai.response.model": "embedding-1",
          "gen_ai.embeddings.dimension.count": 3,
          "gen_ai.usage.input_tokens": 5,
        });
        const { attributes } = spanNamed(seen.run, "embeddings base64");
        assert.deepEqual(attributes["gen_ai.request.encoding_formats"], ["base64"]);
      });

      test("text completions and Azure are traced", () => {
        const text = spanNamed(seen.run, "text_completion text");
        assert.deepEqual(contentOf(text, "gen_ai.output.messages"), [
          { role: "assistant", parts: [{ type: "text", content: "Hello, world!" }] },
        ]);
        assert.equal(text.attributes["gen_ai.usage.output_tokens"], 4);
        assert.equal(
          spanNamed(seen.run, "chat deployed").attributes["gen_ai.provider.name"],
          "azure.ai.openai",
        );
      });

      test("calls of tools are in the output, whole and streamed", () => {
        for (const name of ["chat tool-call", "chat tool-stream"]) {
          const span = spanNamed(seen.run, name);
          assert.deepEqual(contentOf(span, "gen_ai.output.messages"), CALLED);
          assert.deepEqual(contentOf(span, "gen_ai.tool.definitions"), [DEFINITION]);
          assert.deepEqual(span.attributes["gen_ai.response.finish_reasons"], ["tool_calls"]);
        }
        const span = spanNamed(seen.run, "chat response-tool");
        const [message] = contentOf(span, "gen_ai.output.messages") as [{ parts: object[] }];
        assert.deepEqual(message.parts[1], CALLED[0]?.parts[0]);
        assert.deepEqual(span.attributes["gen_ai.response.finish_reasons"], ["tool_calls"]);
      });

      test("runTools has a span for each call of the model and of a tool", () => {
        for (const model of ["run-tools", "run-tools-stream"]) {
          const calls = seen.run.spans.filter(({ name }) => name === `chat ${model}`);
          assert.deepEqual(
            calls.map(({ attributes }) => attributes["gen_ai.response.finish_reasons"]).sort(),
            [["stop"], ["tool_calls"]],
          );
        }
        const tools = seen.run.spans.filter(({ name }) => name === "execute_tool weather");
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

      test("a call that is tried again is one span with two requests", () => {
        const span = spanNamed(seen.run, "chat second-try");
        assert.equal(span.status?.code ?? 0, 0);
        assert.deepEqual(
          childrenOf(seen.run, span)
            .map(({ attributes }) => attributes["http.response.status_code"])
            .sort(),
          [200, 503],
        );
      });
    });
  }
}
