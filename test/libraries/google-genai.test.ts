import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runAgent } from "../harness/agent-process.ts";
import {
  assertReadElsewhere,
  cancelledBelow,
  childrenOf,
  contentOf,
  genAiAttributes,
  outcomeOf,
  spanNamed,
} from "../harness/genai-spans.ts";
import { AGENT_HEAD, assertUnnoticed, runBefore } from "../harness/model-run.ts";
import { startGeminiServer } from "../harness/model-servers/gemini-server.ts";
import type { ModelServer } from "../harness/model-servers/model-server.ts";

/** What an agent does with the SDK; every call names another model, by which its span is found. */
const AGENT = `
const options = { baseUrl: process.env.GEMINI_URL };
const ai = new GoogleGenAI({ apiKey: "x", httpOptions: options });
const failure = (call) => call.then(() => say("no error"), (error) => say(error.name, String(error.status)));
const declaration = { name: "weather", description: "Tells the weather", parametersJsonSchema: { type: "object", properties: {} } };
const seen = ({ sdkHttpResponse, ...answer }) => answer;

async function whole() {
  const answer = await ai.models.generateContent({
    model: "content",
    contents: [
      { role: "user", parts: [{ text: "Hi" }, { inlineData: { mimeType: "image/png", data: "AAAA" } }] },
      { role: "model", parts: [{ functionCall: { id: "call_0", name: "weather", args: { city: "Bern" } } }] },
      { role: "user", parts: [{ functionResponse: { id: "call_0", name: "weather", response: { result: 7 } } }] },
    ],
    config: {
      systemInstruction: "Be nice", temperature: 0.5, topP: 0.9, topK: 40, maxOutputTokens: 50, seed: 7,
      stopSequences: ["END"], candidateCount: 1, responseMimeType: "application/json",
    },
  });
  say(answer.constructor.name, answer.text, seen(answer));
  const call = ai.models.generateContent({ model: "tool-call", contents: "Hi", config: { tools: [{ functionDeclarations: [declaration] }] } });
  say(call instanceof Promise, (await call).functionCalls);
  say(seen(await ai.models.embedContent({ model: "embedding", contents: "Hi", config: { outputDimensionality: 3 } })));
  say((await ai.models.generateContent({ model: "blocked", contents: "Hi" })).promptFeedback);
  const chat = ai.chats.create({ model: "chat" });
  say((await chat.sendMessage({ message: "one" })).text);
  for await (const piece of await chat.sendMessageStream({ message: "two" })) say(piece.text);
  say(chat.getHistory().length);
  const callable = {
    tool: async () => ({ functionDeclarations: [declaration] }),
    callTool: async (calls) => calls.map(({ id, name }) => ({ functionResponse: { id, name, response: { result: "7" } } })),
  };
  say((await ai.models.generateContent({ model: "automatic", contents: "Hi", config: { tools: [callable] } })).text);
}

async function streams() {
  const stream = await inSpan("caller", () => ai.models.generateContentStream({ model: "stream", contents: "Hi" }));
  say(Object.prototype.toString.call(stream), Object.keys(stream));
  await inSpan("consumer", async () => {
    for await (const piece of stream) {
      say(piece.constructor.name, piece.text);
      if (piece.text === "Hello") await fetch(process.env.GEMINI_URL + "/other");
    }
  });
}

async function endings() {
  for (const model of ["rate-limited", "broken", "hangs-up"]) await failure(ai.models.generateContent({ model, contents: "Hi" }));
  await failure(ai.models.generateContentStream({ model: "refused", contents: "Hi", config: { httpOptions: { baseUrl: "http://127.0.0.1:9" } } }));
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 30);
  await failure(ai.models.generateContent({ model: "never-answers", contents: "Hi", config: { abortSignal: abort.signal } }));
  await inSpan("left", async () => {
    for await (const piece of await ai.models.generateContentStream({ model: "endless", contents: "Hi" })) break;
  });
}

async function main() { await whole(); await streams(); await endings(); }
main();
`;

const HEADS = {
  esm: `import { GoogleGenAI } from "@google/genai";\nimport { trace } from "@opentelemetry/api";\n`,
  cjs: `const { GoogleGenAI } = require("@google/genai");\nconst { trace } = require("@opentelemetry/api");\n`,
};

const USAGE = {
  "gen_ai.usage.input_tokens": 40,
  "gen_ai.usage.output_tokens": 15,
  "gen_ai.usage.cache_read.input_tokens": 32,
  "gen_ai.usage.reasoning.output_tokens": 9,
};
const THOUGHT = { type: "reasoning", content: "They greet." };
const SAID = [
  { role: "assistant", parts: [THOUGHT, { type: "text", content: "Hello, world!" }], finish_reason: "stop" },
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
    ...(version === 3 ? {} : { versions: { "@google/genai": `google-genai-${version}` } }),
    env: { GEMINI_URL: server.url, ...env },
  });
}

for (const version of [1, 3]) {
  for (const kind of ["esm", "cjs"] as const) {
    describe(`@google/genai ${version}, ${kind}`, () => {
      const seen = runBefore(startGeminiServer, (server, env) => agent(kind, version, server, env));

      test("the agent sees what it sees when the library is left alone", async () => {
        const alone = await assertUnnoticed(
          seen,
          { CLEW_DISABLED_LIBRARIES: "@google/genai" },
          /google-genai/,
        );
        assert.deepEqual([seen.run.code, seen.run.stderr], [0, alone.stderr]);
      });

      test("a request for content has the attributes of the conventions", () => {
        const span = spanNamed(seen.run, "generate_content content");
        assert.deepEqual(genAiAttributes(span), {
          "gen_ai.operation.name": "generate_content",
          "gen_ai.provider.name": "gcp.gemini",
          "gen_ai.request.model": "content",
          "gen_ai.request.temperature": 0.5,
          "gen_ai.request.top_p": 0.9,
          "gen_ai.request.top_k": 40,
          "gen_ai.request.max_tokens": 50,
          "gen_ai.request.seed": 7,
          "gen_ai.request.stop_sequences": ["END"],
          "gen_ai.output.type": "json",
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
              parts: [{ type: "tool_call", id: "call_0", name: "weather", arguments: { city: "Bern" } }],
            },
            { role: "tool", parts: [{ type: "tool_call_response", id: "call_0", response: { result: 7 } }] },
          ]),
          "gen_ai.output.messages": JSON.stringify(SAID),
          "gen_ai.response.id": "response_1",
          "gen_ai.response.model": "content-001",
          "gen_ai.response.finish_reasons": ["stop"],
          ...USAGE,
        });
        assert.deepEqual([span.kind, span.scope], [3, "clew.google-genai"]);
        assert.deepEqual(
          [span.attributes["server.address"], span.attributes["server.port"]],
          ["127.0.0.1", seen.server.port],
        );
        assert.deepEqual(
          childrenOf(seen.run, span).map(({ attributes }) => attributes["http.request.method"]),
          ["POST"],
        );
      });

      test("calls of functions are in the output, and every request of automatic calling has its span", () => {
        const span = spanNamed(seen.run, "generate_content tool-call");
        assert.deepEqual(contentOf(span, "gen_ai.output.messages"), [
          {
            role: "assistant",
            parts: [
              THOUGHT,
              { type: "tool_call", id: "call_1", name: "weather", arguments: { city: "Bern" } },
            ],
            finish_reason: "stop",
          },
        ]);
        assert.deepEqual(contentOf(span, "gen_ai.tool.definitions"), [
          {
            type: "function",
            name: "weather",
            description: "Tells the weather",
            parameters: { type: "object", properties: {} },
          },
        ]);
        assert.equal(seen.run.spans.filter(({ name }) => name === "generate_content automatic").length, 2);
      });

      test("chats, embeddings and blocked prompts are traced", () => {
        const chats = seen.run.spans.filter(({ name }) => name === "generate_content chat");
        assert.equal(chats.length, 2);
        for (const chat of chats) assert.deepEqual(contentOf(chat, "gen_ai.output.messages"), SAID);
        assert.deepEqual(genAiAttributes(spanNamed(seen.run, "embeddings embedding")), {
          "gen_ai.operation.name": "embeddings",
          "gen_ai.provider.name": "gcp.gemini",
          "gen_ai.request.model": "embedding",
          "gen_ai.embeddings.dimension.count": 3,
        });
        const blocked = spanNamed(seen.run, "generate_content blocked");
        assert.deepEqual(blocked.attributes["gen_ai.response.finish_reasons"], ["safety"]);
      });

      test("a stream that is read after the function returned keeps its parent, and its reader another one", () => {
        const content = assertReadElsewhere(seen.run, "generate_content stream");
        assert.equal(content.attributes["gen_ai.request.stream"], true);
        assert.deepEqual(contentOf(content, "gen_ai.output.messages"), SAID);
        assert.equal(content.attributes["gen_ai.usage.output_tokens"], 15);
      });

      test("failures are errors with the provider's status, a stream that is left and an abort are cancelled", () => {
        const outcome = (model: string) => outcomeOf(seen.run, `generate_content ${model}`);
        assert.deepEqual(outcome("rate-limited"), [2, "RESOURCE_EXHAUSTED", 429]);
        assert.deepEqual(outcome("broken"), [2, "INTERNAL", 500]);
        assert.deepEqual(outcome("hangs-up"), [2, "UND_ERR_SOCKET", undefined]);
        assert.equal(outcome("refused")[0], 2);
        assert.deepEqual(outcome("never-answers"), [0, undefined, undefined]);
        assert.equal(
          spanNamed(seen.run, "generate_content never-answers").attributes["clew.cancelled"],
          true,
        );
        cancelledBelow(seen.run, "left");
      });
    });
  }
}
