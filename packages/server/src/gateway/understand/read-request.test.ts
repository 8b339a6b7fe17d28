import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import type { ApiKind, CallInput, ContentLevel } from "./call.ts";
import { callAttributes } from "./call-attributes.ts";
import { readRequest } from "./read-request.ts";
import { fixture, fixtureNames } from "./testing/fixture.ts";
import { generator } from "./testing/generator.ts";

const APIS: readonly ApiKind[] = [
  "openai.chat",
  "openai.completions",
  "openai.responses",
  "openai.embeddings",
  "anthropic.messages",
  "gemini.generate",
  "mcp",
  "a2a",
  "agent",
];

function read(api: ApiKind, body: unknown, content: ContentLevel = "off", more: Partial<CallInput> = {}) {
  const bytes = typeof body === "string" ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
  return readRequest({ api, path: "/", headers: {}, body: bytes, ...more }, { content });
}

test("a body that was too large to be kept, or empty, is absent; the path still names Gemini's model", () => {
  const path = "/v1beta/models/gemini-3:streamGenerateContent";
  const { model, streams, unread, name } = read("gemini.generate", "", "full", { path, body: undefined });
  assert.deepEqual([model, streams, unread, name], ["gemini-3", true, "absent", "generate_content gemini-3"]);
  assert.equal(read("openai.chat", "").unread, "absent");
});

test("a malformed body is said to be so and gives nothing", () => {
  for (const body of ["{", "nonsense", '{"model":"m"', "7", "null", '"text"']) {
    for (const level of ["off", "full"] as const) {
      const { unread, model } = read("openai.chat", body, level);
      assert.deepEqual([unread, model], ["malformed", undefined], `${body}, ${level}`);
    }
  }
});

test("a JSON-RPC message shows at any path whether it is MCP's or A2A's", () => {
  const kind = (api: ApiKind, method: string) => read(api, { jsonrpc: "2.0", id: 1, method, params: {} }).api;
  assert.equal(kind("agent", "tools/call"), "mcp");
  assert.equal(kind("agent", "initialize"), "mcp");
  assert.equal(kind("agent", "message/send"), "a2a");
  assert.equal(kind("mcp", "SendMessage"), "a2a");
  assert.equal(kind("a2a", "tasks/get"), "a2a");
  assert.equal(kind("mcp", "tasks/get"), "mcp");
  assert.equal(kind("agent", "somethingElse"), "agent");
  assert.equal(read("agent", { method: "tools/call" }).api, "agent");
});

test("a request that is compressed is inflated", () => {
  const body = gzipSync('{"model":"m"}');
  const headers = { "content-encoding": "gzip" };
  assert.equal(read("openai.chat", "", "off", { body, headers }).model, "m");
  assert.equal(read("openai.chat", "", "off", { body: Buffer.from("no gzip"), headers }).unread, "absent");
});

test("deep JSON is read", () => {
  const deep = `{"model":"m","messages":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
  assert.equal(read("openai.chat", deep).model, "m");
  const full = read("openai.chat", deep, "full");
  assert.equal(full.model, "m");
  assert.doesNotThrow(() => full.content?.());
});

test("of 10 MB the model is known, and content is not made", () => {
  const body = {
    messages: [{ role: "user", content: "x".repeat(10 * 1024 * 1024) }],
    model: "m",
    stream: true,
  };
  for (const level of ["off", "full"] as const) {
    const { model, streams, content } = read("openai.chat", body, level);
    assert.deepEqual([model, streams, content], ["m", true, undefined]);
  }
  assert.equal(read("openai.chat", body, "full").unread, "too_large");
});

test("a long text is cut in its attribute, and long names are short", () => {
  const body = { model: "m".repeat(5000), messages: [{ role: "user", content: "ü".repeat(300_000) }] };
  const request = read("openai.chat", body, "full");
  const attributes = callAttributes(request, undefined, () => undefined);
  const value = (name: string) => attributes.find(({ key }) => key === name)?.value?.stringValue ?? "";
  assert.equal(value("gen_ai.request.model").length, 1024);
  assert.match(value("gen_ai.input.messages"), /ü… \(37856 more\)"/);
});

/** A copy in which some values are of another kind. */
function disturbed(random: ReturnType<typeof generator>, value: unknown): unknown {
  if (random.below(12) === 0) return random.value(2);
  if (Array.isArray(value)) return value.map((item) => disturbed(random, item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, disturbed(random, item)]));
}

test("fields of the wrong kind never throw, and never become attributes of the wrong kind", () => {
  const random = generator(5);
  const bodies = fixtureNames().map((name) => fixture(name).body);
  for (let round = 0; round < 1500; round++) {
    const body = disturbed(random, random.pick(bodies));
    const api = random.pick(APIS);
    const full = read(api, body, "full");
    const off = read(api, body, "off");
    assert.deepEqual(off.values, full.values);
    for (const { key, value } of callAttributes(full, undefined, () => undefined)) {
      const [kind, ...more] = Object.keys(value ?? {});
      assert.deepEqual(more, [], key);
      assert.match(kind ?? "", /^(string|int|double|bool|array)Value$/, key);
    }
  }
});
