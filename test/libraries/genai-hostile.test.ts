import assert from "node:assert/strict";
import { test } from "node:test";
import { runAgent } from "../harness/agent-process.ts";
import { startModelServers } from "../harness/model-servers/model-servers.ts";

/** Requests that are wrong, or that cannot be looked at: each prints what comes of it. */
const AGENT = `
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
const openai = new OpenAI({ maxRetries: 0 });
const anthropic = new Anthropic({ maxRetries: 0 });
const google = new GoogleGenAI({ apiKey: "x", httpOptions: { baseUrl: process.env.GEMINI_URL } });
const attempt = async (name, call) => {
  try {
    const answer = await call();
    console.log(name, "gave", typeof answer, answer?.id ?? answer?.responseId);
  } catch (error) {
    console.log(name, "failed", error?.constructor?.name, JSON.stringify(String(error?.message).slice(0, 60)));
  }
};
const circle = { role: "user", content: [] };
circle.content.push(circle);
const bodies = {
  nothing: undefined,
  null: null,
  text: "gpt",
  "no messages": { model: "x", max_tokens: 5 },
  "wrong types": { model: 5, max_tokens: 5, messages: 7, tools: "no", input: 9, stop: {}, contents: 3, config: 8 },
  nulls: { model: "x", max_tokens: 5, messages: [null, 5, "x", { role: null, content: null }], tools: [null, 3], input: [null, 7], contents: [null], config: { tools: [null] } },
  circular: { model: "x", max_tokens: 5, messages: [circle], input: [circle], contents: [circle] },
  "a big integer": { model: "x", max_tokens: 5, messages: [{ role: "user", content: 2n ** 70n }], input: 1n, contents: [{ role: "user", parts: [{ text: 5n }] }] },
  frozen: Object.freeze({ model: "x", max_tokens: 5, messages: Object.freeze([]), input: "x", contents: "x" }),
};
for (const [name, body] of Object.entries(bodies)) {
  await attempt("chat " + name, () => openai.chat.completions.create(body));
  await attempt("response " + name, () => openai.responses.create(body));
  await attempt("embedding " + name, () => openai.embeddings.create(body));
  await attempt("tools " + name, () => openai.chat.completions.runTools(body).finalContent());
  await attempt("message " + name, () => anthropic.messages.create(body));
  await attempt("stream " + name, () => anthropic.messages.stream(body).finalMessage());
  await attempt("content " + name, () => google.models.generateContent(body));
}
`;

test("whatever an agent hands to an SDK, it gets the answer or the error that it gets without tracing", async () => {
  await using models = await startModelServers();
  const run = (env: Record<string, string>) =>
    runAgent({ kind: "esm", source: AGENT, env: { ...models.env, ...env } });
  const alone = await run({ CLEW_DISABLED_LIBRARIES: "openai,@anthropic-ai/sdk,@google/genai" });
  for (const level of ["off", "metadata", "full"]) {
    const traced = await run({ CLEW_CONTENT: level });
    assert.equal(traced.stdout, alone.stdout, level);
    assert.deepEqual([traced.code, traced.stderr], [alone.code, alone.stderr], level);
  }
  assert.equal(alone.stdout.split("\n").length, 64);
});
