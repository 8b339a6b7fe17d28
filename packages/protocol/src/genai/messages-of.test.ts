import assert from "node:assert/strict";
import { test } from "node:test";
import type { KeyValue } from "../otlp/model.ts";
import { messagesOf } from "./messages-of.ts";

function attributes(entries: Record<string, unknown>): KeyValue[] {
  return Object.entries(entries).map(([key, value]) => ({
    key,
    value: { stringValue: typeof value === "string" ? value : JSON.stringify(value) },
  }));
}

const texts = (messages: readonly { parts: readonly object[] }[]) =>
  messages.map(({ parts }) => parts.map((part) => (part as { text?: string }).text).join("|"));

test("a span without anything has an empty conversation", () => {
  assert.deepEqual(messagesOf({}), { system: [], input: [], output: [], toolDefinitions: [] });
});

test("the translator of the span's scope goes first, others fill what it does not find", () => {
  const both = attributes({
    "gen_ai.input.messages": [{ role: "user", parts: [{ type: "text", content: "standard" }] }],
    "langfuse.observation.input": [{ role: "user", content: "langfuse" }],
    "langfuse.observation.output": "only langfuse",
  });
  assert.deepEqual(texts(messagesOf({ attributes: both }).input), ["standard"]);
  const hinted = messagesOf({ attributes: both, scopeName: "langfuse-sdk" });
  assert.deepEqual(texts(hinted.input), ["langfuse"]);
  assert.deepEqual(texts(messagesOf({ attributes: both }).output), ["only langfuse"]);
});

test("instructions at the beginning of the input move to the system, once", () => {
  const { system, input } = messagesOf({
    attributes: attributes({
      "gen_ai.system_instructions": [{ type: "text", content: "Be brief." }],
      "gen_ai.input.messages": [
        { role: "system", parts: [{ type: "text", content: "Be brief." }] },
        { role: "system", parts: [{ type: "text", content: "Be kind." }] },
        { role: "user", parts: [{ type: "text", content: "Hi" }] },
        { role: "system", parts: [{ type: "text", content: "Later." }] },
      ],
    }),
  });
  assert.deepEqual(texts([{ parts: system }]), ["Be brief.|Be kind."]);
  assert.deepEqual(texts(input), ["Hi", "Later."]);
});

test("messages in log records are those of the span they are given with", () => {
  const { input, output } = messagesOf({ scopeName: "opentelemetry.instrumentation.openai_v2" }, [
    {
      eventName: "gen_ai.user.message",
      body: { kvlistValue: { values: [{ key: "content", value: { stringValue: "Hi" } }] } },
    },
    {
      attributes: attributes({ "event.name": "gen_ai.choice" }),
      body: { stringValue: '{"index":0,"finish_reason":"stop","message":{"content":"Yo"}}' },
    },
  ]);
  assert.deepEqual(texts(input), ["Hi"]);
  assert.deepEqual(output, [
    { role: "assistant", parts: [{ type: "text", text: "Yo" }], finishReason: "stop" },
  ]);
});

test("structured and stringified messages read the same", () => {
  const structured: KeyValue[] = [
    {
      key: "gen_ai.output.messages",
      value: {
        arrayValue: {
          values: [
            {
              kvlistValue: {
                values: [
                  { key: "role", value: { stringValue: "assistant" } },
                  {
                    key: "parts",
                    value: {
                      arrayValue: {
                        values: [
                          {
                            kvlistValue: {
                              values: [
                                { key: "type", value: { stringValue: "text" } },
                                { key: "content", value: { stringValue: "Yo" } },
                              ],
                            },
                          },
                        ],
                      },
                    },
                  },
                ],
              },
            },
          ],
        },
      },
    },
  ];
  const stringified = attributes({
    "gen_ai.output.messages": [{ role: "assistant", parts: [{ type: "text", content: "Yo" }] }],
  });
  assert.deepEqual(messagesOf({ attributes: structured }), messagesOf({ attributes: stringified }));
});

test("reading changes nothing of the span", () => {
  const span = {
    attributes: attributes({ "gen_ai.prompt": { messages: [{ role: "user", content: "Hi" }] } }),
  };
  const before = JSON.stringify(span);
  messagesOf(span);
  assert.equal(JSON.stringify(span), before);
});

test("hostile JSON under every known key neither throws nor pollutes", () => {
  const hostile = [
    '{"__proto__":{"polluted":1}}',
    "[[[[",
    "null",
    "[null]",
    '{"messages":null}',
    '"',
    "0",
    "\u0000",
  ];
  const keys = [
    "gen_ai.input.messages",
    "gen_ai.output.messages",
    "gen_ai.system_instructions",
    "gen_ai.tool.definitions",
    "gen_ai.prompt",
    "gen_ai.completion",
    "gen_ai.prompt.0.__proto__",
    "llm.input_messages.0.message.tool_calls.0.tool_call.function.arguments",
    "ai.prompt.messages",
    "ai.response.toolCalls",
    "ai.prompt.tools",
    "langfuse.observation.input",
    "mlflow.spanInputs",
    "pydantic_ai.all_messages",
    "events",
    "request_data",
    "response_data",
    "traceloop.entity.input",
    "gcp.vertex.agent.llm_request",
  ];
  for (const value of hostile) {
    messagesOf({ attributes: attributes(Object.fromEntries(keys.map((key) => [key, value]))) });
  }
  assert.equal(({} as { polluted?: number }).polluted, undefined);
});
