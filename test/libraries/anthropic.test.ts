import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runAgent } from "../harness/agent-process.ts";
import {
  assertReadElsewhere,
  attributesOf,
  cancelledBelow,
  childrenOf,
  contentOf,
  genAiAttributes,
  outcomeOf,
  spanNamed,
} from "../harness/genai-spans.ts";
import { AGENT_HEAD, assertUnnoticed, runBefore } from "../harness/model-run.ts";
import { startAnthropicServer } from "../harness/model-servers/anthropic-server.ts";
import type { ModelServer } from "../harness/model-servers/model-server.ts";

/** What an agent does with the SDK; every call names another model, by which its span is found. */
const AGENT = `
const client = new Anthropic({ maxRetries: 0 });
const messages = [{ role: "user", content: "Hi" }];
const ask = (model, rest) => ({ model, max_tokens: 50, messages, ...rest });
const failure = (call) => call.then(() => say("no error"), (error) => say(error.constructor.name, String(error.status), error.message));
const weather = { name: "weather", description: "Tells the weather", input_schema: { type: "object", properties: {} } };
const runnable = { ...weather, parse: (given) => given, run: async ({ city }) => "7 degrees in " + city };

async function whole() {
  say(await client.messages.create(ask("chat", {
    system: "Be nice", temperature: 0.5, top_p: 0.9, top_k: 40, stop_sequences: ["END"],
    output_config: { effort: "low" },
    messages: [
      { role: "user", content: [{ type: "text", text: "Hi" }, { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } }] },
      { role: "assistant", content: [{ type: "tool_use", id: "toolu_0", name: "weather", input: { city: "Bern" } }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_0", content: "7" }] },
    ],
  })));
  const promise = client.messages.create(ask("with-response"));
  say(promise instanceof APIPromise, Object.keys(promise));
  const { data, response } = await promise.withResponse();
  say(data.id, response.status, data._request_id);
  const raw = await client.messages.create(ask("as-response")).asResponse();
  say((await raw.json()).id);
  say((await client.beta.messages.create(ask("beta"))).content);
  say((await client.messages.create(ask("tool-call", { tools: [weather] }))).content);
}

async function streams() {
  const stream = await inSpan("caller", () => client.messages.create(ask("stream", { stream: true })));
  say(Object.keys(stream), stream.controller instanceof AbortController, stream.constructor.name);
  await inSpan("consumer", async () => {
    for await (const event of stream) {
      say(event.type);
      if (event.type === "content_block_start" && event.index === 1) await fetch(process.env.ANTHROPIC_BASE_URL + "/other");
    }
  });
  const [left, right] = (await client.messages.create(ask("tee", { stream: true }))).tee();
  let count = 0;
  for await (const event of left) count++;
  for await (const event of right) count++;
  say(count);
  say((await client.messages.stream(ask("helper")).finalMessage()).content);
  say((await client.messages.stream(ask("tool-stream", { tools: [weather] })).finalMessage()).content);
  say((await client.beta.messages.stream(ask("beta-helper")).finalMessage()).content);
}

async function runners() {
  say((await client.beta.messages.toolRunner(ask("runner", { tools: [runnable] }))).content);
  for await (const turn of client.beta.messages.toolRunner(ask("runner-stream", { stream: true, tools: [runnable] }))) {
    say((await turn.finalMessage()).stop_reason);
  }
}

async function endings() {
  for (const model of ["rate-limited", "broken", "hangs-up"]) await failure(client.messages.create(ask(model)));
  await failure(client.messages.create(ask("never-answers"), { timeout: 50 }));
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 30);
  await failure(client.messages.create(ask("never-answers-aborted"), { signal: abort.signal }));
  const isText = ({ type, index }) => type === "content_block_delta" && index === 1;
  await inSpan("left", async () => {
    for await (const event of await client.messages.create(ask("endless", { stream: true }))) if (isText(event)) break;
  });
  await inSpan("aborted", async () => {
    const stream = await client.messages.create(ask("endless", { stream: true }));
    for await (const event of stream) if (isText(event)) stream.controller.abort();
  });
  await inSpan("helper left", async () => {
    for await (const event of client.messages.stream(ask("endless"))) if (isText(event)) break;
  });
  await inSpan("broken off", () => failure(client.messages.stream(ask("breaks-off")).finalMessage()));
}

async function main() { await whole(); await streams(); await runners(); await endings(); }
main();
`;

const HEADS = {
  esm: `import Anthropic, { APIPromise } from "@anthropic-ai/sdk";\nimport { trace } from "@opentelemetry/api";\n`,
  cjs: `const Anthropic = require("@anthropic-ai/sdk");\nconst { APIPromise } = Anthropic;\nconst { trace } = require("@opentelemetry/api");\n`,
};

const USAGE = {
  "gen_ai.usage.input_tokens": 157,
  "gen_ai.usage.output_tokens": 12,
  "gen_ai.usage.cache_read.input_tokens": 50,
  "gen_ai.usage.cache_write.input_tokens": 100,
  "gen_ai.usage.reasoning.output_tokens": 5,
};
const THOUGHT = { type: "reasoning", content: "They greet." };
const SAID = [
  {
    role: "assistant",
    parts: [THOUGHT, { type: "text", content: "Hello, world!" }],
    finish_reason: "end_turn",
  },
];
const CALLED = [
  {
    role: "assistant",
    parts: [THOUGHT, { type: "tool_call", id: "toolu_1", name: "weather", arguments: { city: "Bern" } }],
    finish_reason: "tool_use",
  },
];

function agent(
  kind: "esm" | "cjs",
  version: number,
  server: ModelServer,
  env: Readonly<Record<string, string>>,
) {
  return runAgent({
    kind,
    source: HEADS[kind] + AGENT_HEAD + AGENT,
    ...(version === 1 ? {} : { versions: { "@anthropic-ai/sdk": `anthropic-${version}` } }),
    env: { ANTHROPIC_API_KEY: "x", ANTHROPIC_BASE_URL: server.url, ...env },
  });
}

for (const version of [0, 1]) {
  for (const kind of ["esm", "cjs"] as const) {
    describe(`@anthropic-ai/sdk ${version}, ${kind}`, () => {
      const seen = runBefore(startAnthropicServer, (server, env) => agent(kind, version, server, env));

      test("the agent sees what it sees when the library is left alone", async () => {
        const off = { CLEW_DISABLED_LIBRARIES: "@anthropic-ai/sdk", ANTHROPIC_OPEN_TELEMETRY: "false" };
        await assertUnnoticed(seen, off, /anthropic/);
        assert.deepEqual([seen.run.code, seen.run.stderr], [0, ""]);
      });

      test("a message has the attributes of the conventions", () => {
        const span = spanNamed(seen.run, "chat chat");
        assert.deepEqual(genAiAttributes(span), {
          "gen_ai.operation.name": "chat",
          "gen_ai.provider.name": "anthropic",
          "gen_ai.request.model": "chat",
          "gen_ai.request.max_tokens": 50,
          "gen_ai.request.temperature": 0.5,
          "gen_ai.request.top_p": 0.9,
          "gen_ai.request.top_k": 40,
          "gen_ai.request.stop_sequences": ["END"],
          "gen_ai.request.reasoning.level": "low",
          "gen_ai.system_instructions": JSON.stringify([{ type: "text", content: "Be nice" }]),
          "gen_ai.input.messages": JSON.stringify([
            {
              role: "user",
              parts: [
                { type: "text", content: "Hi" },
                { type: "blob", modality: "image", mime_type: "image/png", content: "AAAA" },
              ],
            },
            {
              role: "assistant",
              parts: [{ type: "tool_call", id: "toolu_0", name: "weather", arguments: { city: "Bern" } }],
            },
            { role: "tool", parts: [{ type: "tool_call_response", id: "toolu_0", response: "7" }] },
          ]),
          "gen_ai.output.messages": JSON.stringify(SAID),
          "gen_ai.response.id": "msg_1",
          "gen_ai.response.model": "chat-20261001",
          "gen_ai.response.finish_reasons": ["end_turn"],
          ...USAGE,
        });
        assert.deepEqual([span.kind, span.scope], [3, "clew.anthropic"]);
        assert.deepEqual(
          childrenOf(seen.run, span).map(({ attributes }) => attributes["http.request.method"]),
          ["POST"],
        );
      });

      test("a call has one span, whoever makes it and however it is read", () => {
        const one = ["with-response", "as-response", "beta", "stream", "tee", "helper", "beta-helper"];
        for (const model of one) {
          const span = spanNamed(seen.run, `chat ${model}`);
          assert.deepEqual(attributesOf(span, Object.keys(USAGE)), USAGE, model);
          assert.deepEqual(contentOf(span, "gen_ai.output.messages"), SAID, model);
        }
        assert.equal(
          seen.run.spans.filter(({ name }) => name?.startsWith("anthropic.messages.create")).length,
          0,
        );
        const requests = seen.run.spans.filter(
          ({ attributes }) => attributes["http.request.method"] === "POST",
        );
        const calls = seen.run.spans.filter(({ scope }) => scope === "clew.anthropic");
        assert.equal(calls.length, requests.length);
      });

      test("calls of tools are in the output, whole and streamed", () => {
        for (const name of ["chat tool-call", "chat tool-stream"]) {
          const span = spanNamed(seen.run, name);
          assert.deepEqual(contentOf(span, "gen_ai.output.messages"), CALLED);
          assert.deepEqual(contentOf(span, "gen_ai.tool.definitions"), [
            {
              type: "function",
              name: "weather",
              description: "Tells the weather",
              parameters: { type: "object", properties: {} },
            },
          ]);
        }
      });

      test("the tool runner's own spans hold the calls of the model, and content", () => {
        for (const model of ["runner", "runner-stream"]) {
          const calls = seen.run.spans.filter(({ name }) => name === `chat ${model}`);
          assert.deepEqual(
            calls.map(({ attributes }) => attributes["gen_ai.response.finish_reasons"]).sort(),
            [["end_turn"], ["tool_use"]],
          );
          const runner = seen.run.spans.find(({ spanId }) => spanId === calls[0]?.parentSpanId);
          assert.equal(runner?.attributes["gen_ai.operation.name"], "invoke_agent");
          const tool = childrenOf(seen.run, runner).find(
            ({ attributes }) => attributes["gen_ai.operation.name"] === "execute_tool",
          );
          assert.equal(tool?.attributes["gen_ai.tool.call.arguments"], '{"city":"Bern"}');
        }
      });

      test("a stream that is read after the function returned keeps its parent, and its reader another one", () => {
        assertReadElsewhere(seen.run, "chat stream");
      });

      test("streams that are left or aborted end as cancelled", () => {
        for (const name of ["left", "aborted", "helper left"]) {
          const span = cancelledBelow(seen.run, name);
          assert.equal(span.attributes["gen_ai.usage.input_tokens"], 157, name);
        }
      });

      test("failures are errors with the provider's code, an abort is a cancellation", () => {
        const outcome = (model: string) => outcomeOf(seen.run, `chat ${model}`);
        assert.deepEqual(outcome("rate-limited"), [2, "rate_limit_error", 429]);
        assert.deepEqual(outcome("broken"), [2, "api_error", 500]);
        assert.deepEqual(outcome("never-answers"), [2, "APIConnectionTimeoutError", undefined]);
        assert.deepEqual(outcome("hangs-up"), [2, "UND_ERR_SOCKET", undefined]);
        assert.deepEqual(outcome("never-answers-aborted"), [0, undefined, undefined]);
        assert.equal(spanNamed(seen.run, "chat never-answers-aborted").attributes["clew.cancelled"], true);
        assert.deepEqual(outcome("breaks-off").slice(0, 2), [2, "overloaded_error"]);
      });
    });
  }
}

test("a client that sends its spans to a provider of its own keeps them", async () => {
  await using server = await startAnthropicServer();
  const source = `
import Anthropic from "@anthropic-ai/sdk";
import { ROOT_CONTEXT } from "@opentelemetry/api";
const names = [];
const span = { isRecording: () => true, spanContext: () => ({ traceId: "1".repeat(32), spanId: "2".repeat(16), traceFlags: 1 }),
  setAttribute() {}, setAttributes() {}, setStatus() {}, addEvent() {}, recordException() {}, end() { names.push("ended"); } };
const tracerProvider = { getTracer: () => ({ startSpan(name) { names.push(name); return span; } }) };
const client = new Anthropic({ maxRetries: 0, openTelemetry: { tracerProvider } });
await client.messages.create({ model: "chat", max_tokens: 9, messages: [{ role: "user", content: "Hi" }] });
console.log(names.join(" "));
`;
  const env = { ANTHROPIC_API_KEY: "x", ANTHROPIC_BASE_URL: server.url };
  const run = await runAgent({ kind: "esm", source, env });
  assert.equal(run.stdout, "anthropic.messages.create ended\n");
  assert.equal(spanNamed(run, "chat chat").attributes["gen_ai.usage.output_tokens"], 12);
});

for (const version of [0, 1]) {
  for (const kind of ["esm", "cjs"] as const) {
    test(`a client that is put together from the package's files is traced, version ${version}, ${kind}`, async () => {
      await using server = await startAnthropicServer();
      const head =
        kind === "esm"
          ? `import { BaseAnthropic } from "@anthropic-ai/sdk/client";
import * as Resources from "@anthropic-ai/sdk/resources/index";`
          : `const { BaseAnthropic } = require("@anthropic-ai/sdk/client");
const Resources = require("@anthropic-ai/sdk/resources/index");`;
      const source = `${head}
class Client extends BaseAnthropic { constructor() { super({ apiKey: "x" }); this.messages = new Resources.Messages(this); } }
new Client().messages.create({ model: "chat", max_tokens: 9, messages: [{ role: "user", content: "Hi" }] }).then(() => {});
`;
      const versions = version === 1 ? {} : { versions: { "@anthropic-ai/sdk": `anthropic-${version}` } };
      const env = { ANTHROPIC_BASE_URL: server.url };
      const run = await runAgent({ kind, source, ...versions, env });
      assert.deepEqual([run.code, run.stderr], [0, ""]);
      assert.equal(spanNamed(run, "chat chat").attributes["gen_ai.usage.output_tokens"], 12);
      assert.equal(run.spans.length, 2);
    });
  }
}
