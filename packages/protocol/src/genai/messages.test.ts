import assert from "node:assert/strict";
import { test } from "node:test";
import { messagesFrom } from "./messages.ts";

test("lone text is one message of the given role", () => {
  assert.deepEqual(messagesFrom("Hello", "user"), [
    { role: "user", parts: [{ type: "text", text: "Hello" }] },
  ]);
});

test("JSON that holds no conversation is kept whole as one part", () => {
  assert.deepEqual(messagesFrom('{"city":"Porto"}', "user"), [
    { role: "user", parts: [{ type: "json", value: { city: "Porto" } }] },
  ]);
});

test("nothing, empty text and empty lists are no message", () => {
  for (const value of [undefined, null, "", [], "[]"]) assert.deepEqual(messagesFrom(value, "user"), []);
});

test("a chat request with calls and results becomes typed parts", () => {
  const messages = messagesFrom(
    {
      messages: [
        { role: "developer", content: "Be brief." },
        { role: "user", content: "Weather?", name: "ann" },
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "c1", function: { name: "w", arguments: '{"x":1}' } }],
        },
        { role: "tool", tool_call_id: "c1", content: "sun" },
      ],
    },
    "user",
  );
  assert.deepEqual(messages, [
    { role: "developer", parts: [{ type: "text", text: "Be brief." }] },
    { role: "user", parts: [{ type: "text", text: "Weather?" }], name: "ann" },
    { role: "assistant", parts: [{ type: "tool_call", id: "c1", name: "w", arguments: { x: 1 } }] },
    { role: "tool", parts: [{ type: "tool_call_response", id: "c1", name: "", result: "sun" }] },
  ]);
});

test("items of the Responses API between messages form the assistant's turn", () => {
  const messages = messagesFrom(
    {
      object: "response",
      output: [
        { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "Think." }] },
        { type: "function_call", call_id: "fc", name: "w", arguments: "{}" },
      ],
    },
    "assistant",
  );
  assert.deepEqual(messages, [
    {
      role: "assistant",
      parts: [
        { type: "reasoning", text: "Think." },
        { type: "tool_call", id: "fc", name: "w", arguments: {} },
      ],
    },
  ]);
  assert.deepEqual(messagesFrom([{ type: "function_call_output", call_id: "fc", output: "[1]" }], "user"), [
    { role: "tool", parts: [{ type: "tool_call_response", id: "fc", name: "", result: [1] }] },
  ]);
});

test("Gemini's contents, instructions and thoughts are read", () => {
  const request = {
    systemInstruction: { parts: [{ text: "Be kind." }] },
    contents: [
      { role: "user", parts: [{ text: "Hi" }, { inlineData: { mimeType: "image/png", data: "AA==" } }] },
      {
        role: "model",
        parts: [{ text: "hmm", thought: true }, { functionCall: { name: "f", args: { a: 1 } } }],
      },
      { role: "user", parts: [{ functionResponse: { name: "f", response: { ok: true } } }] },
    ],
  };
  assert.deepEqual(messagesFrom(request, "user"), [
    { role: "system", parts: [{ type: "text", text: "Be kind." }] },
    {
      role: "user",
      parts: [
        { type: "text", text: "Hi" },
        { type: "image", mediaType: "image/png", url: "", data: "AA==", fileId: "" },
      ],
    },
    {
      role: "assistant",
      parts: [
        { type: "reasoning", text: "hmm" },
        { type: "tool_call", id: "", name: "f", arguments: { a: 1 } },
      ],
    },
    { role: "user", parts: [{ type: "tool_call_response", id: "", name: "f", result: { ok: true } }] },
  ]);
});

test("Bedrock's Converse blocks are read", () => {
  const response = {
    output: {
      message: {
        role: "assistant",
        content: [
          { reasoningContent: { reasoningText: { text: "So." } } },
          { text: "Hello" },
          { toolUse: { toolUseId: "t", name: "f", input: { a: 1 } } },
        ],
      },
    },
  };
  assert.deepEqual(messagesFrom(response, "assistant")[0]?.parts, [
    { type: "reasoning", text: "So." },
    { type: "text", text: "Hello" },
    { type: "tool_call", id: "t", name: "f", arguments: { a: 1 } },
  ]);
});

test("LangChain's tuples and serialised objects are read", () => {
  assert.deepEqual(
    messagesFrom(
      [
        ["system", "Be brief."],
        ["human", "Hi"],
      ],
      "user",
    ),
    [
      { role: "system", parts: [{ type: "text", text: "Be brief." }] },
      { role: "user", parts: [{ type: "text", text: "Hi" }] },
    ],
  );
  const chunk = { lc: 1, type: "constructor", id: ["a", "AIMessageChunk"], kwargs: { content: "Yo" } };
  assert.deepEqual(messagesFrom([[chunk]], "user"), [
    { role: "assistant", parts: [{ type: "text", text: "Yo" }] },
  ]);
});

test("a call that stands in the content and beside it is shown once", () => {
  const message = {
    role: "assistant",
    content: [{ type: "tool_use", id: "t1", name: "f", input: {} }],
    tool_calls: [{ id: "t1", name: "f", args: {} }],
  };
  assert.equal(messagesFrom([message], "user")[0]?.parts.length, 1);
});

test("JSON that a user wrote into a prompt stays text", () => {
  const content = '[{"price": 1}]';
  assert.deepEqual(messagesFrom([{ role: "user", content }], "user")[0]?.parts, [
    { type: "text", text: content },
  ]);
});

test("arrays nested without end are given up", () => {
  let value: unknown = "deep";
  for (let i = 0; i < 20_000; i++) value = [value];
  assert.doesNotThrow(() => messagesFrom(value, "user"));
});

test("values of the wrong type inside a message do no harm", () => {
  for (const hostile of [
    { role: 5, content: 7 },
    { role: "user", content: { a: null } },
    { role: "assistant", tool_calls: "x" },
    { role: "assistant", tool_calls: [null, 1, { function: 3 }] },
    { choices: [null, 3, { message: null }] },
    { generations: [[null]] },
    { contents: 3 },
    { messages: { messages: { messages: 1 } } },
  ]) {
    assert.doesNotThrow(() => messagesFrom(hostile, "user"), JSON.stringify(hostile));
  }
});

test("a text that was not recorded leaves its size", () => {
  assert.deepEqual(messagesFrom('[{"role":"user","parts":[{"type":"text","size":12}]}]', "user"), [
    { role: "user", parts: [{ type: "json", value: { type: "text", size: 12 } }] },
  ]);
});
