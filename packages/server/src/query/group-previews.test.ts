import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { AnyValue, LogRecord, Span } from "@clew/protocol/otlp/model";
import { openEmbedded } from "../store/clickhouse-store.ts";
import { tracePreviews } from "./group-previews.ts";
import { ingest } from "./testing/ingest.ts";
import { spanIdOf, traceIdOf } from "./testing/insert-spans.ts";
import { openTestStore, type TestStore } from "./testing/test-store.ts";
import { traceGroup } from "./trace-group.ts";
import { traceSummaries } from "./trace-summary.ts";

const SECOND = 1_000_000_000n;
const T0 = 1_790_000_040n * SECOND;
let opened: TestStore;

function span(trace: string, name: string, atS: number, attributes: Record<string, string>): Span {
  return {
    traceId: traceIdOf(trace),
    spanId: spanIdOf(`${trace}/${name}`),
    ...(name !== "root" && { parentSpanId: spanIdOf(`${trace}/root`) }),
    name,
    startTimeUnixNano: String(T0 + BigInt(atS) * SECOND),
    endTimeUnixNano: String(T0 + BigInt(atS + (name === "root" ? 50 : 1)) * SECOND),
    attributes: [
      { key: "session.id", value: { stringValue: "S" } },
      ...Object.entries(attributes).map(([key, value]) => ({ key, value: { stringValue: value } })),
    ],
  };
}

function messages(...said: readonly (readonly [role: string, text: string])[]): string {
  return JSON.stringify(said.map(([role, content]) => ({ role, parts: [{ type: "text", content }] })));
}

const chat = (input: string, output: string) => ({
  "gen_ai.operation.name": "chat",
  "gen_ai.input.messages": input,
  "gen_ai.output.messages": output,
});

before(async () => {
  opened = await openTestStore(openEmbedded);
  const spans = [
    span("one", "root", 0, { "gen_ai.operation.name": "invoke_agent" }),
    span("one", "tool", 1, {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "sql",
      "gen_ai.tool.call.arguments": '{"q":"not what anybody asked"}',
    }),
    span(
      "one",
      "first",
      2,
      chat(
        messages(["system", "be kind"], ["user", "refund   my\norder"]),
        messages(["assistant", "let me see"]),
      ),
    ),
    span(
      "one",
      "last",
      9,
      chat(
        messages(["user", "refund my order"], ["assistant", "let me see"]),
        messages(["assistant", "it is refunded"]),
      ),
    ),
    // A second turn: models are told all that was said before.
    span("two", "root", 100, {
      ...chat(
        messages(
          ["user", "refund my order"],
          ["assistant", "it is refunded"],
          ["user", `thanks ${"x".repeat(200)}`],
        ),
        messages(["assistant", "you are welcome"]),
      ),
    }),
    span("silent", "root", 200, {}),
    span(
      "huge",
      "root",
      300,
      chat(messages(["user", "y".repeat(200_000)]), messages(["assistant", "too long"])),
    ),
    span("huge", "small", 301, chat(messages(["user", "short"]), messages(["assistant", "done"]))),
    span("broken", "root", 400, chat("{not json", "[1,")),
    span("mute", "root", 500, {}),
  ];
  await ingest(opened.store, "traces", { resourceSpans: [{ scopeSpans: [{ spans }] }] });
  const said = (eventName: string, atS: number, span: string, body: Record<string, AnyValue>): LogRecord => ({
    eventName,
    timeUnixNano: String(T0 + BigInt(atS) * SECOND),
    traceId: traceIdOf("silent"),
    spanId: spanIdOf(`silent/${span}`),
    body: { kvlistValue: { values: Object.entries(body).map(([key, value]) => ({ key, value })) } },
  });
  const text = (stringValue: string): AnyValue => ({ stringValue });
  const answer = (content: string): AnyValue => ({
    kvlistValue: { values: [{ key: "content", value: text(content) }] },
  });
  const logRecords = [
    said("gen_ai.system.message", 201, "a", { content: text("be kind") }),
    said("gen_ai.user.message", 201, "a", { content: text("is it raining?") }),
    said("gen_ai.choice", 203, "a", { message: answer("let me look") }),
    said("gen_ai.user.message", 204, "b", { content: text("is it raining?") }),
    said("gen_ai.choice", 206, "b", { message: answer("it is not") }),
    said("other", 207, "b", { content: text("not said by a model") }),
  ];
  await ingest(opened.store, "logs", { resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
});

after(() => opened?.close());

test("a session's traces tell what the user asked before the first step and what the last one answered", async () => {
  const { traces } = await traceGroup(opened.store, "session", "S");
  assert.deepEqual(
    traces.map(({ rootName, input, output }) => [rootName, input, output]),
    [
      ["root", "refund my order", "it is refunded"],
      ["root", `thanks ${"x".repeat(112)}…`, "you are welcome"],
      ["root", "is it raining?", "it is not"],
      ["root", "short", "done"],
      ["root", traces[4]!.input, traces[4]!.output],
      ["root", "", ""],
    ],
  );
  for (const { input, output } of traces) assert.ok(input.length <= 120 && output.length <= 120);
});

test("what is too much to read is left out, and so is what would take too long", async () => {
  const limits = { timeoutMs: 5000, maxBytes: 1024 ** 3, mostSpanBytes: 100_000, mostBytes: 1_000_000 };
  const summaries = await traceSummaries(opened.store, [traceIdOf("one"), traceIdOf("two")]);
  const shown = async (changes: Partial<typeof limits>) => {
    const previews = await tracePreviews(opened.store, summaries, undefined, { ...limits, ...changes });
    return ["one", "two"].map((name) => previews.get(traceIdOf(name))?.output);
  };
  assert.deepEqual(await shown({}), ["it is refunded", "you are welcome"]);
  assert.deepEqual(await shown({ mostSpanBytes: 5 }), ["", ""]);
  assert.deepEqual(await shown({ mostBytes: 0 }), [undefined, undefined]);
  assert.deepEqual(await shown({ timeoutMs: 0 }), [undefined, undefined]);
  assert.deepEqual(await shown({ maxBytes: 1 }), [undefined, undefined]);
});
