import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openEmbedded } from "../store/clickhouse-store.ts";
import { findTraces } from "./find-traces.ts";
import { newestPage } from "./newest-page.ts";
import { insertSpans, type SpanSeed, spanIdOf, traceIdOf } from "./testing/insert-spans.ts";
import { openTestStore, type TestStore } from "./testing/test-store.ts";

const SECOND = 1_000_000_000n;
const T0 = 1_790_000_000n * SECOND;
const LIMIT = 3;

let opened: TestStore;

function root(name: string, atS: number): SpanSeed {
  return { trace_id: traceIdOf(name), span_id: spanIdOf(name), start_ns: T0 + BigInt(atS) * SECOND, name };
}

/** A later span of a trace, in an insert of its own. */
function late(of: string, atS: number): SpanSeed {
  return { ...root(of, atS), span_id: spanIdOf(`${of}/late`), parent_span_id: spanIdOf(of) };
}

async function newest(): Promise<string[]> {
  const { items } = await findTraces(opened.store, { conditions: {}, limit: LIMIT });
  return items.map((item) => item.rootName);
}

async function isRemembered(): Promise<boolean> {
  return (await newestPage(opened.store, LIMIT + 1)) !== undefined;
}

before(async () => {
  opened = await openTestStore(openEmbedded);
  const old = Array.from({ length: 12 }, (_, index) => root(`old ${index}`, index));
  await insertSpans(opened.store, [...old, ...["a", "b", "c", "d"].map((name, at) => root(name, 200 + at))]);
});

after(() => opened.close());

test("a page that was asked for before is found in one step, with what came since", async () => {
  assert.equal(await isRemembered(), false);
  assert.deepEqual(await newest(), ["d", "c", "b"]);
  assert.equal(await isRemembered(), true);
  await insertSpans(opened.store, [root("e", 205), root("early", 100)]);
  assert.deepEqual(await newest(), ["e", "d", "c"]);
});

test("a trace that began long before does not appear for its later spans", async () => {
  await insertSpans(opened.store, [late("old 0", 300)]);
  assert.equal(await isRemembered(), true);
  assert.deepEqual(await newest(), ["e", "d", "c"]);
});

test("many such traces do not hide the newest", async () => {
  await insertSpans(
    opened.store,
    Array.from({ length: 11 }, (_, index) => late(`old ${index + 1}`, 310 + index)),
  );
  assert.equal(await isRemembered(), false);
  assert.deepEqual(await newest(), ["e", "d", "c"]);
});

test("a trace whose beginning comes late moves back to where it belongs", async () => {
  await insertSpans(opened.store, [late("f", 206)]);
  await newest();
  await insertSpans(opened.store, [root("f", 50)]);
  assert.deepEqual(await newest(), ["e", "d", "c"]);
});
