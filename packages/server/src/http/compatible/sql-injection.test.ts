import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CompatibleQueries } from "../../query/compatible/compatible-queries.ts";
import { LiveTraces } from "../../query/live-traces.ts";
import { Queries } from "../../query/queries.ts";
import { ingest } from "../../query/testing/ingest.ts";
import { openTestStore, type TestStore } from "../../query/testing/test-store.ts";
import { type WatchedStore, watched } from "../../query/testing/watched-store.ts";
import { openEmbedded } from "../../store/clickhouse-store.ts";
import { type Served, serveApi } from "../testing/serve-api.ts";
import { KNOWN_TRACES, TRACE } from "./testing/known-traces.ts";

/** Marks every hostile text, so that its way can be followed. */
const MARK = "zqxj";

const HOSTILE = [
  `${MARK}' OR '1'='1`,
  `${MARK}') OR 1=1 --`,
  `${MARK}*/ OR true /*:condition*/`,
  `${MARK}{bound_1:String}`,
  `${MARK}' UNION ALL SELECT * FROM system.settings --`,
];

let opened: TestStore;
let served: Served;
let asked: WatchedStore;

before(async () => {
  opened = await openTestStore(openEmbedded);
  await ingest(opened.store, "traces", KNOWN_TRACES);
  asked = watched(opened.store);
  const { store } = asked;
  const live = new LiveTraces(store);
  served = await serveApi({
    queries: new Queries(store),
    compatible: new CompatibleQueries(store),
    live,
  });
});

after(async () => {
  await served?.close();
  await opened?.close();
});

/** When the known traces are. */
const MICROS = "start=1&end=1790003600000000";
const MILLIS = "endTs=1790003600000&lookback=1790000000000";

/** Paths with a place for a hostile text, and whether it is refused before it reaches the store. */
const PLACES: readonly (readonly [path: string, isRefused?: "refused"])[] = [
  ["/jaeger/api/services/TEXT/operations"],
  ["/jaeger/api/operations?service=TEXT"],
  ["/jaeger/api/operations?service=planner&spanKind=TEXT"],
  [`/jaeger/api/traces?service=TEXT&${MICROS}`],
  [`/jaeger/api/traces?service=planner&operation=TEXT&${MICROS}`],
  [`/jaeger/api/traces?service=planner&tag=TEXT:TEXT&${MICROS}`],
  [`/jaeger/api/traces?service=planner&tag=error:TEXT&${MICROS}`],
  [`/jaeger/api/traces?service=planner&tag=otel.scope.name:TEXT&${MICROS}`],
  [`/jaeger/api/traces?service=planner&tag=span.kind:TEXT&${MICROS}`],
  ["/jaeger/api/traces?service=planner&tags=TEXT", "refused"],
  ["/jaeger/api/traces?service=planner&start=TEXT", "refused"],
  ["/jaeger/api/traces?service=planner&end=TEXT", "refused"],
  ["/jaeger/api/traces?service=planner&limit=TEXT", "refused"],
  ["/jaeger/api/traces?service=planner&lookback=TEXT", "refused"],
  ["/jaeger/api/traces?service=planner&minDuration=TEXT", "refused"],
  ["/jaeger/api/traces?traceID=TEXT", "refused"],
  ["/jaeger/api/traces/TEXT", "refused"],
  ["/jaeger/api/dependencies?service=TEXT"],
  ["/jaeger/api/dependencies?endTs=TEXT", "refused"],
  ["/jaeger/api/v3/operations?service=TEXT"],
  ["/jaeger/api/v3/traces/TEXT", "refused"],
  ["/jaeger/api/v3/traces?query.startTimeMin=TEXT", "refused"],
  ["/zipkin/api/v2/spans?serviceName=TEXT"],
  ["/zipkin/api/v2/remoteServices?serviceName=TEXT"],
  ["/zipkin/api/v2/autocompleteValues?key=TEXT"],
  [`/zipkin/api/v2/traces?serviceName=TEXT&${MILLIS}`],
  [`/zipkin/api/v2/traces?spanName=TEXT&${MILLIS}`],
  [`/zipkin/api/v2/traces?remoteServiceName=TEXT&${MILLIS}`],
  [`/zipkin/api/v2/traces?annotationQuery=TEXT&${MILLIS}`],
  [`/zipkin/api/v2/traces?annotationQuery=key=TEXT&${MILLIS}`],
  ["/zipkin/api/v2/traces?endTs=TEXT", "refused"],
  ["/zipkin/api/v2/traces?limit=TEXT", "refused"],
  ["/zipkin/api/v2/trace/TEXT", "refused"],
  ["/zipkin/api/v2/traceMany?traceIds=TEXT,TEXT", "refused"],
  ["/zipkin/api/v2/dependencies?endTs=TEXT", "refused"],
  ["/tempo/api/traces/TEXT", "refused"],
  ["/tempo/api/v2/traces/TEXT", "refused"],
  ["/tempo/api/search?q=TEXT", "refused"],
  ["/tempo/api/search?limit=TEXT", "refused"],
  ["/tempo/api/search?minDuration=TEXT", "refused"],
  ["/tempo/api/search?start=TEXT", "refused"],
  ["/tempo/api/search/tags?scope=TEXT", "refused"],
  ["/tempo/api/v2/search/tags?limit=TEXT", "refused"],
  ["/tempo/api/search/tag/TEXT/values"],
  ["/tempo/api/v2/search/tag/name/values?q=TEXT"],
  ["/tempo/api/v2/search/tag/TEXT/values", "refused"],
  ["/tempo/api/metrics/query_range?q=TEXT", "refused"],
  ["/tempo/api/metrics/query_range?q={}|rate()&step=TEXT", "refused"],
  ["/tempo/api/metrics/query_range?q={}|rate()&exemplars=TEXT", "refused"],
  ["/tempo/api/metrics/query?q={}|rate()&start=TEXT", "refused"],
  ["/tempo/api/metrics/query?q={}|rate()&since=TEXT", "refused"],
];

test("no hostile text becomes part of a statement, finds anything or is a fault of the server", async () => {
  for (const [path, isRefused] of PLACES) {
    for (const text of HOSTILE) {
      const answer = await fetch(served.url + path.replaceAll("TEXT", encodeURIComponent(text)));
      const body = await answer.text();
      assert.equal(answer.status, isRefused ? 400 : 200, `${path} with ${text}: ${body}`);
      assert.ok(isRefused || path.includes("name/values") || !body.includes(TRACE), `${path} with ${text}`);
    }
  }
  for (const text of HOSTILE) {
    for (const path of [
      `/jaeger/api/traces?service=planner&${MICROS}&tags=${encodeURIComponent(JSON.stringify({ [text]: text }))}`,
      `/tempo/api/search?tags=${encodeURIComponent(`k=${JSON.stringify(text)}`)}`,
      `/tempo/api/search?q=${encodeURIComponent(`{ .${JSON.stringify(text)} = ${JSON.stringify(text)} }`)}`,
      `/tempo/api/metrics/query?q=${encodeURIComponent(`{ .${JSON.stringify(text)} = 1 } | rate() by (.${JSON.stringify(text)})`)}`,
      `/tempo/api/v2/search/tag/${encodeURIComponent(`span.${JSON.stringify(text)}`)}/values`,
      `/tempo/api/v2/search/tag/name/values?q=${encodeURIComponent(`{ resource.${JSON.stringify(text)} = "a" }`)}`,
    ]) {
      const answer = await fetch(served.url + path);
      assert.equal(answer.status, 200, `${path}: ${await answer.text()}`);
    }
  }
  assert.ok(asked.statements.length > 200, String(asked.statements.length));
  for (const sql of asked.statements) assert.ok(!sql.includes(MARK), sql);
  assert.deepEqual(served.logged, []);
});
