import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openEmbedded } from "../../store/clickhouse-store.ts";
import { insertSpans, type SpanSeed, spanIdOf, traceIdOf } from "../testing/insert-spans.ts";
import { openTestStore, type TestStore } from "../testing/test-store.ts";
import type { TraceCursor } from "../trace-cursor.ts";
import { type SearchPage, type SearchRequest, searchTraces } from "./search-traces.ts";

const SECOND = 1_000_000_000n;
const T0 = 1_790_000_000n * SECOND;

let opened: TestStore;

/** A trace of two spans an hour apart; the later one has the name that is searched for. */
function twoSpans(at: number): SpanSeed[] {
  const trace_id = traceIdOf(`trace ${at}`);
  const start_ns = T0 + BigInt(at) * 60n * SECOND;
  const root = { trace_id, span_id: spanIdOf(`root ${at}`), start_ns, name: "root" };
  const late = {
    trace_id,
    span_id: spanIdOf(`late ${at}`),
    start_ns: start_ns + 3600n * SECOND,
    name: "late",
  };
  return [root, { ...late, parent_span_id: root.span_id, duration_ns: BigInt(at) }];
}

const idsOf = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => traceIdOf(`trace ${to - 1 - at}`));

before(async () => {
  opened = await openTestStore(openEmbedded);
  await insertSpans(opened.store, Array.from({ length: 100 }, (_, at) => twoSpans(at)).flat());
});

after(() => opened?.close());

function search(query: string, more: Partial<SearchRequest> = {}): Promise<SearchPage> {
  return searchTraces(opened.store, { query, limit: 30, spansShown: 3, ...more });
}

async function allPages(
  query: string,
  more: Partial<SearchRequest>,
  between: (page: number) => Promise<void>,
) {
  const found: string[] = [];
  let next: TraceCursor | undefined;
  for (let page = 0; ; page++) {
    const answer: SearchPage = await search(query, { ...more, ...(next && { after: next }) });
    found.push(...answer.matches.map(({ traceId }) => traceId));
    ({ next } = answer);
    if (next === undefined) return found;
    await between(page);
  }
}

test("pages follow one another while newer traces and later spans arrive", async () => {
  for (const query of ['{ name = "late" }', '{ name = "root" } > { name = "late" }', "{ } | count() > 1"]) {
    let newest = 100;
    const found = await allPages(query, {}, async () => {
      const [, late] = twoSpans(newest % 50);
      await insertSpans(opened.store, [
        ...twoSpans(1000 + newest++),
        { ...late!, span_id: spanIdOf(`again ${newest} ${query}`), name: "again" },
      ]);
    });
    assert.deepEqual(found.slice(-100), idsOf(0, 100), query);
    assert.equal(new Set(found).size, found.length, query);
  }
});

test("a trace belongs to when it begins, and is judged by spans beyond the time asked for", async () => {
  const fromNs = T0 + 10n * 60n * SECOND;
  const toNs = T0 + 20n * 60n * SECOND;
  const { matches, next } = await search('{ name = "late" }', { fromNs, toNs, limit: 50 });
  assert.deepEqual(
    matches.map(({ traceId }) => traceId),
    idsOf(10, 20),
  );
  assert.equal(next, undefined);
  const none = await search('{ name = "root" } !> { name = "late" }', { fromNs, toNs, limit: 50 });
  assert.deepEqual(none.matches, []);
});

test("what a budget does not suffice for is told, and the cursor goes on until all is found", async () => {
  const toNs = T0 + 1000n * 60n * SECOND;
  for (const budget of ["timeoutMs", "maxBytes"] as const) {
    const found: string[] = [];
    let next: TraceCursor | undefined;
    let parts = 0;
    for (let amount = 1; ; amount *= 4) {
      const asked = { [budget]: amount, toNs, limit: 1000, ...(next && { after: next }) };
      const answer: SearchPage = await search(
        '{ name = "late" && duration > 1ns } || { span.x = "y" }',
        asked,
      );
      found.push(...answer.matches.map(({ traceId }) => traceId));
      if (answer.partial === undefined) break;
      assert.equal(answer.partial, budget === "timeoutMs" ? "time" : "size");
      assert.ok(answer.next);
      next = answer.next;
      parts += 1;
    }
    assert.ok(parts > 0, "a budget of one suffices");
    assert.deepEqual(found, idsOf(2, 100));
  }
});

test("a caller who leaves gets no part of an answer", async () => {
  await assert.rejects(search("{ }", { signal: AbortSignal.abort() }), { code: "query_cancelled" });
});

test("what is told of a span while it runs counts until the span has ended", async () => {
  const trace_id = traceIdOf("running");
  const start_ns = T0 + 5000n * 60n * SECOND;
  const span = { trace_id, span_id: spanIdOf("running"), start_ns, name: "running" };
  const counted = async (query: string) => {
    const { matches } = await search(query);
    return matches.flatMap(({ spansets }) => spansets.map(({ count }) => count));
  };
  await insertSpans(opened.store, [{ ...span, duration_ns: -start_ns, is_running: 1 }]);
  assert.deepEqual(await counted('{ agent:running && duration = 0s && name = "running" }'), [1]);
  await insertSpans(opened.store, [{ ...span, duration_ns: 5n }]);
  assert.deepEqual(await counted("{ agent:running }"), []);
  assert.deepEqual(await counted('{ name = "running" }'), [1]);
});
