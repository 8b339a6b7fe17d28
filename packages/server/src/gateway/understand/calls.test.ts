import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import { messagesOf } from "@clew/protocol/genai/messages-of";
import { slotsOf } from "../../ingest/understand/plain-encoder.ts";
import { createUnderstand, newUnderstood } from "../../ingest/understand/understand.ts";
import type { ContentLevel } from "./call.ts";
import { type CallPlace, callAttributes } from "./call-attributes.ts";
import {
  answerPieces,
  FIXTURES,
  type Fixture,
  fixture,
  fixtureNames,
  plainAttributes,
  readCall,
} from "./testing/fixture.ts";
import { generator } from "./testing/generator.ts";

for (const name of fixtureNames()) {
  const given = fixture(name);

  test(`the call ${name} is understood as its golden file says`, () => {
    const golden = new URL(`${name}.golden.json`, FIXTURES);
    const { request, response, attributes } = readCall(given, "full");
    const { api, name: span, streams, carried } = request;
    const { isWhole, error } = response;
    const found = { api, span, streams, carried, isWhole, error, attributes: plainAttributes(attributes) };
    const text = `${JSON.stringify(found, null, 1)}\n`;
    if (process.env.UPDATE_GOLDEN === "1") writeFileSync(golden, text);
    assert.deepEqual(JSON.parse(text), JSON.parse(readFileSync(golden, "utf8")));
  });
}

function readings(given: Fixture, level: ContentLevel, pieces: readonly Uint8Array[], encoding?: string) {
  const { response, attributes } = readCall(given, level, pieces, encoding);
  const plain = plainAttributes(attributes);
  for (const key of Object.keys(plain)) if (/time_to|per_second/.test(key)) delete plain[key];
  return { plain, error: response.error, isWhole: response.isWhole };
}

const STREAMS = fixtureNames().filter((name) => {
  const { events, elements } = fixture(name);
  return events !== undefined || elements !== undefined;
});

test("a stream that is split anywhere says the same", () => {
  for (const name of [
    "openai-chat-stream",
    "anthropic-overloaded-stream",
    "gemini-stream-list",
    "a2a-stream",
  ]) {
    const given = fixture(name);
    const bytes = Buffer.from(answerPieces(given).join(""));
    const whole = readings(given, "full", [bytes]);
    for (let at = 1; at < bytes.length; at++) {
      const found = readings(given, "full", [bytes.subarray(0, at), bytes.subarray(at)]);
      assert.deepEqual(found, whole, `${name}, split at ${at}`);
    }
  }
});

test("a stream in pieces of any sizes says the same", () => {
  const random = generator(1);
  for (const name of STREAMS) {
    const given = fixture(name);
    const bytes = Buffer.from(answerPieces(given).join(""));
    const whole = readings(given, "full", [bytes]);
    for (let round = 0; round < 20; round++) {
      const pieces: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += pieces.at(-1)?.length ?? 0)
        pieces.push(bytes.subarray(at, at + 1 + random.below(300)));
      assert.deepEqual(readings(given, "full", pieces), whole, name);
    }
  }
});

test("a stream in single bytes, and with any line end, says the same", () => {
  for (const name of STREAMS) {
    const given = fixture(name);
    const whole = readings(given, "full", [Buffer.from(answerPieces(given).join(""))]);
    for (const lineEnd of ["\n", "\r\n", "\r"]) {
      const bytes = Buffer.from(answerPieces(given, lineEnd).join(""));
      const single = Array.from(bytes, (byte) => Buffer.from([byte]));
      assert.deepEqual(readings(given, "full", single), whole, `${name}, ${JSON.stringify(lineEnd)}`);
    }
  }
});

test("an event without the blank line after it counts", () => {
  for (const name of STREAMS) {
    const given = fixture(name);
    const text = answerPieces(given).join("");
    assert.deepEqual(
      readings(given, "full", [Buffer.from(text.trimEnd())]),
      readings(given, "full", [Buffer.from(text)]),
      name,
    );
  }
});

test("a compressed answer says what the plain one says", () => {
  const encodings = { gzip: gzipSync, br: brotliCompressSync, zstd: zstdCompressSync };
  for (const name of fixtureNames()) {
    const given = fixture(name);
    const bytes = Buffer.from(answerPieces(given).join(""));
    if (bytes.length === 0) continue;
    const plain = readings(given, "full", [bytes]);
    for (const [encoding, compress] of Object.entries(encodings)) {
      const packed = compress(bytes);
      const half = packed.length >> 1;
      const pieces = [packed.subarray(0, half), packed.subarray(half)];
      assert.deepEqual(readings(given, "full", pieces, encoding), plain, `${name}, ${encoding}`);
    }
  }
});

test("levels of content differ in content alone", () => {
  for (const name of fixtureNames()) {
    const given = fixture(name);
    const pieces = answerPieces(given).map((piece) => Buffer.from(piece));
    const [off, metadata, full] = (["off", "metadata", "full"] as const).map((level) => {
      const { plain, ...others } = readings(given, level, pieces);
      const content = Object.keys(plain).filter((key) =>
        /messages$|instructions$|definitions$|call\.(arguments|result)$|put\.value$/.test(key),
      );
      const kept = Object.entries(plain).filter(([key]) => !content.includes(key));
      return { content, rest: { ...others, kept: Object.fromEntries(kept) } };
    });
    assert.deepEqual(off?.content, [], name);
    assert.deepEqual(metadata?.content, full?.content, name);
    assert.deepEqual(off?.rest, full?.rest, name);
    assert.deepEqual(metadata?.rest, full?.rest, name);
  }
});

/** Texts that people wrote or models answered, anywhere in a fixture. */
const SAID =
  /clew\?|balloon|fog|Zürich|forbidden|rude|decimals|Once upon|2525|first text|ball |thread|Bern|snow|Plan a trip|Trains|Chur|Rome|sunny|plan\.md|plan is good|ls secrets|permission denied|Refund|which order|Again please|It broke|Hello|Oslo/;

test("nothing that was said is in attributes on levels off and metadata", () => {
  let count = 0;
  for (const name of fixtureNames()) {
    const given = fixture(name);
    for (const level of ["off", "metadata"] as const) {
      const text = JSON.stringify(readCall(given, level).attributes);
      assert.doesNotMatch(text, SAID, `${name}, ${level}`);
    }
    if (SAID.test(JSON.stringify(readCall(given, "full").attributes))) count++;
  }
  assert.ok(count > 20, `${count} fixtures say something`);
});

test("Clew's own reader of messages finds what was asked and answered", () => {
  const { attributes } = readCall(fixture("openai-chat-stream"), "full");
  const { system, input, output, toolDefinitions } = messagesOf({ scopeName: "clew", attributes });
  assert.deepEqual(system, [{ type: "text", text: "You know the weather." }]);
  assert.deepEqual(
    input.map(({ role, parts }) => [role, parts[0]?.type]),
    [
      ["user", "text"],
      ["assistant", "tool_call"],
      ["tool", "tool_call_response"],
    ],
  );
  assert.deepEqual(output[0]?.parts[0], { type: "text", text: "It is foggy in Zürich 🌫, and" });
  assert.deepEqual(toolDefinitions[0]?.name, "weather");
});

test("a span of these attributes is understood by the server as one of its own preload's", () => {
  const understand = createUnderstand();
  const understood = (name: string) => {
    const { request, attributes } = readCall(fixture(name), "off");
    const out = newUnderstood();
    understand(slotsOf([...attributes]), request.name ?? "POST", "clew.gateway", out);
    const { spanType, provider, model, inputTokens, cacheReadTokens, reasoningTokens, toolName, errorType } =
      out;
    const tokens = [inputTokens, out.outputTokens, cacheReadTokens, out.cacheWriteTokens, reasoningTokens];
    const ids = [out.sessionId, out.conversationId, out.taskId, out.userId].filter((id) => id !== "");
    return {
      spanType,
      provider,
      model,
      tokens,
      cost: out.costUsd,
      toolName,
      errorType,
      ids,
      first: out.timeToFirstTokenNs / 1e6,
    };
  };
  const none = { toolName: "", errorType: "", ids: [] };
  assert.deepEqual(understood("anthropic-messages-stream"), {
    ...none,
    spanType: "llm",
    provider: "anthropic",
    model: "claude-opus-4-5-20251101",
    tokens: [2060, 88, 2048, 0, 40],
    cost: 2.06,
    ids: ["sess-json", "dev-1"],
    first: 13,
  });
  const embedding = understood("openai-embeddings");
  assert.deepEqual([embedding.spanType, embedding.tokens[0]], ["embedding", 8]);
  const tool = understood("mcp-tools-call-stream");
  assert.deepEqual([tool.spanType, tool.toolName, tool.errorType], ["tool", "run", "tool_error"]);
  assert.deepEqual(understood("a2a-send").ids, ["ctx-1", "ctx-1", "task-7"]);
  assert.deepEqual(understood("openai-chat").ids, ["sess-1", "task-9", "user-77"]);
});

test("a provider that is configured counts before host and API, for the price too; content is made where it is wanted", () => {
  const { request, response } = readCall(fixture("openai-chat"), "full");
  const providers: string[] = [];
  const cost = (_model: string, _usage: object, provider: string) => {
    providers.push(provider);
    return undefined;
  };
  const of = (place: CallPlace) => plainAttributes(callAttributes(request, response, cost, place));
  const configured = of({ host: "api.groq.com", provider: "house", content: false });
  assert.equal(configured["gen_ai.provider.name"], "house");
  assert.equal(configured["gen_ai.input.messages"], undefined);
  assert.notEqual(of({ host: "api.groq.com" })["gen_ai.input.messages"], undefined);
  of({});
  assert.deepEqual(providers, ["house", "groq", "openai"]);
  const tool = readCall(fixture("mcp-tools-call"), "off");
  const named = callAttributes(tool.request, tool.response, cost, {
    host: "x.openai.azure.com",
    provider: "house",
  });
  assert.equal(plainAttributes(named)["gen_ai.provider.name"], undefined);
});
