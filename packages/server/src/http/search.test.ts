import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LiveTraces } from "../query/live-traces.ts";
import { Queries } from "../query/queries.ts";
import { insertSpans, spanIdOf, traceIdOf } from "../query/testing/insert-spans.ts";
import { openTestStore, type TestStore } from "../query/testing/test-store.ts";
import { openEmbedded } from "../store/clickhouse-store.ts";
import { raw, refusal, type Served, serveApi } from "./testing/serve-api.ts";

let opened: TestStore;
let served: Served;

before(async () => {
  opened = await openTestStore(openEmbedded);
  const span = {
    trace_id: traceIdOf("a"),
    start_ns: 1_790_000_000_000_000_000n,
    service_name: "shop",
    duration_ns: 9n,
  };
  await insertSpans(opened.store, [
    { ...span, span_id: spanIdOf("a"), name: "a" },
    ...["b", "c", "d", "e"].map((name) => ({
      ...span,
      span_id: spanIdOf(name),
      parent_span_id: spanIdOf("a"),
      name,
      kind: 3,
    })),
  ]);
  served = await serveApi({ queries: new Queries(opened.store), live: new LiveTraces(opened.store) });
});

after(async () => {
  await served?.close();
  await opened?.close();
});

test("an item is the line of a list with its matching spans", async () => {
  const { items, next, partial } = await served.client.search({
    q: "{ } | by(kind) | select(duration, .none)",
    spss: 1,
  });
  assert.deepEqual([items.length, next, partial], [1, undefined, undefined]);
  const [item] = items;
  const [line] = (await served.client.traces()).items;
  const { spanSets, spanSetCount, ...rest } = item!;
  assert.deepEqual(rest, line);
  assert.equal(spanSetCount, 2);
  const kinds = spanSets.map(({ attributes, matched, spans }) => [attributes, matched, spans.length]);
  assert.deepEqual(kinds, [
    [[{ key: "by(kind)", value: { stringValue: "internal" } }], 1, 1],
    [[{ key: "by(kind)", value: { stringValue: "client" } }], 4, 1],
  ]);
  assert.deepEqual(spanSets[0]!.spans[0], {
    spanId: spanIdOf("a"),
    name: "a",
    service: "shop",
    startNanos: "1790000000000000000",
    startMs: 1_790_000_000_000,
    durMs: 0.000009,
    attributes: [{ key: "span:duration", value: { stringValue: "9ns" } }],
  });
});

test("three matching spans are told unless asked otherwise, and how many there are", async () => {
  for (const [spss, told] of [
    [undefined, 3],
    [0, 0],
    [100, 5],
  ] as const) {
    const { items } = await served.client.search({ q: "{ }", ...(spss !== undefined && { spss }) });
    const [spanSet] = items[0]!.spanSets;
    assert.deepEqual([spanSet!.matched, spanSet!.spans.length], [5, told]);
  }
});

test("a query that is none is refused with the position of the fault and what to write", async () => {
  const error = await refusal(served.client.search({ q: "{ status = eror }" }));
  assert.deepEqual(
    [error.status, error.code, error.position, error.hint],
    [400, "invalid_query", { offset: 11, length: 4 }, "Did you mean error?"],
  );
  for (const q of ["", "{", "{ } | rate()", "{ name =~ `\\pL{1000}` }"]) {
    assert.equal((await refusal(served.client.search({ q }))).code, "invalid_query", q);
  }
  const { status, body } = await raw(`${served.url}/api/v1/search`);
  assert.equal(status, 400);
  assert.equal(JSON.parse(String(body)).error.code, "invalid_parameter");
});

test("a query of 64 KiB is answered", async () => {
  const q = `{ ${Array.from({ length: 900 }, (_, at) => `name = "${"x".repeat(55)}${at}"`).join(" || ")} || kind = client }`;
  assert.ok(q.length > 60_000, String(q.length));
  assert.equal((await served.client.search({ q })).items[0]!.spanSets[0]!.matched, 4);
});
