import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { AnyValue, LogRecord, Span } from "@clew/protocol/otlp/model";
import { openEmbedded } from "../../store/clickhouse-store.ts";
import { ingest } from "../testing/ingest.ts";
import { spanIdOf, traceIdOf } from "../testing/insert-spans.ts";
import { openTestStore, type TestStore } from "../testing/test-store.ts";
import { InvalidCursor } from "../trace-cursor.ts";
import { transcript } from "./transcript.ts";
import { decodeTranscriptCursor } from "./transcript-cursor.ts";
import { TRANSCRIPT_LIMITS } from "./transcript-limits.ts";

const SECOND = 1_000_000_000n;
const T0 = 1_790_000_040n * SECOND;
const LIMIT = 100;

interface Sketch {
  readonly parent?: string;
  readonly at: number;
  readonly took?: number;
  readonly error?: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

function span(trace: string, name: string, { parent, at, took = 1, error, attributes = {} }: Sketch): Span {
  return {
    traceId: traceIdOf(trace),
    spanId: spanIdOf(`${trace}/${name}`),
    ...(parent !== undefined && { parentSpanId: spanIdOf(`${trace}/${parent}`) }),
    name,
    startTimeUnixNano: String(T0 + BigInt(at * 1000) * 1_000_000n),
    endTimeUnixNano: String(T0 + BigInt((at + took) * 1000) * 1_000_000n),
    attributes: Object.entries(attributes).map(([key, value]) => ({
      key,
      value: { stringValue: typeof value === "string" ? value : JSON.stringify(value) },
    })),
    ...(error !== undefined && { status: { code: 2, message: error } }),
  };
}

type Said = readonly [role: string, ...parts: (string | object)[]];
const said = (...messages: readonly Said[]) =>
  messages.map(([role, ...parts]) => ({
    role,
    parts: parts.map((part) => (typeof part === "string" ? { type: "text", content: part } : part)),
  }));
const agent = (name: string, more: object = {}) => ({
  "gen_ai.operation.name": "invoke_agent",
  "gen_ai.agent.name": name,
  ...more,
});
const chat = (name: string, system: string, input: readonly Said[], output: readonly Said[]) => ({
  "gen_ai.operation.name": "chat",
  "gen_ai.agent.name": name,
  "gen_ai.request.model": "m-1",
  "gen_ai.system_instructions": [{ type: "text", content: system }],
  "gen_ai.input.messages": said(...input),
  "gen_ai.output.messages": said(...output),
});
const tool = (name: string, id: string, input: object, output: string) => ({
  "gen_ai.operation.name": "execute_tool",
  "gen_ai.tool.name": name,
  "gen_ai.tool.call.id": id,
  "gen_ai.tool.call.arguments": input,
  "gen_ai.tool.call.result": output,
});

const call = { type: "tool_call", id: "c1", name: "sql", arguments: { q: "fees" } };
const answer = { type: "tool_call_response", id: "c1", result: "3 rows" };
const asked: Said = ["user", "refund my fee"];
const found: Said = ["tool", answer];
const LONG = 90;
let opened: TestStore;

before(async () => {
  opened = await openTestStore(openEmbedded);
  const spans = [
    span("two", "planner", { at: 0, took: 60, attributes: agent("planner") }),
    span("two", "first", {
      parent: "planner",
      at: 1,
      attributes: chat("planner", "be kind", [asked], [["assistant", "let me look", call]]),
    }),
    span("two", "sql", {
      parent: "planner",
      at: 2,
      error: "too slow",
      attributes: { ...tool("sql", "c1", { q: "fees" }, "3 rows"), "error.type": "timeout" },
    }),
    span("two", "POST", { parent: "planner", at: 4, took: 20 }),
    span("two", "clerk", { parent: "POST", at: 5, took: 10, attributes: agent("clerk") }),
    span("two", "clerk-chat", {
      parent: "clerk",
      at: 6,
      attributes: chat("clerk", "be exact", [["user", "check 3 rows"]], [["assistant", "they are right"]]),
    }),
    span("two", "last", {
      parent: "planner",
      at: 30,
      attributes: chat(
        "planner",
        "be brief",
        [asked, ["assistant", "let me look", call], found],
        [["assistant", "done"]],
      ),
    }),
    ...Array.from({ length: LONG }, (_, at) =>
      span("long", `chat-${at}`, {
        at,
        attributes: chat(
          "walker",
          "walk",
          Array.from({ length: at + 1 }, (_, step): Said => ["user", `step ${step}`]).flatMap(
            (message, step): Said[] => (step < at ? [message, ["assistant", `went ${step}`]] : [message]),
          ),
          [["assistant", `went ${at}`]],
        ),
      }),
    ),
    span("huge", "a", {
      at: 0,
      attributes: chat("a", "s", [["user", "x".repeat(500_000)]], [["assistant", "too much"]]),
    }),
    span("huge", "b", {
      at: 2,
      attributes: chat(
        "a",
        "s",
        [
          ["user", "y"],
          ["tool", { ...answer, result: "z".repeat(100_000) }],
        ],
        [["assistant", "ok"]],
      ),
    }),
    span("mute", "agent", { at: 0, attributes: agent("quiet") }),
    span("mute", "db", { parent: "agent", at: 0.5, took: 0.1, error: "no such table" }),
    span("told", "agent", { at: 0, took: 9, attributes: agent("old") }),
    span("told", "chat", { parent: "agent", at: 1, attributes: { "gen_ai.operation.name": "chat" } }),
  ];
  await ingest(opened.store, "traces", { resourceSpans: [{ scopeSpans: [{ spans }] }] });
  const text = (stringValue: string): AnyValue => ({ stringValue });
  const record = (eventName: string, values: Record<string, AnyValue>): LogRecord => ({
    eventName,
    timeUnixNano: String(T0 + SECOND),
    traceId: traceIdOf("told"),
    spanId: spanIdOf("told/chat"),
    body: { kvlistValue: { values: Object.entries(values).map(([key, value]) => ({ key, value })) } },
  });
  const logRecords = [record("gen_ai.user.message", { content: text("is it raining?") })];
  await ingest(opened.store, "logs", { resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
});

after(() => opened?.close());

const texts = (messages: readonly { readonly parts: readonly object[] }[]): unknown[] =>
  messages.flatMap(({ parts }) => parts.map((part) => ("text" in part ? part.text : part)));

test("each call tells what is new in it, below who was called by whom", async () => {
  const { steps, runs, total, hasContent, nextCursor } = await transcript(opened.store, traceIdOf("two"), {
    limit: LIMIT,
  });
  assert.deepEqual(
    runs.map(({ label, above }) => [label, runs.find(({ span }) => span === above)?.label]),
    [
      ["planner", undefined],
      ["clerk", "planner"],
    ],
  );
  assert.deepEqual(
    steps.map(({ type, run }) => [type, runs.find(({ span }) => span === run)?.label]),
    [
      ["run", "planner"],
      ["model", "planner"],
      ["tool", "planner"],
      ["run", "clerk"],
      ["model", "clerk"],
      ["model", "planner"],
    ],
  );
  const [, first, sql, , clerk, last] = steps;
  assert.ok(
    first?.type === "model" && sql?.type === "tool" && clerk?.type === "model" && last?.type === "model",
  );
  assert.deepEqual(texts(first.input), ["refund my fee"]);
  assert.deepEqual(first.system, { parts: [{ type: "text", text: "be kind" }], hasChanged: false });
  assert.deepEqual([sql.name, sql.callId, sql.arguments, sql.result], ["sql", "c1", { q: "fees" }, "3 rows"]);
  assert.deepEqual(sql.error, { type: "timeout", message: "too slow" });
  assert.deepEqual(texts(clerk.input), ["check 3 rows"]);
  // The question, its own words and its call were told before; the result was not.
  assert.equal(last.had, 3);
  assert.deepEqual(
    last.input.map(({ role }) => role),
    ["tool"],
  );
  assert.deepEqual(texts(last.output), ["done"]);
  assert.equal(last.system?.hasChanged, true);
  assert.deepEqual([total, hasContent, nextCursor], [6, true, undefined]);
});

test("pages joined are the whole, wherever they are cut", async () => {
  const whole = await transcript(opened.store, traceIdOf("long"), { limit: 1000 });
  assert.equal(whole.total, LONG * 2);
  const inputs = whole.steps.flatMap((step) => (step.type === "model" ? texts(step.input) : []));
  assert.deepEqual(
    inputs,
    Array.from({ length: LONG }, (_, at) => `step ${at}`),
  );
  for (const limit of [7, 64]) {
    const steps = [];
    let after: ReturnType<typeof decodeTranscriptCursor> | undefined;
    do {
      const page = await transcript(opened.store, traceIdOf("long"), { limit, ...(after && { after }) });
      assert.equal(page.before, steps.length);
      steps.push(...page.steps);
      after = page.nextCursor === undefined ? undefined : decodeTranscriptCursor(page.nextCursor);
    } while (after !== undefined);
    assert.deepEqual(steps, whole.steps);
  }
  assert.throws(() => decodeTranscriptCursor("!"), InvalidCursor);
});

test("a page that holds too much ends early, and says where it goes on", async () => {
  const limits = { ...TRANSCRIPT_LIMITS, pageChars: 50, batchBytes: 1000 };
  const { steps, nextCursor } = await transcript(opened.store, traceIdOf("long"), { limit: LIMIT, limits });
  assert.ok(steps.length < 20 && nextCursor !== undefined);
  const spent = await transcript(opened.store, traceIdOf("long"), {
    limit: LIMIT,
    limits: { ...TRANSCRIPT_LIMITS, timeoutMs: 0 },
  });
  assert.deepEqual([spent.partial, spent.steps.length], ["time", 0]);
  assert.equal(decodeTranscriptCursor(spent.nextCursor!).at, 0);
});

test("what is too long ends early with how much is left out, and what is too large is named", async () => {
  const limits = { ...TRANSCRIPT_LIMITS, mostSpanBytes: 300_000, partChars: 10 };
  const { steps } = await transcript(opened.store, traceIdOf("huge"), { limit: LIMIT, limits });
  const [a, b] = steps.filter(({ type }) => type === "model");
  assert.ok(a?.type === "model" && b?.type === "model");
  assert.ok(a.tooLarge! > 500_000 && a.input.length + a.output.length === 0);
  assert.deepEqual(b.input[1], {
    role: "tool",
    parts: [{ type: "tool_call_response", id: "c1", name: "", result: `${"z".repeat(10)}…` }],
    leftOut: 99_990,
  });
});

test("a trace without content says so, and tells where it failed all the same", async () => {
  const { steps, hasContent } = await transcript(opened.store, traceIdOf("mute"), { limit: LIMIT });
  assert.equal(hasContent, false);
  const failed = steps.find(({ type }) => type === "error");
  assert.deepEqual(failed?.error, { type: "", message: "no such table" });
});

test("messages in log records count as well", async () => {
  const { steps } = await transcript(opened.store, traceIdOf("told"), { limit: LIMIT });
  const model = steps.find(({ type }) => type === "model");
  assert.ok(model?.type === "model");
  assert.deepEqual(texts(model.input), ["is it raining?"]);
});
