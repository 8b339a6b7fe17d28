import assert from "node:assert/strict";
import { test } from "node:test";
import { type Context, propagation, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { joinContexts } from "./joined-context.ts";

function message(traceId: string, spanId: string, ids: Readonly<Record<string, string>> = {}): Context {
  const span = { traceId: traceId.repeat(32), spanId: spanId.repeat(16), traceFlags: 1 };
  const entries = Object.entries(ids).map(([key, value]) => [key, { value }]);
  const context = trace.setSpanContext(ROOT_CONTEXT, span);
  return propagation.setBaggage(context, propagation.createBaggage(Object.fromEntries(entries)));
}

const linked = (contexts: readonly Context[]) =>
  joinContexts(contexts).links.map(({ context }) => context.spanId[0]);
const idsOf = (context: Context) =>
  Object.fromEntries(
    (propagation.getBaggage(context)?.getAllEntries() ?? []).map(([key, { value }]) => [key, value]),
  );

test("a single message is continued, not linked", () => {
  const one = message("a", "1", { "session.id": "s" });
  assert.deepEqual(joinContexts([one]), { parent: one, links: [] });
});

test("messages of one trace continue it and are linked all the same", () => {
  const messages = [message("a", "1"), message("a", "2")];
  assert.equal(trace.getSpanContext(joinContexts(messages).parent)?.traceId, "a".repeat(32));
  assert.deepEqual(linked(messages), ["1", "2"]);
});

test("messages of several traces are linked and no trace is continued", () => {
  const messages = [message("a", "1"), message("b", "2"), ROOT_CONTEXT];
  assert.equal(trace.getSpanContext(joinContexts(messages).parent), undefined);
  assert.deepEqual(linked(messages), ["1", "2"]);
});

test("an id stays only where all messages have the same", () => {
  const messages = [
    message("a", "1", { "session.id": "s1", "test.suite.run.id": "r" }),
    message("b", "2", { "session.id": "s2", "test.suite.run.id": "r" }),
    message("b", "3", { "session.id": "s2", "test.suite.run.id": "r", "task.id": "t" }),
  ];
  assert.deepEqual(idsOf(joinContexts(messages).parent), { "test.suite.run.id": "r" });
  assert.deepEqual(idsOf(joinContexts([ROOT_CONTEXT, ...messages]).parent), {});
});

test("no messages have no context", () => {
  assert.deepEqual(joinContexts([]), { parent: ROOT_CONTEXT, links: [] });
});
