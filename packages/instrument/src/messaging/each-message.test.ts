import assert from "node:assert/strict";
import { before, test } from "node:test";
import { context, createContextKey, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { bindEach, bindEachAwaited } from "./each-message.ts";
import { callsHandler } from "./entered-context.ts";
import { runIn } from "./message-spans.ts";

const MESSAGE = createContextKey("message");
const span = trace.wrapSpanContext({ traceId: "0".repeat(32), spanId: "0".repeat(16), traceFlags: 0 });
const begin = (message: string) => ({ span, context: ROOT_CONTEXT.setValue(MESSAGE, message) });
const current = () => context.active().getValue(MESSAGE) as string | undefined;
const turn = () => new Promise(setImmediate);

before(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});

function fetched(...messages: string[]): string[] {
  bindEach(messages, begin);
  return messages;
}

async function* coming(...messages: string[]): AsyncGenerator<string> {
  for (const message of messages) {
    await turn();
    yield message;
  }
}

test("a loop over fetched messages runs in the context of each, before and after it waits", async () => {
  const seen: unknown[] = [];
  await turn();
  for (const message of fetched("a", "b")) {
    seen.push([message, current()]);
    await turn();
    seen.push([message, current()]);
  }
  seen.push(current());
  assert.deepEqual(seen, [["a", "a"], ["a", "a"], ["b", "b"], ["b", "b"], undefined]);
});

test("a loop that is left early leaves its context", async () => {
  await turn();
  for (const message of fetched("a", "b")) {
    assert.equal(current(), message);
    break;
  }
  assert.equal(current(), undefined);
  const [first] = fetched("a");
  assert.deepEqual([first, current()], ["a", undefined]);
});

test("what calls a function with a loop never gets into the context of a message", async () => {
  const seen: unknown[] = [];
  const handleAll = async (messages: string[]) => {
    for (const message of messages) {
      await turn();
      seen.push([message, current()]);
    }
  };
  await turn();
  const handling = handleAll(fetched("a", "b"));
  assert.equal(current(), undefined);
  await handling;
  assert.equal(current(), undefined);
  assert.deepEqual(seen[1], ["b", "b"]);
});

test("callbacks of map and forEach run in the context of their message, and results stay", async () => {
  const seen: unknown[] = [];
  const messages = fetched("a", "b");
  const mapped = messages.map(async (message, index, all) => {
    await turn();
    return [message, index, all === messages, current()];
  });
  const that = { name: "that" };
  messages.forEach(function (this: object, message) {
    seen.push([message, current(), this]);
  }, that);
  assert.deepEqual(await Promise.all(mapped), [
    ["a", 0, true, "a"],
    ["b", 1, true, "b"],
  ]);
  assert.deepEqual(seen, [
    ["a", "a", that],
    ["b", "b", that],
  ]);
  assert.deepEqual(messages, ["a", "b"]);
  assert.deepEqual(Object.keys(messages), ["0", "1"]);
  assert.equal(JSON.stringify(messages), '["a","b"]');
});

test("a handler that we call is alone with its loop", async () => {
  const seen: unknown[] = [];
  const handle = async (messages: string[]) => {
    for (const message of messages) seen.push([message, current()]);
    await turn();
    seen.push(current());
  };
  const outer = ROOT_CONTEXT.setValue(MESSAGE, "batch");
  await runIn(
    { span, context: outer },
    callsHandler(() => handle(fetched("a", "b"))),
  );
  assert.deepEqual(seen, [["a", "a"], ["b", "b"], "batch"]);
  assert.equal(current(), undefined);
});

test("a loop that awaits messages runs in the context of each, wherever it was started", async () => {
  const seen: unknown[] = [];
  const loop = async () => {
    for await (const message of bindEachAwaited(coming("a", "b", "c"), begin)) {
      seen.push([message, current()]);
      await turn();
      seen.push([message, current()]);
      if (message === "b") break;
    }
    seen.push(current());
  };
  const looping = loop();
  assert.equal(current(), undefined);
  await turn();
  assert.equal(current(), undefined);
  await looping;
  assert.equal(current(), undefined);
  assert.deepEqual(seen, [["a", "a"], ["a", "a"], ["b", "b"], ["b", "b"], undefined]);
});

test("a source of messages runs in its own context, and its errors come through", async () => {
  const failing = async function* () {
    yield "a";
    assert.equal(current(), undefined);
    throw new Error("gone");
  };
  const loop = async () => {
    for await (const message of bindEachAwaited(failing(), begin)) assert.equal(message, "a");
  };
  await assert.rejects(loop(), /gone/);
});
