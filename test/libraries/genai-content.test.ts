import assert from "node:assert/strict";
import { test } from "node:test";
import { runAgent } from "../harness/agent-process.ts";
import { contentOf, spanNamed } from "../harness/genai-spans.ts";
import { startOpenAiServer } from "../harness/model-servers/openai-server.ts";

const SECRET = "The password is swordfish";

const AGENT = `
import OpenAI from "openai";
const client = new OpenAI({ maxRetries: 0 });
const messages = [{ role: "system", content: ${JSON.stringify(SECRET)} }, { role: "user", content: [
  { type: "text", text: "Grüezi" },
  { type: "image_url", image_url: { url: "data:image/png;base64,c3dvcmRmaXNo" } },
] }];
const parameters = { type: "object", description: ${JSON.stringify(SECRET)}, properties: {} };
const tools = [{ type: "function", function: { name: "weather", parameters,
  parse: JSON.parse, function: async () => ${JSON.stringify(SECRET)} } }];
await client.chat.completions.runTools({ model: "chat", messages, tools }).finalContent();
const options = { model: "stream", messages, stream: true };
for await (const piece of await client.chat.completions.create(options));
`;

async function run(env: Record<string, string>) {
  await using server = await startOpenAiServer();
  const base = { OPENAI_API_KEY: "x", OPENAI_BASE_URL: `${server.url}/v1` };
  const ended = await runAgent({ kind: "esm", source: AGENT, env: { ...base, ...env } });
  assert.deepEqual([ended.code, ended.stderr], [0, ""]);
  return ended;
}

test("without a level no content is recorded, and everything else is", async () => {
  const { spans } = await run({});
  assert.equal(spans.filter(({ scope }) => scope === "clew.openai").length, 4);
  const text = JSON.stringify(spans);
  assert.doesNotMatch(
    text,
    /gen_ai\.(input|output)\.messages|tool\.call\.(arguments|result)|tool\.definitions/,
  );
  assert.doesNotMatch(text, /swordfish|Grüezi|Hello/);
  assert.deepEqual(spanNamed({ spans }, "chat stream").attributes["gen_ai.response.finish_reasons"], [
    "stop",
  ]);
});

test("level metadata records roles, kinds of parts and sizes, and no text", async () => {
  const { spans } = await run({ CLEW_CONTENT: "metadata" });
  assert.doesNotMatch(
    JSON.stringify(spans.map(({ attributes }) => attributes)),
    /swordfish|c3dvcmRmaXNo|Grüezi|Hello/,
  );
  const stream = spanNamed({ spans }, "chat stream");
  assert.deepEqual(contentOf(stream, "gen_ai.input.messages"), [
    { role: "system", parts: [{ type: "text", size: SECRET.length }] },
    {
      role: "user",
      parts: [
        { type: "text", size: 7 },
        { type: "blob", modality: "image", mime_type: "image/png", size: 12 },
      ],
    },
  ]);
  assert.deepEqual(contentOf(stream, "gen_ai.output.messages"), [
    { role: "assistant", parts: [{ type: "text", size: 13 }], finish_reason: "stop" },
  ]);
  const tool = spanNamed({ spans }, "execute_tool weather");
  assert.deepEqual(contentOf(tool, "gen_ai.tool.call.arguments"), { size: 15 });
  assert.deepEqual(contentOf(tool, "gen_ai.tool.call.result"), { size: SECRET.length });
});

test("a failed call that nobody handles ends the process as it would without tracing", async () => {
  await using server = await startOpenAiServer();
  const source = `
import OpenAI from "openai";
const client = new OpenAI({ maxRetries: 0 });
client.chat.completions.create({ model: "broken", messages: [] });
`;
  const env = { OPENAI_API_KEY: "x", OPENAI_BASE_URL: `${server.url}/v1` };
  const traced = await runAgent({ kind: "esm", source, env });
  const alone = await runAgent({ kind: "esm", source, env: { ...env, CLEW_DISABLED_LIBRARIES: "openai" } });
  assert.deepEqual([traced.code, alone.code], [1, 1]);
  assert.match(traced.stderr, /InternalServerError: 500 It is 500/);
  assert.equal(spanNamed(traced, "chat broken").attributes["error.type"], "server_error");
});
