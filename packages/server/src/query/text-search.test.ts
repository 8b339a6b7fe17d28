import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openEmbedded } from "../store/clickhouse-store.ts";
import { findTraces } from "./find-traces.ts";
import { insertSpans, spanIdOf, traceIdOf } from "./testing/insert-spans.ts";
import { openTestStore, type TestStore } from "./testing/test-store.ts";
import { hasTextIndex } from "./text-index.ts";

let opened: TestStore;

before(async () => {
  opened = await openTestStore(openEmbedded);
  await opened.store.command(
    "ALTER TABLE spans ADD INDEX spans_text mapValues(content) TYPE text(tokenizer = 'splitByNonAlpha')",
  );
  const prompts = [
    "Summarize the Quarterly report, please",
    '{"query":"SELECT llama"}',
    "三匹のラマ and more",
  ];
  await insertSpans(
    opened.store,
    prompts.map((prompt, index) => ({
      trace_id: traceIdOf(`trace ${index}`),
      span_id: spanIdOf(`trace ${index}`),
      start_ns: 1_790_000_000_000_000_000n + BigInt(index),
      name: `trace ${index}`,
      content: { "gen_ai.input.messages": prompt, other: "nothing here" },
    })),
  );
});

after(() => opened.close());

async function found(text: string): Promise<string[]> {
  const { items } = await findTraces(opened.store, { conditions: { text }, limit: 10 });
  return items.map((item) => item.rootName);
}

test("with a text index whole words are found, however they are spelt", async () => {
  assert.equal(await hasTextIndex(opened.store), true);
  for (const text of ["quarterly", "QUARTERLY report", "please nothing"]) {
    assert.deepEqual(await found(text), ["trace 0"], text);
  }
  assert.deepEqual(await found("select"), ["trace 1"]);
  assert.deepEqual(await found("quarter"), []);
  assert.deepEqual(await found("report llama"), []);
});

test("what the index cannot look up is looked for in the text", async () => {
  assert.deepEqual(await found('"query":"SELECT'), ["trace 1"]);
  assert.deepEqual(await found("ラマ"), ["trace 2"]);
  assert.deepEqual(await found("匹 more"), ["trace 2"]);
});
