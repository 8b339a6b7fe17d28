import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { INVALID_LOG_FILTERS } from "@clew/protocol/log-query/testing/invalid-log-filters";
import { LiveTraces } from "../query/live-traces.ts";
import { logAt, logsDataOf } from "../query/logs/testing/plain-log.ts";
import { Queries } from "../query/queries.ts";
import { ingest } from "../query/testing/ingest.ts";
import { insertSpans, spanIdOf, traceIdOf } from "../query/testing/insert-spans.ts";
import { openTestStore, type TestStore } from "../query/testing/test-store.ts";
import { type WatchedStore, watched } from "../query/testing/watched-store.ts";
import { openEmbedded } from "../store/clickhouse-store.ts";
import { refusal, type Served, serveApi } from "./testing/serve-api.ts";

const SECOND = 1_000_000_000n;
const T0 = 1_790_000_040n * SECOND;
const TRACE = traceIdOf("a");
const SPAN = spanIdOf("a");

let opened: TestStore;
let served: Served;
let asked: WatchedStore;

before(async () => {
  opened = await openTestStore(openEmbedded);
  await insertSpans(opened.store, [
    { trace_id: TRACE, span_id: SPAN, start_ns: T0, duration_ns: SECOND, session_id: "s" },
  ]);
  await ingest(
    opened.store,
    "logs",
    logsDataOf([
      logAt(T0, {
        traceId: TRACE,
        spanId: SPAN,
        severityNumber: 17,
        severityText: "ERROR",
        eventName: "tool.failed",
        body: { stringValue: "no answer" },
        attributes: { "retry.count": 4n, "task.id": "t-9" },
        resource: { "service.name": "tools" },
        scope: { name: "log4js", version: "1", attributes: {} },
      }),
      ...Array.from({ length: 5 }, (_, at) =>
        logAt(T0 + BigInt(60 + at) * SECOND, { severityNumber: 9, body: { stringValue: `tick ${at}` } }),
      ),
    ]),
  );
  asked = watched(opened.store);
  served = await serveApi({ queries: new Queries(asked.store), live: new LiveTraces(asked.store) });
});

after(async () => {
  await served?.close();
  await opened?.close();
});

test("a record is told with everything a list shows", async () => {
  const { items, next, tookMs } = await served.client.logs({
    q: "{ severity >= error && .retry.count > 3 }",
  });
  assert.equal(items.length, 1);
  const [{ id, ...item }] = items as [(typeof items)[0]];
  assert.deepEqual(item, {
    timeNanos: String(T0),
    timeMs: Number(T0 / 1_000_000n),
    severityNumber: 17,
    severityText: "ERROR",
    body: "no answer",
    service: "tools",
    scope: "log4js",
    traceId: TRACE,
    spanId: SPAN,
    eventName: "tool.failed",
    attributes: [
      { key: "retry.count", value: { intValue: "4" } },
      { key: "task.id", value: { stringValue: "t-9" } },
    ],
    droppedAttributesCount: 0,
    session: { id: "s", inherited: true },
    task: { id: "t-9", inherited: false },
  });
  assert.equal(next, undefined);
  assert.equal(typeof tookMs, "number");
  assert.equal((await served.client.logs({ id })).items[0]?.body, "no answer");
});

test("a cursor leads through all pages", async () => {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await served.client.logs({ limit: 2, ...(cursor && { cursor }) });
    found.push(...page.items.map(({ body }) => body));
    cursor = page.next;
  } while (cursor !== undefined);
  assert.deepEqual(found, ["tick 4", "tick 3", "tick 2", "tick 1", "tick 0", "no answer"]);
});

test("the records around a span say how they belong to it", async () => {
  const list = await served.client.logs({ around: SPAN, trace: TRACE, after: "62s" });
  assert.deepEqual(list.around, {
    traceId: TRACE,
    spanId: SPAN,
    service: "service",
    instance: [],
    fromNanos: String(T0 - 5n * SECOND),
    toNanos: String(T0 + 63n * SECOND + 1n),
  });
  assert.deepEqual(
    list.items.map(({ relation }) => relation),
    ["instance", "instance", "instance", "instance", "span"],
  );
});

test("records are counted over time with the conditions of the list", async () => {
  const from = String(T0);
  const { timesMs, stepMs, counts } = await served.client.logHistogram({
    from,
    to: String(T0 + 120n * SECOND),
  });
  assert.deepEqual([timesMs[0], timesMs.length, stepMs], [Number(T0 / 1_000_000n), 60, 2000]);
  const sums = counts.map(({ severity, counts: each }) => [
    severity,
    each.reduce((sum, one) => sum + one, 0),
  ]);
  assert.deepEqual(sums, [
    ["info", 5],
    ["error", 1],
  ]);
  const one = await served.client.logHistogram({
    from,
    q: "{ severity >= error }",
    text: "answer",
    trace: TRACE,
  });
  assert.deepEqual(
    one.counts.map(({ severity }) => severity),
    ["error"],
  );
  const error = await refusal(served.client.logHistogram({ from, to: from }));
  assert.match(error.message, /^from is not before to/);
});

test("what cannot be asked is refused by the parameter at fault", async () => {
  const refusals: readonly (readonly [Parameters<typeof served.client.logs>[0], RegExp])[] = [
    [{ around: SPAN }, /^trace is missing/],
    [{ before: "5s" }, /^before goes with around/],
    [{ after: "5s" }, /^after goes with around/],
    [{ span: "xyz" }, /^span is "xyz", which is no span id/],
    [{ around: "xyz", trace: TRACE }, /^around is "xyz", which is no span id/],
    [{ id: "xyz" }, /^id is not one/],
    [{ cursor: "xyz" }, /^cursor is not one/],
    [{ limit: 1001 }, /^limit is "1001"/],
    [{ from: "yesterday" }, /^from is "yesterday"/],
    [
      { text: "a b c ".repeat(3).concat(...Array.from({ length: 40 }, (_, at) => `w${at} `)) },
      /^text has 43 words/,
    ],
    [{ trace: "zz" }, /is no trace id/],
  ];
  for (const [request, message] of refusals) {
    const error = await refusal(served.client.logs(request));
    assert.match(error.message, message);
    assert.equal(error.status, 400);
  }
});

test("a malformed filter is answered with the place of its fault, and never with a stack", async () => {
  assert.ok(INVALID_LOG_FILTERS.length >= 20);
  for (const [q, at] of INVALID_LOG_FILTERS) {
    const error = await refusal(served.client.logs({ q }));
    assert.equal(error.code, "invalid_query", q);
    assert.equal(error.status, 400);
    const { offset, length } = error.position!;
    assert.equal(q.slice(offset, offset + length), at);
    assert.doesNotMatch(error.message, /\n|\bat .*\.ts/);
  }
  assert.deepEqual(served.logged, []);
});

const MARK = "zqxj";
const HOSTILE = [
  `${MARK}' OR '1'='1`,
  `${MARK}') OR 1=1 --`,
  `${MARK}\\' OR 1=1 #`,
  `${MARK}"; DROP TABLE logs; --`,
  `${MARK}*/ OR true /*:rows*/`,
  `${MARK}{bound_1:String}`,
  `${MARK}\u0000'\t\n\r\\N`,
  `${MARK}%' LIKE '%_[a-z]`,
  `['${MARK}'] OR has(['${MARK}'],'${MARK}')`,
];
const PARAMETERS = [
  "text",
  "service",
  "session",
  "conversation",
  "task",
  "testCase",
  "testRun",
  "user",
] as const;
const CHECKED = [
  "trace",
  "span",
  "around",
  "id",
  "cursor",
  "from",
  "to",
  "before",
  "after",
  "limit",
] as const;
/** Filters with a hostile text at every place a text can stand. */
const PLACES: readonly ((quoted: string) => string)[] = [
  (quoted) => `{ body = ${quoted} }`,
  (quoted) => `{ log:traceId = ${quoted} || agent:session = ${quoted} }`,
  (quoted) => `{ log.${quoted} = 1 || log.a = ${quoted} }`,
  (quoted) => `{ .${quoted} != nil }`,
  (quoted) => `{ resource.${quoted} = ${quoted} }`,
  (quoted) => `{ instrumentation.${quoted} = nil && instrumentation:name = ${quoted} }`,
  () => `{ resource.service.name =~ "${MARK}'.*" || .a !~ "${MARK}\\\\'" }`,
];

test("hostile texts are bound as values, find nothing and break nothing", async () => {
  asked.statements.length = 0;
  asked.bound.length = 0;
  for (const text of HOSTILE) {
    for (const parameter of PARAMETERS) {
      const { items } = await served.client.logs({ [parameter]: text });
      assert.deepEqual(items, [], `${parameter}=${text}`);
      const { counts } = await served.client.logHistogram({ from: "0", [parameter]: text });
      assert.deepEqual(counts, [], `${parameter}=${text}`);
    }
    for (const parameter of CHECKED) {
      const error = await refusal(served.client.logs({ trace: TRACE, [parameter]: text }));
      assert.equal(error.status, 400, `${parameter}=${text}`);
    }
  }
  for (const text of HOSTILE) {
    const quoted = `"${text.replace(/\p{Cc}/gu, "").replace(/["\\]/g, "\\$&")}"`;
    for (const place of PLACES) {
      await served.client.logs({ q: place(quoted) });
      await served.client.logHistogram({ from: "0", q: place(quoted) });
    }
  }
  assert.deepEqual(served.logged, []);
  for (const sql of asked.statements) assert.ok(!sql.includes(MARK), sql);
  assert.ok(asked.bound.some((value) => String(value).includes(MARK)));
  assert.equal((await served.client.logs()).items.length, 6);
});
