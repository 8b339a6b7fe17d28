import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { apiOf } from "./api-of.ts";
import { callAttributes } from "./call-attributes.ts";
import { readRequest } from "./read-request.ts";
import { responseReader } from "./response-reader.ts";
import { answerPieces, fixture, plainAttributes } from "./testing/fixture.ts";

const FULL = { content: "full" } as const;

let server: Server;
let answersWith = "";
let found: Record<string, unknown> = {};
let spanName: string | undefined;

/** Answers with the fixture, and understands what the SDK sends and is sent as the gateway would. */
async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = "", url: path = "", headers } = request;
  const api = apiOf(method, path, headers["content-type"]);
  assert.ok(api !== undefined);
  const call = readRequest({ api, path, headers, body: Buffer.concat(chunks) }, FULL);
  const given = fixture(answersWith);
  const sent = { "content-type": given.events === undefined ? "application/json" : "text/event-stream" };
  const reader = responseReader(call, given.status, sent, 0n, FULL);
  response.writeHead(given.status, sent);
  for (const [index, piece] of answerPieces(given).entries()) {
    reader.chunk(Buffer.from(piece), BigInt(index + 1) * 1_000_000n);
    response.write(piece);
  }
  spanName = call.name;
  found = plainAttributes(callAttributes(call, reader.end(1_000_000_000n), () => undefined));
  response.end();
}

before(async () => {
  server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => response.destroy(error as Error));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});
after(() => server.close());
beforeEach(() => {
  found = {};
});

const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const openai = () => new OpenAI({ apiKey: "sk-hidden-from-spans", baseURL: `${url()}/v1`, maxRetries: 0 });
const anthropic = () => new Anthropic({ apiKey: "sk-ant-hidden-from-spans", baseURL: url(), maxRetries: 0 });

test("OpenAI's SDK: a chat that streams", async () => {
  answersWith = "openai-chat-stream";
  const stream = await openai().chat.completions.create({
    model: "gpt-5-mini",
    messages: [{ role: "user", content: "Is it raining?" }],
    stream: true,
    temperature: 0.3,
  });
  let text = "";
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
  assert.equal(text, "It is foggy in Zürich 🌫, and");
  assert.equal(spanName, "chat gpt-5-mini");
  assert.equal(found["gen_ai.request.temperature"], 0.3);
  assert.equal(found["gen_ai.usage.input_tokens"], 80);
  assert.deepEqual(found["gen_ai.input.messages"], [
    { role: "user", parts: [{ type: "text", content: "Is it raining?" }] },
  ]);
  assert.match(JSON.stringify(found["gen_ai.output.messages"]), /foggy in Zürich/);
  assert.doesNotMatch(JSON.stringify(found), /hidden-from-spans/);
});

test("OpenAI's SDK: responses, whole and as a stream", async () => {
  answersWith = "openai-responses";
  const whole = await openai().responses.create({
    model: "gpt-5",
    input: "What is a clew?",
    instructions: "Be kind.",
  });
  assert.equal(whole.output_text, "A ball of thread.");
  assert.equal(found["gen_ai.response.id"], whole.id);
  assert.deepEqual(found["gen_ai.system_instructions"], [{ type: "text", content: "Be kind." }]);
  answersWith = "openai-responses-stream";
  const stream = openai().responses.stream({ model: "gpt-5", input: "What is a clew?" });
  const last = await stream.finalResponse();
  assert.equal(found["gen_ai.usage.output_tokens"], last.usage?.output_tokens);
  assert.equal(found["gen_ai.server.time_to_first_token"], 0.005);
});

test("OpenAI's SDK: embeddings, which it asks for as base64", async () => {
  answersWith = "openai-embeddings";
  await openai().embeddings.create({ model: "text-embedding-3-small", input: "text" });
  assert.equal(spanName, "embeddings text-embedding-3-small");
  assert.deepEqual(found["gen_ai.request.encoding_formats"], ["base64"]);
  assert.equal(found["gen_ai.usage.input_tokens"], 8);
});

test("OpenAI's SDK: what it throws has the type of the error", async () => {
  answersWith = "openai-chat-rate-limit";
  const failed = openai().chat.completions.create({ model: "gpt-5", messages: [] });
  await assert.rejects(failed, { code: "rate_limit_exceeded" });
  assert.equal(found["error.type"], "rate_limit_exceeded");
});

test("Anthropic's SDK: a message that streams says what the SDK puts together", async () => {
  answersWith = "anthropic-messages-stream";
  const message = await anthropic()
    .messages.stream({
      model: "claude-opus-4-5",
      max_tokens: 100,
      messages: [{ role: "user", content: "Plan a trip." }],
      tools: [{ name: "book", input_schema: { type: "object" } }],
    })
    .finalMessage();
  assert.equal(spanName, "chat claude-opus-4-5");
  assert.equal(found["gen_ai.response.id"], message.id);
  assert.deepEqual(found["gen_ai.response.finish_reasons"], [message.stop_reason]);
  assert.equal(found["gen_ai.usage.output_tokens"], message.usage.output_tokens);
  const parts = message.content.map((block) =>
    block.type === "tool_use"
      ? { type: "tool_call", id: block.id, name: block.name, arguments: block.input }
      : block.type === "thinking"
        ? { type: "reasoning", content: block.thinking }
        : { type: "text", content: block.type === "text" ? block.text : "" },
  );
  assert.deepEqual(found["gen_ai.output.messages"], [
    { role: "assistant", parts, finish_reason: "tool_use" },
  ]);
  assert.doesNotMatch(JSON.stringify(found), /hidden-from-spans/);
});

test("Anthropic's SDK: a whole message, and an overloaded server", async () => {
  answersWith = "anthropic-messages";
  const asked = { model: "claude-opus-4-5", max_tokens: 100, messages: [] };
  const message = await anthropic().messages.create(asked);
  assert.equal(found["gen_ai.response.model"], message.model);
  assert.equal(found["gen_ai.usage.input_tokens"], 1120);
  answersWith = "anthropic-overloaded";
  await assert.rejects(anthropic().messages.create(asked), { status: 529 });
  assert.equal(found["error.type"], "overloaded_error");
});
