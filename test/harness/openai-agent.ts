import { type AgentRun, runAgent } from "./agent-process.ts";
import { AGENT_HEAD } from "./model-run.ts";
import type { ModelServer } from "./model-servers/model-server.ts";

export type OpenAiVersion = 4 | 5 | 6 | 7;

/** What the provider says to whoever asks for nothing else. */
export const SAID = [
  { role: "assistant", parts: [{ type: "text", content: "Hello, world!" }], finish_reason: "stop" },
];
export const CHAT_USAGE = {
  "gen_ai.usage.input_tokens": 20,
  "gen_ai.usage.output_tokens": 9,
  "gen_ai.usage.cache_read.input_tokens": 12,
  "gen_ai.usage.reasoning.output_tokens": 4,
};
/** The same over the API for responses. */
export const RESPONDED = [
  {
    role: "assistant",
    parts: [
      { type: "reasoning", content: "They greet." },
      { type: "text", content: "Hello, world!" },
    ],
    finish_reason: "stop",
  },
];
export const RESPONSE_USAGE = {
  "gen_ai.usage.input_tokens": 30,
  "gen_ai.usage.output_tokens": 11,
  "gen_ai.usage.cache_read.input_tokens": 16,
  "gen_ai.usage.reasoning.output_tokens": 6,
};

/** What an agent has of every version; what it does is in its functions. */
const AGENT = `
const client = new OpenAI({ maxRetries: 0 });
const helpers = client.chat.completions.runTools ? client.chat.completions : client.beta.chat.completions;
const messages = [{ role: "system", content: "Be nice" }, { role: "user", content: "Hi" }];
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

/** Version 4 has its promise elsewhere. */
const HEADS_4 = {
  esm: HEADS.esm
    .replace("APIPromise as Named, ", "")
    .replace("const APIPromise = Named;", `import { APIPromise } from "openai/core";`),
  cjs: `${HEADS.cjs.replace("APIPromise, ", "")}const { APIPromise } = require("openai/core");`,
};

/** Runs an agent that has OpenAI's SDK of a version, talking to the server; `main` is what it does. */
export function runOpenAiAgent(
  { kind, version, main }: { kind: "esm" | "cjs"; version: OpenAiVersion; main: string },
  server: ModelServer,
  env: Readonly<Record<string, string>>,
): Promise<AgentRun> {
  const heads = version === 4 ? HEADS_4 : HEADS;
  return runAgent({
    kind,
    source: `${heads[kind]}\n${AGENT_HEAD}${AGENT}${main}`,
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
