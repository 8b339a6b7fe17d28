import assert from "node:assert/strict";
import { test } from "node:test";
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { type OperationStart, startOperation } from "./operation.ts";
import { runOperation } from "./run-operation.ts";
import { runTool } from "./tool.ts";

const exporter = new InMemorySpanExporter();
const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
const tracer = provider.getTracer("test");
const CHAT: OperationStart = {
  operation: "chat",
  target: "gpt",
  attributes: { "gen_ai.request.model": "gpt" },
};

/** The spans that ended since the last call. */
async function ended() {
  await provider.forceFlush();
  const spans = exporter.getFinishedSpans();
  exporter.reset();
  return spans;
}

test("a span is named by operation and target, and leaves out what is not known", async () => {
  startOperation(tracer, "off", { ...CHAT, attributes: { a: undefined, b: 1 } }).end();
  startOperation(tracer, "off", { operation: "invoke_agent", kind: SpanKind.INTERNAL }).end();
  const [chat, agent] = await ended();
  assert.deepEqual([chat?.name, chat?.kind], ["chat gpt", SpanKind.CLIENT]);
  assert.deepEqual(chat?.attributes, { "gen_ai.operation.name": "chat", b: 1 });
  assert.deepEqual([agent?.name, agent?.kind], ["invoke_agent", SpanKind.INTERNAL]);
});

test("an operation ends once, and what comes later changes nothing", async () => {
  const operation = startOperation(tracer, "full", CHAT);
  operation.cancel();
  operation.fail(new Error("late"));
  operation.usage({ input: 5 });
  operation.content("gen_ai.output.messages", () => assert.fail("not asked for"));
  operation.chunk();
  operation.end();
  const [span, ...others] = await ended();
  assert.equal(others.length, 0);
  assert.equal(span?.status.code, SpanStatusCode.UNSET);
  assert.equal(span.attributes["clew.cancelled"], true);
  assert.equal(span.attributes["gen_ai.usage.input_tokens"], undefined);
});

test("content is not even looked at when it is not recorded, and reading it cannot fail the caller", async () => {
  const off = startOperation(tracer, "off", CHAT);
  off.content("gen_ai.input.messages", () => assert.fail("not asked for"));
  off.end();
  const full = startOperation(tracer, "full", CHAT);
  full.content("gen_ai.input.messages", () => {
    throw new Error("a getter of the agent");
  });
  full.end();
  const spans = await ended();
  assert.deepEqual(
    spans.map(({ attributes }) => "gen_ai.input.messages" in attributes),
    [false, false],
  );
});

test("runOperation returns and throws what the call does, at once or later", async () => {
  const start = () => startOperation(tracer, "off", CHAT);
  assert.equal(
    runOperation(start(), () => 5),
    5,
  );
  const promise = Promise.resolve(6);
  assert.equal(await runOperation(start(), () => promise), 6);
  const error = new TypeError("no");
  const fail = () => {
    throw error;
  };
  assert.throws(() => runOperation(start(), fail), error);
  await assert.rejects(
    runOperation(start(), async () => fail()),
    error,
  );
  const types = (await ended()).map(({ attributes }) => attributes["error.type"]);
  assert.deepEqual(types, [undefined, undefined, "TypeError", "TypeError"]);
});

test("a promise of somebody's own class comes back as it is", async () => {
  class Own extends Promise<number> {}
  const own = Own.resolve(1) as Own;
  const returned = runOperation(startOperation(tracer, "off", CHAT), () => own);
  assert.equal(returned, own);
  await own;
  assert.equal((await ended()).length, 1);
});

test("a tool's arguments and result are recorded by the level of content", async () => {
  const tool = { name: "weather", id: "call_1", arguments: { city: "Bern" } };
  assert.equal(
    runTool(tracer, "full", tool, () => "7°"),
    "7°",
  );
  await runTool(tracer, "metadata", tool, async () => "7°");
  const [full, metadata] = await ended();
  assert.equal(full?.name, "execute_tool weather");
  assert.equal(full.attributes["gen_ai.tool.call.arguments"], '{"city":"Bern"}');
  assert.equal(full.attributes["gen_ai.tool.call.result"], '"7°"');
  assert.equal(metadata?.attributes["gen_ai.tool.call.result"], '{"size":3}');
});
