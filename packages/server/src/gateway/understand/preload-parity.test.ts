import assert from "node:assert/strict";
import { test } from "node:test";
import type { Attributes, Tracer } from "@opentelemetry/api";
import type { StreamReader } from "../../../../instrument/src/genai/observe-stream.ts";
import { messageCall } from "../../../../instrument/src/models/anthropic/message-call.ts";
import { contentReader, startContent } from "../../../../instrument/src/models/google-genai/content-call.ts";
import { chatCall } from "../../../../instrument/src/models/openai/chat.ts";
import { completionCall } from "../../../../instrument/src/models/openai/completion.ts";
import { embeddingCall } from "../../../../instrument/src/models/openai/embedding.ts";
import { responseCall } from "../../../../instrument/src/models/openai/response.ts";
import type { ContentLevel } from "./call.ts";
import { type Fixture, fixture, plainAttributes, readCall } from "./testing/fixture.ts";

/** What only one of the two can know, or names in its own way. */
const APART =
  /^(clew\.|server\.|session\.id|task\.id|user\.id|gen_ai\.(server\.|usage\.cost|response\.time_to|conversation))/;

interface Told {
  name: string;
  attributes: Attributes;
}

function tracerInto(told: Told): Tracer {
  const span = {
    setAttribute: (key: string, value: Attributes[string]) => {
      told.attributes[key] = value;
      return span;
    },
    isRecording: () => true,
    setStatus: () => span,
    end: () => undefined,
  };
  const startSpan = (name: string, { attributes = {} }: { attributes?: Attributes } = {}) => {
    told.name = name;
    told.attributes = { ...attributes };
    return span;
  };
  return { startSpan } as unknown as Tracer;
}

/** What the preload writes on its span, given the same request and answer. */
function preloadOf(name: string, given: Fixture, level: ContentLevel): Told {
  const told: Told = { name: "", attributes: {} };
  const tracer = tracerInto(told);
  const client = { baseURL: `https://${given.host ?? "api.example"}/v1` };
  const body = given.body as Record<string, unknown>;
  const items =
    given.elements ?? given.events?.map(({ data }) => data).filter((data) => typeof data === "object");
  const read = (reader: StreamReader | undefined) => {
    for (const item of items ?? [given.answer]) if (item !== undefined) reader?.item(item);
    reader?.finish();
  };
  if (name.startsWith("gemini")) {
    const { systemInstruction, tools, generationConfig, contents } = body;
    const config = { ...(generationConfig as object), systemInstruction, tools };
    const model = /models\/([^:]+):/.exec(given.path)?.[1];
    const api = { isVertexAI: () => given.path.includes("/publishers/"), getBaseUrl: () => client.baseURL };
    read(contentReader(startContent(tracer, level, api, { model, contents, config }, items !== undefined)));
    return told;
  }
  const call = /embeddings/.test(name)
    ? embeddingCall(tracer, level, client, body)
    : /responses/.test(name)
      ? responseCall(tracer, level, client, body)
      : /completions/.test(name)
        ? completionCall(tracer, level, client, body)
        : /anthropic/.test(name)
          ? messageCall(tracer, level, client, body, {})
          : chatCall(tracer, level, client, body);
  if (items === undefined) call.answer(given.answer);
  else read(call.reader?.());
  return told;
}

function compared(attributes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept = Object.entries(attributes).filter(([key, value]) => value !== undefined && !APART.test(key));
  return Object.fromEntries(
    kept.map(([key, value]) => [
      key,
      typeof value === "string" && /^[[{]/.test(value) ? JSON.parse(value) : value,
    ]),
  );
}

test("the preload and the gateway say the same of the same call", () => {
  const names = [
    "openai-chat",
    "openai-chat-stream",
    "openai-chat-refusal-stream",
    "openai-responses",
    "openai-responses-stream",
    "openai-responses-incomplete",
    "openai-completions-stream",
    "openai-embeddings",
    "anthropic-messages",
    "anthropic-messages-stream",
    "anthropic-refusal",
    "gemini-generate",
    "gemini-stream",
    "gemini-stream-list",
    "gemini-blocked",
  ];
  for (const name of names) {
    for (const level of ["off", "metadata", "full"] as const) {
      const given = fixture(name);
      const { request, attributes } = readCall(given, level);
      const told = preloadOf(name, given, level);
      assert.equal(request.name, told.name, name);
      assert.ok(Object.keys(compared(told.attributes)).length > 5, name);
      assert.deepEqual(compared(plainAttributes(attributes)), compared(told.attributes), `${name}, ${level}`);
    }
  }
});
