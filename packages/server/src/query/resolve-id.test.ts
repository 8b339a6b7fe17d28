import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openEmbedded } from "../store/clickhouse-store.ts";
import { resolveId } from "./resolve-id.ts";
import { insertSpans, spanIdOf, traceIdOf } from "./testing/insert-spans.ts";
import { openTestStore, type TestStore } from "./testing/test-store.ts";

const T0 = 1_790_000_000_000_000_000n;
const YEAR = 365n * 86_400_000_000_000n;
const TRACE = traceIdOf("a");
const SPAN = spanIdOf("a");

let opened: TestStore;

before(async () => {
  opened = await openTestStore(openEmbedded);
  await insertSpans(opened.store, [
    { trace_id: TRACE, span_id: SPAN, start_ns: T0, session_id: "same", user_id: "same", task_id: "t-1" },
    { trace_id: traceIdOf("b"), span_id: spanIdOf("b"), start_ns: T0, conversation_id: "same" },
    { trace_id: traceIdOf("old"), span_id: spanIdOf("old"), start_ns: T0 - YEAR, test_case_id: "late-fee" },
    { trace_id: traceIdOf("old"), span_id: SPAN, start_ns: T0 - YEAR, test_run_id: TRACE },
  ]);
});

after(() => opened.close());

test("a trace is found by its id and by the beginning of one", async () => {
  const [whole, begun] = await Promise.all([
    resolveId(opened.store, traceIdOf("b")),
    resolveId(opened.store, traceIdOf("b").slice(0, 12).toUpperCase()),
  ]);
  assert.deepEqual(whole, { items: [{ kind: "trace", id: traceIdOf("b") }], isComplete: true });
  assert.deepEqual(begun, whole);
});

test("a text that is the id of several things names each of them", async () => {
  const { items } = await resolveId(opened.store, "same");
  assert.deepEqual(
    items.map(({ kind, id }) => `${kind} ${id}`),
    ["session same", "conversation same", "user same"],
  );
  const named = await resolveId(opened.store, TRACE);
  assert.deepEqual(
    named.items.map(({ kind }) => kind),
    ["trace", "testRun"],
  );
});

test("a span is found with its trace, an old one too, and of two with one id the newer", async () => {
  const old = await resolveId(opened.store, spanIdOf("old"));
  assert.deepEqual(old.items[0], { kind: "span", id: spanIdOf("old"), traceId: traceIdOf("old") });
  const { items } = await resolveId(opened.store, SPAN);
  assert.deepEqual(items[0], { kind: "span", id: SPAN, traceId: TRACE });
});

test("a header names the span in its trace before the trace", async () => {
  const { items } = await resolveId(opened.store, `00-${TRACE}-${SPAN}-01`);
  assert.deepEqual(items, [
    { kind: "span", id: SPAN, traceId: TRACE },
    { kind: "trace", id: TRACE },
  ]);
});

test("what nothing has as its id finds nothing", async () => {
  for (const text of ["", "same ", "' OR 1=1 --", "f".repeat(32), "f".repeat(16)])
    assert.deepEqual((await resolveId(opened.store, text)).items, [], text);
});
