import assert from "node:assert/strict";
import type { IncomingHttpHeaders } from "node:http";
import { test } from "node:test";
import { brotliCompressSync, constants, createGzip } from "node:zlib";
import type { ApiKind, CallResponse, ContentLevel } from "./call.ts";
import { readRequest } from "./read-request.ts";
import { responseReader } from "./response-reader.ts";
import { answerPieces, fixture, fixtureNames } from "./testing/fixture.ts";
import { generator } from "./testing/generator.ts";

const MS = 1_000_000n;
const SSE = { "content-type": "text/event-stream" };
const JSON_TYPE = { "content-type": "application/json" };

function reading(
  api: ApiKind,
  headers: IncomingHttpHeaders,
  status = 200,
  content: ContentLevel = "off",
  asked: unknown = { model: "m", stream: true },
) {
  const body = Buffer.from(JSON.stringify(asked));
  const request = readRequest({ api, path: "/m:streamGenerateContent", headers: {}, body }, { content });
  return responseReader(request, status, headers, 0n, { content });
}

function answer(
  api: ApiKind,
  headers: IncomingHttpHeaders,
  bytes: string | Buffer,
  status = 200,
): CallResponse {
  const reader = reading(api, headers, status);
  reader.chunk(Buffer.from(bytes as string), 5n * MS);
  return reader.end(9n * MS);
}

function delta(content: string): string {
  return `data: ${JSON.stringify({ model: "m-1", choices: [{ index: 0, delta: { content } }] })}\n\n`;
}

test("first byte, first event and first token have times of their own", () => {
  const reader = reading("openai.chat", SSE);
  reader.chunk(Buffer.from(": waiting\n\n"), 1n * MS);
  reader.chunk(Buffer.from(delta("")), 2n * MS);
  reader.chunk(Buffer.from(delta("a").slice(0, 20)), 3n * MS);
  reader.chunk(Buffer.from(delta("a").slice(20)), 4n * MS);
  const { firstByteNs, firstChunkNs, firstTokenNs, durationNs } = reader.end(10n * MS);
  assert.deepEqual(
    [firstByteNs, firstChunkNs, firstTokenNs, durationNs],
    [1n * MS, 2n * MS, 4n * MS, 10n * MS],
  );
});

test("of a compressed stream the times are those of the pieces that could be read", async () => {
  const gzip = createGzip();
  const reader = reading("openai.chat", { ...SSE, "content-encoding": "gzip" });
  for (const [index, part] of [delta(""), delta("a"), delta("b")].entries()) {
    gzip.write(part);
    // As a server that streams sends it: each part ends in a flush.
    await new Promise<void>((flushed) => gzip.flush(() => flushed()));
    reader.chunk(gzip.read() as Buffer, BigInt(index + 1) * MS);
  }
  gzip.destroy();
  const { firstByteNs, firstChunkNs, firstTokenNs, model } = reader.end(10n * MS);
  assert.deepEqual([model, firstByteNs, firstChunkNs, firstTokenNs], ["m-1", 1n * MS, 1n * MS, 2n * MS]);
});

test("a stream is whole when it came to the end that its protocol has", () => {
  assert.equal(answer("openai.chat", SSE, delta("a")).isWhole, false);
  assert.equal(answer("openai.chat", SSE, `${delta("a")}data: [DONE]\n\n`).isWhole, true);
  assert.equal(answer("anthropic.messages", SSE, 'data: {"type":"message_stop"}\n\n').isWhole, true);
  assert.equal(
    answer("openai.responses", SSE, 'data: {"type":"response.created","response":{}}\n\n').isWhole,
    false,
  );
  assert.equal(answer("openai.chat", SSE, "").isWhole, true);
});

test("malformed events are counted and the others are read", () => {
  const { malformedEvents, model, isWhole } = answer(
    "openai.chat",
    SSE,
    `data: {"choices":\n\ndata: <html>\n\ndata: 7\n\n${delta("a")}data: [DONE]\n\n`,
  );
  assert.deepEqual([malformedEvents, model, isWhole], [3, "m-1", true]);
});

test("an answer that broke off says which model answered, and that it broke off", () => {
  const { model, isWhole, unread } = answer(
    "openai.chat",
    JSON_TYPE,
    '{"model":"m-2","choices":[{"index":0,"mess',
  );
  assert.deepEqual([model, isWhole, unread], ["m-2", false, "malformed"]);
});

test("a body that is no JSON, whatever its type says, is no error of its own", () => {
  for (const bytes of ["<html>bad gateway</html>", "", "null", "7"]) {
    const { error, usage, model } = answer("openai.chat", JSON_TYPE, bytes);
    assert.deepEqual([error, usage, model], [undefined, undefined, undefined], bytes);
  }
});

test("a message that is only accepted has nothing to read, whatever the words", () => {
  const { unread, isWhole, error } = answer("mcp", { "content-type": "text/plain" }, "Accepted", 202);
  assert.deepEqual([unread, isWhole, error], [undefined, true, undefined]);
});

test("a stream whose type was forgotten is told by its beginning", () => {
  assert.equal(answer("openai.chat", {}, delta("a")).model, "m-1");
  assert.equal(answer("openai.chat", { "content-type": "text/plain" }, `: x\n${delta("a")}`).model, "m-1");
  assert.equal(answer("openai.chat", {}, '{"model":"m-3"}').model, "m-3");
});

test("of any agent's answer one piece is content, and events are none of the gateway's business", () => {
  const asked = { input: "hi", api_version: 1 };
  const one = reading("agent", JSON_TYPE, 200, "full", asked);
  one.chunk(Buffer.from('{"error":"none, all is well"}'), 1n);
  const { error, content, isWhole } = one.end(2n);
  assert.deepEqual(
    [error, isWhole, content?.()],
    [undefined, true, { "output.value": '{"error":"none, all is well"}' }],
  );
  const text = reading("agent", { "content-type": "text/plain; charset=utf-8" }, 200, "full", asked);
  text.chunk(Buffer.from('Done: "all"'), 1n);
  assert.deepEqual(text.end(2n).content?.(), { "output.value": 'Done: "all"' });
  const page = reading("agent", { "content-type": "text/html" }, 200, "full", asked);
  page.chunk(Buffer.from("<html>"), 1n);
  assert.deepEqual(page.end(2n).content?.(), { "output.value": undefined });
  const events = reading("agent", SSE, 200, "full", asked);
  events.chunk(Buffer.from("data: plain words\n\n"), 1n);
  const { malformedEvents, firstByteNs, ...rest } = events.end(2n);
  assert.deepEqual([malformedEvents, firstByteNs, rest.isWhole], [0, 1n, true]);
  assert.deepEqual(rest.content?.(), { "output.value": undefined });
});

test("an error's type is the provider's code, else the status", () => {
  const typeOf = (status: number, bytes: string) =>
    answer("openai.chat", JSON_TYPE, bytes, status).error?.type;
  assert.equal(
    typeOf(429, '{"error":{"message":"m","type":"tokens","code":"rate_limit_exceeded"}}'),
    "rate_limit_exceeded",
  );
  assert.equal(
    typeOf(429, '{"error":{"message":"m","type":"throttling_error","code":"429"}}'),
    "throttling_error",
  );
  assert.equal(
    typeOf(400, '{"error":{"message":"m","type":"invalid_request_error","code":null}}'),
    "invalid_request_error",
  );
  assert.equal(typeOf(503, '[{"error":{"code":503,"status":"UNAVAILABLE"}}]'), "UNAVAILABLE");
  assert.equal(typeOf(404, '{"detail":"Not Found"}'), "404");
  assert.equal(typeOf(404, '{"error":"model not found"}'), "404");
  assert.equal(typeOf(400, '{"code":"bad_model","message":"m"}'), "bad_model");
  assert.equal(typeOf(502, "<html>"), "502");
  assert.equal(typeOf(500, ""), "500");
  assert.equal(typeOf(200, '{"error":{"message":"m"}}'), "_OTHER");
});

test("an answer of 10 MB gives model and tokens, and says that it was too large", () => {
  const vector = Array.from({ length: 1536 }, (_, index) => index / 7);
  const data = Array.from({ length: 400 }, (_, index) => ({ object: "embedding", index, embedding: vector }));
  const usage = { prompt_tokens: 4000, total_tokens: 4000 };
  for (const [api, body, input] of [
    ["openai.embeddings", { object: "list", model: "e", data, usage }, 4000],
    [
      "openai.chat",
      { id: "c", model: "e", choices: [{ message: { content: "x".repeat(1e7) } }], usage },
      4000,
    ],
    [
      "gemini.generate",
      {
        modelVersion: "e",
        candidates: [{ content: "x".repeat(1e7) }],
        usageMetadata: { promptTokenCount: 5 },
      },
      5,
    ],
  ] as const) {
    const bytes = Buffer.from(JSON.stringify(body));
    const reader = reading(api, JSON_TYPE, 200, "full", { model: "m" });
    const isList = api === "gemini.generate";
    for (let at = 0; at < bytes.length; at += 65_536) reader.chunk(bytes.subarray(at, at + 65_536), 5n);
    const found = reader.end(9n);
    // Where a list is expected, an object that stands alone is its only element, here one that is too long.
    if (isList) assert.equal(found.malformedEvents, 1);
    else assert.deepEqual([found.model, found.usage?.input, found.unread], ["e", input, "too_large"], api);
    if (api === "openai.embeddings") assert.equal(found.values["gen_ai.embeddings.dimension.count"], 1536);
  }
});

test("what is compressed is inflated up to a bound", () => {
  const bomb = brotliCompressSync(Buffer.alloc(9 * 1024 * 1024, " "), {
    params: { [constants.BROTLI_PARAM_QUALITY]: 1 },
  });
  const br = { ...JSON_TYPE, "content-encoding": "br" };
  assert.equal(answer("openai.chat", br, bomb).unread, "encoding");
  const { unread, isWhole } = answer("openai.chat", br, "not brotli at all");
  assert.deepEqual([unread, isWhole], ["encoding", true]);
  assert.equal(
    answer("openai.chat", { ...JSON_TYPE, "content-encoding": "compress" }, "x").unread,
    "encoding",
  );
  assert.equal(
    answer("openai.chat", { ...JSON_TYPE, "content-encoding": "identity" }, '{"model":"x"}').model,
    "x",
  );
});

test("a stream of 40 MB keeps no more of it than an attribute holds", () => {
  const reader = reading("openai.chat", SSE, 200, "full");
  const piece = Buffer.from(delta("x".repeat(1024 * 1024)));
  for (let count = 0; count < 40; count++) reader.chunk(piece, 5n);
  const { content } = reader.end(9n);
  const text = String(content?.()["gen_ai.output.messages"]);
  assert.ok(text.length < 300_000, `${text.length}`);
  assert.match(text, /… \(41680960 more\)/);
});

test("indexes that a stream makes up do not make long lists", () => {
  const bytes = [
    '{"choices":[{"index":4e9,"delta":{"content":"x"}},{"index":-1,"delta":{}},{"index":"a","delta":{}}]}',
    '{"choices":[{"index":0,"delta":{"tool_calls":[{"index":1e9,"function":{"name":"n"}}]}}]}',
  ].map((data) => `data: ${data}\n\n`);
  const { values } = answer("openai.chat", SSE, bytes.join(""));
  assert.equal(values["clew.response.tool_names"], undefined);
  const block = '{"type":"content_block_start","index":4000000000,"content_block":{"type":"text"}}';
  assert.doesNotThrow(() => answer("anthropic.messages", SSE, `data: ${block}\n\n`));
});

test("damaged answers of every API never throw", () => {
  const random = generator(9);
  const answers = fixtureNames().map((name) => answerPieces(fixture(name)).join(""));
  for (let round = 0; round < 2000; round++) {
    const bytes = Buffer.from(random.pick(answers));
    for (let count = random.below(8); count >= 0 && bytes.length > 0; count--)
      bytes[random.below(bytes.length)] = random.below(256);
    const api = random.pick([
      "openai.chat",
      "openai.responses",
      "anthropic.messages",
      "gemini.generate",
      "mcp",
      "a2a",
      "openai.completions",
      "openai.embeddings",
    ] as const);
    const reader = reading(api, random.pick([SSE, JSON_TYPE]), random.pick([200, 200, 500]), "full");
    const at = random.below(bytes.length + 1);
    reader.chunk(bytes.subarray(0, at), 1n);
    reader.chunk(bytes.subarray(at), 2n);
    const response = reader.end(3n);
    assert.doesNotThrow(() => response.content?.());
  }
});

test("random JSON as an event or answer never throws", () => {
  const random = generator(13);
  const keys = [
    "choices",
    "delta",
    "message",
    "content",
    "usage",
    "type",
    "response",
    "error",
    "candidates",
    "result",
    "id",
    "output",
    "status",
    "parts",
  ];
  const made = (depth: number): unknown =>
    depth === 0 || random.below(4) === 0
      ? random.value(1)
      : random.below(3) === 0
        ? [made(depth - 1)]
        : Object.fromEntries(Array.from({ length: 3 }, () => [random.pick(keys), made(depth - 1)]));
  for (let round = 0; round < 2000; round++) {
    const api = random.pick([
      "openai.chat",
      "openai.responses",
      "anthropic.messages",
      "gemini.generate",
      "mcp",
      "a2a",
      "openai.completions",
    ] as const);
    const text = JSON.stringify(made(5));
    for (const headers of [SSE, JSON_TYPE]) {
      const reader = reading(api, headers, 200, "full");
      reader.chunk(Buffer.from(headers === SSE ? `data: ${text}\n\n` : text), 1n);
      assert.notEqual(reader.end(3n).unread, "malformed", text);
    }
  }
});
