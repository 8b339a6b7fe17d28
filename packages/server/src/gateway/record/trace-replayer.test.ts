import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { messagesOf } from "@clew/protocol/genai/messages-of";
import type { KeyValue, Span, TracesData } from "@clew/protocol/otlp/model";
import type { ApiKind, Capture } from "../understand/call.ts";
import { callAttributes } from "../understand/call-attributes.ts";
import { readRequest } from "../understand/read-request.ts";
import { responseReader } from "../understand/response-reader.ts";
import type { RecordableCall, RecordedAnswer } from "./recorder.ts";
import { traceCalls } from "./trace-calls.ts";
import { TraceReplayer } from "./trace-replayer.ts";

const FULL: Capture = { content: "full" };
const JSON_TYPE = { "content-type": "application/json" };
const SYSTEM = "You help customers.";
const QUESTION = "Where is order 7? Today is 2026-11-22.";
const ARGUMENTS = { order: 7, deep: { list: [1, "zwei"] } };
const RESULT = '{"state":"sent"}';

/** The same conversation as each API says it: instructions, a question, a call of a tool, and what it returned. */
const REQUESTS: Readonly<
  Record<string, { readonly api: ApiKind; readonly path: string; readonly body: object }>
> = {
  chat: {
    api: "openai.chat",
    path: "/v1/chat/completions",
    body: {
      model: "m",
      messages: [
        { role: "system", content: SYSTEM },
        { role: "user", content: QUESTION },
        {
          role: "assistant",
          content: null,
          tool_calls: [
            {
              id: "call_1",
              type: "function",
              function: { name: "track", arguments: JSON.stringify(ARGUMENTS) },
            },
          ],
        },
        { role: "tool", tool_call_id: "call_1", content: RESULT },
      ],
    },
  },
  responses: {
    api: "openai.responses",
    path: "/v1/responses",
    body: {
      model: "m",
      instructions: SYSTEM,
      input: [
        { role: "user", content: [{ type: "input_text", text: QUESTION }] },
        { type: "function_call", call_id: "fc_9", name: "track", arguments: JSON.stringify(ARGUMENTS) },
        { type: "function_call_output", call_id: "fc_9", output: RESULT },
      ],
    },
  },
  anthropic: {
    api: "anthropic.messages",
    path: "/v1/messages",
    body: {
      model: "m",
      max_tokens: 100,
      system: [{ type: "text", text: SYSTEM }],
      messages: [
        { role: "user", content: QUESTION },
        {
          role: "assistant",
          content: [{ type: "tool_use", id: "toolu_1", name: "track", input: ARGUMENTS }],
        },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "toolu_1", content: [{ type: "text", text: RESULT }] },
          ],
        },
      ],
    },
  },
  gemini: {
    api: "gemini.generate",
    path: "/v1beta/models/m:generateContent",
    body: {
      systemInstruction: { parts: [{ text: SYSTEM }] },
      contents: [
        { role: "user", parts: [{ text: QUESTION }] },
        { role: "model", parts: [{ functionCall: { name: "track", args: ARGUMENTS } }] },
        { role: "user", parts: [{ functionResponse: { name: "track", response: JSON.parse(RESULT) } }] },
      ],
    },
  },
};

const PARTS = [
  { type: "reasoning", content: "It was sent." },
  { type: "text", content: "Order 7 is on its way — grüße, and\ntwo  spaces." },
  { type: "tool_call", id: "call_2", name: "notify", arguments: { to: "customer", n: [1, 2] } },
];

const ids = new Map<string, string>();
function idOf(name: string): string {
  const id = ids.get(name) ?? (ids.size + 1).toString(16).padStart(16, "0");
  ids.set(name, id);
  return id;
}

function text(key: string, stringValue: string): KeyValue {
  return { key, value: { stringValue } };
}

function span(name: string, parent: string, attributes: readonly KeyValue[], startMs = 0): Span {
  return {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: idOf(name),
    parentSpanId: parent === "" ? "" : idOf(parent),
    name,
    kind: 3,
    startTimeUnixNano: `${1_700_000_000_000 + startMs}000000`,
    endTimeUnixNano: `${1_700_000_000_080 + startMs}000000`,
    attributes: [...attributes],
  };
}

function trace(...spans: Span[]): TracesData {
  return { resourceSpans: [{ scopeSpans: [{ scope: { name: "clew.gateway" }, spans }] }] };
}

/** What a gateway or an agent records of a call: its request, read as an API's, and an answer. */
function told(request: keyof typeof REQUESTS, parts: readonly object[] = PARTS): KeyValue[] {
  const { api, path, body } = REQUESTS[request] as (typeof REQUESTS)[string];
  const read = readRequest({ api, path, headers: JSON_TYPE, body: Buffer.from(JSON.stringify(body)) }, FULL);
  return [
    ...callAttributes(read, undefined, () => undefined),
    text("gen_ai.output.messages", JSON.stringify([{ role: "assistant", parts }])),
    text("gen_ai.response.model", "m-2026"),
    text("gen_ai.response.id", "id-1"),
    {
      key: "gen_ai.response.finish_reasons",
      value: { arrayValue: { values: [{ stringValue: "tool_calls" }] } },
    },
    { key: "gen_ai.usage.input_tokens", value: { intValue: "120" } },
    { key: "gen_ai.usage.output_tokens", value: { intValue: "30" } },
    { key: "gen_ai.usage.cache_read.input_tokens", value: { intValue: "20" } },
  ];
}

function call(request: keyof typeof REQUESTS, over: object = {}, path?: string): RecordableCall {
  const { body, path: plain } = REQUESTS[request] as (typeof REQUESTS)[string];
  return {
    method: "POST",
    path: path ?? plain,
    headers: JSON_TYPE,
    body: Buffer.from(JSON.stringify({ ...body, ...over })),
  };
}

function replayer(data: TracesData, match: "strict" | "loose" = "loose"): TraceReplayer {
  return new TraceReplayer({ calls: traceCalls(data).calls, match, missing: "error" });
}

/** What the gateway reads from an answer. */
function understood(asked: RecordableCall, answer: RecordedAnswer) {
  const { body, path } = asked;
  const api =
    Object.values(REQUESTS).find((one) => path.startsWith(one.path.split(":")[0] ?? ""))?.api ?? "agent";
  const request = readRequest({ api, path, headers: JSON_TYPE, body }, FULL);
  const reader = responseReader(request, answer.status, answer.headers, 0n, FULL);
  for (const { bytes, afterMs } of answer.chunks) reader.chunk(bytes, BigInt(Math.round(afterMs * 1e6)));
  const response = reader.end(100_000_000n);
  const attributes = callAttributes(request, response, () => undefined);
  const [message] = messagesOf({ attributes }).output;
  return { response, message, streams: request.streams };
}

const FORMS: readonly (readonly [name: string, asked: RecordableCall])[] = [
  ["chat", call("chat")],
  ["chat, streamed", call("chat", { stream: true, stream_options: { include_usage: true } })],
  ["responses", call("responses")],
  ["responses, streamed", call("responses", { stream: true })],
  ["Anthropic's messages", call("anthropic")],
  ["Anthropic's messages, streamed", call("anthropic", { stream: true })],
  ["Gemini", call("gemini")],
  ["Gemini, streamed as events", call("gemini", {}, "/v1beta/models/m:streamGenerateContent?alt=sse&key=k")],
  ["Gemini, streamed as a list", call("gemini", {}, "/v1beta/models/m:streamGenerateContent")],
];

describe("a call that a trace tells of, whatever API it was made by, is answered in the format of", () => {
  for (const [name, asked] of FORMS) {
    test(name, () => {
      for (const request of Object.keys(REQUESTS)) {
        const answer = replayer(trace(span("call", "", told(request)))).answer(asked);
        assert.ok(typeof answer === "object", `recorded as ${request}`);
        const { response, message, streams } = understood(asked, answer);
        assert.equal(streams, name.includes("streamed"));
        assert.equal(streams, answer.chunks.length > 3);
        assert.equal(response.isWhole, true);
        assert.equal(response.malformedEvents, 0);
        assert.equal(response.model, "m-2026");
        assert.equal(response.usage?.input, 120);
        assert.equal(response.usage?.output, 30);
        assert.equal(response.usage?.cacheRead, 20);
        const parts = message?.parts ?? [];
        const said = (type: string) =>
          parts.map((part) => (part.type === type && "text" in part ? part.text : "")).join("");
        assert.equal(said("reasoning"), PARTS[0]?.content);
        assert.equal(said("text"), PARTS[1]?.content);
        const calls = parts.filter((part) => part.type === "tool_call");
        assert.deepEqual(
          calls.map((part) => [part.name, part.arguments]),
          [["notify", { to: "customer", n: [1, 2] }]],
        );
      }
    });
  }
});

test("a call that agent, gateway and its tries tell of counts once", () => {
  const content = told("chat");
  const bare = content.filter(({ key }) => !/messages|instructions/.test(key ?? ""));
  const agentTells = trace(
    span("agent", "", [text("gen_ai.operation.name", "invoke_agent"), ...told("chat").slice(1)]),
    span("chat m", "agent", content),
    span("POST /v1/chat/completions", "chat m", []),
    span("try 1", "POST /v1/chat/completions", bare, 1),
    span("try 2", "POST /v1/chat/completions", bare, 2),
  );
  const gatewayTells = trace(
    span("chat m", "", bare),
    span("try 1", "chat m", bare, 1),
    span("try 2", "chat m", content, 2),
  );
  const bothTell = trace(
    span("chat m", "", content),
    span("try 1", "chat m", bare, 1),
    span("try 2", "chat m", content, 2),
  );
  for (const data of [agentTells, bothTell]) {
    assert.deepEqual([traceCalls(data).calls.length, traceCalls(data).untold], [1, 0]);
  }
  assert.deepEqual([traceCalls(gatewayTells).calls.length, traceCalls(gatewayTells).untold], [1, 1]);
});

test("answers to equal questions come in the order in which they were given", () => {
  const answered = (name: string, startMs: number) =>
    span(name, "", told("chat", [{ type: "text", content: name }]), startMs);
  const data = trace(answered("second", 5), answered("first", 1));
  const said = (replay: TraceReplayer): string | undefined => {
    const answer = replay.answer(call("chat"));
    return typeof answer === "object"
      ? JSON.parse(String(answer.chunks[0]?.bytes)).choices[0].message.content
      : answer;
  };
  const strict = replayer(data, "strict");
  assert.deepEqual(
    [1, 2, 3].map(() => said(strict)),
    ["first", "second", "missing"],
  );
  const loose = replayer(data, "loose");
  assert.deepEqual(
    [1, 2, 3].map(() => said(loose)),
    ["first", "second", "first"],
  );
});

test("another date matters when matching is strict only, another question always", () => {
  const data = trace(span("call", "", told("chat")));
  const other = (change: (text: string) => string): RecordableCall => {
    const asked = call("chat");
    return { ...asked, body: Buffer.from(change(String(asked.body))) };
  };
  const tomorrow = other((body) => body.replace("2026-11-22", "2026-11-23"));
  assert.equal(typeof replayer(data).answer(tomorrow), "object");
  assert.equal(replayer(data, "strict").answer(tomorrow), "missing");
  const order8 = other((body) => body.replace("order 7", "order 8"));
  assert.equal(replayer(data).answer(order8), "missing");
  assert.equal(replayer(data).answer(other(() => "no JSON")), "missing");
  assert.equal(replayer(data).answer(call("chat", {}, "/orders")), "missing");
});

test("calls without an answer in the trace are counted, those of tools and agents are none", () => {
  const sizes = told("chat", [{ type: "text", size: 12 }]);
  const data = trace(
    span("withheld", "", sizes),
    span("failed", "", told("chat", [])),
    span("tool", "", [text("gen_ai.operation.name", "execute_tool")]),
    span("http", "", []),
  );
  assert.deepEqual(traceCalls(data), { calls: [], untold: 2 });
});
