import assert from "node:assert/strict";
import { test } from "node:test";
import { runAgent } from "../harness/agent-process.ts";
import { childrenOf, spanNamed } from "../harness/genai-spans.ts";
import { startAnthropicServer } from "../harness/model-servers/anthropic-server.ts";
import { startOpenAiServer } from "../harness/model-servers/openai-server.ts";

const ANTHROPIC = `
const client = new Anthropic({ apiKey: "x", baseURL: process.env.MODEL_URL });
const ask = { model: "claude-test", max_tokens: 50, messages: [{ role: "user", content: "Hi" }] };
async function main() {
  const answer = await client.messages.create(ask);
  console.log(answer.content.at(-1).text);
  let text = "";
  for await (const event of await client.messages.create({ ...ask, model: "claude-stream", stream: true })) text += event.delta?.text ?? "";
  console.log(text);
  console.log((await client.messages.stream({ ...ask, model: "claude-helper" }).finalMessage()).content.at(-1).text);
}
main();`;

const AGENTS = `
setTraceProcessors([new BatchTraceProcessor({ export: async () => {} })]);
setDefaultOpenAIClient(new OpenAI({ apiKey: "x", baseURL: process.env.MODEL_URL + "/v1" }));
async function main() {
  const weather = tool({
    name: "weather", description: "Tells", strict: false, execute: async () => "7",
    parameters: { type: "object", properties: {}, required: [], additionalProperties: true },
  });
  const agent = new Agent({ name: "planner", model: "gpt-test", instructions: "Be nice", tools: [weather] });
  console.log((await run(agent, "Hi")).finalOutput);
}
main();`;

const HEADS = {
  anthropic: {
    esm: 'import Anthropic from "@anthropic-ai/sdk";',
    cjs: 'const { Anthropic } = require("@anthropic-ai/sdk");',
  },
  agents: {
    esm: 'import { Agent, BatchTraceProcessor, run, setDefaultOpenAIClient, setTraceProcessors, tool } from "@openai/agents"; import OpenAI from "openai";',
    cjs: 'const { Agent, BatchTraceProcessor, run, setDefaultOpenAIClient, setTraceProcessors, tool } = require("@openai/agents"); const { OpenAI } = require("openai");',
  },
};

for (const kind of ["esm", "cjs"] as const) {
  test(`the oldest SDK of Anthropic that is traced, ${kind}`, async () => {
    await using server = await startAnthropicServer();
    const run = await runAgent({
      kind,
      versions: { "@anthropic-ai/sdk": "anthropic-0.20" },
      source: HEADS.anthropic[kind] + ANTHROPIC,
      env: { MODEL_URL: server.url, NODE_NO_WARNINGS: "1" },
    });
    assert.deepEqual([run.code, run.stderr, run.stdout], [0, "", "Hello, world!\n".repeat(3)]);
    for (const model of ["test", "stream", "helper"]) {
      const { attributes, status } = spanNamed(run, `chat claude-${model}`);
      assert.equal(attributes["gen_ai.usage.output_tokens"], 12, model);
      assert.equal(status?.code ?? 0, 0);
    }
  });

  test(`the oldest agents SDK of OpenAI that is traced, ${kind}`, async () => {
    await using server = await startOpenAiServer();
    const run = await runAgent({
      kind,
      versions: { "@openai/agents": "openai-agents-0.3", openai: "openai-5" },
      source: HEADS.agents[kind] + AGENTS,
      env: { MODEL_URL: server.url, OPENAI_API_KEY: "x" },
    });
    assert.equal(run.code, 0, run.stderr);
    const agent = spanNamed(run, "invoke_agent planner");
    const below = childrenOf(run, agent).map(({ name }) => name);
    assert.deepEqual(below.toSorted(), ["chat gpt-test", "chat gpt-test", "execute_tool weather"]);
  });
}
