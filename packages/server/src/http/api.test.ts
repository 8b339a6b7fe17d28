import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { readServerSentEvents } from "@clew/protocol/api/sse";
import { LiveTraces } from "../query/live-traces.ts";
import { Queries } from "../query/queries.ts";
import { insertSpans, spanIdOf, traceIdOf } from "../query/testing/insert-spans.ts";
import { openTestStore, type TestStore } from "../query/testing/test-store.ts";
import { openEmbedded } from "../store/clickhouse-store.ts";
import type { ApiOptions } from "./api-options.ts";
import { raw, refusal, type Served, serveApi } from "./testing/serve-api.ts";

const T0 = 1_790_000_000_000_000_000n;

let opened: TestStore;
let live: LiveTraces;
let served: Served;
const running: Served[] = [];

async function serve(options: Partial<ApiOptions> = {}): Promise<Served> {
  const started = await serveApi({ queries: new Queries(opened.store), live, ...options });
  running.push(started);
  return started;
}

before(async () => {
  opened = await openTestStore(openEmbedded);
  live = new LiveTraces(opened.store);
  served = await serve();
  await insertSpans(opened.store, [
    {
      trace_id: traceIdOf("a"),
      span_id: spanIdOf("a"),
      start_ns: T0,
      name: "plan",
      service_name: "planner",
      session_id: "s/1 ü",
      attributes: { "order.id": "7&x=1" },
    },
    {
      trace_id: traceIdOf("b"),
      span_id: spanIdOf("b"),
      start_ns: T0 + 60_000_000_000n,
      name: "search",
      task_id: "t",
    },
  ]);
});

after(async () => {
  for (const one of running) await one.close();
  await opened?.close();
});

test("the client finds traces, one trace, a span, sessions and tasks", async () => {
  const { client } = served;
  const list = await client.traces({ limit: 1 });
  assert.deepEqual(
    list.items.map((item) => item.rootName),
    ["search"],
  );
  const next = await client.traces({ limit: 1, ...(list.nextCursor && { cursor: list.nextCursor }) });
  assert.equal(next.items[0]?.rootName, "plan");
  assert.equal(next.nextCursor, undefined);
  const filtered = await client.traces({
    session: "s/1 ü",
    attributes: { "order.id": "7&x=1" },
    from: 0,
    minDuration: "1ms",
  });
  assert.equal(filtered.items.length, 1);
  assert.equal((await client.trace("last")).traceId, traceIdOf("b"));
  assert.equal((await client.span(traceIdOf("a"), spanIdOf("a"))).spans[0]?.name, "plan");
  assert.equal((await client.sessions({ id: "S/1" })).items[0]?.id, "s/1 ü");
  assert.equal((await client.session("s/1 ü")).traces.length, 1);
  assert.equal((await client.tasks()).items[0]?.traceCount, 1);
  assert.equal((await client.task("t")).id, "t");
});

test("setup and status tell what is received and stored", async () => {
  assert.deepEqual(await served.client.setup(), {
    version: "1.2.3",
    otlp: { http: "http://127.0.0.1:4318", auth: false },
    hasData: true,
  });
  const status = await served.client.status();
  assert.equal(status.stored?.spans, 2);
  assert.equal(status.store.state, "ready");
  assert.equal(status.ingest.sinceMs, 1);
  assert.equal(await served.client.ready(), true);
});

test("errors have a code, a message and a hint", async () => {
  const missing = await refusal(served.client.trace("f".repeat(32)));
  assert.equal(missing.status, 404);
  assert.equal(missing.code, "trace_not_found");
  assert.ok(missing.hint);
  assert.match(missing.requestId ?? "", /^[0-9a-f]{12}$/);
  assert.equal((await refusal(served.client.trace("zz"))).code, "invalid_trace_id");
  assert.equal((await refusal(served.client.span(traceIdOf("a"), "0".repeat(16)))).code, "span_not_found");
  assert.equal((await refusal(served.client.session("none"))).code, "session_not_found");
  assert.equal((await refusal(served.client.traces({ cursor: "x" }))).code, "invalid_cursor");
  assert.equal((await refusal(served.client.export("traces", { traces: ["ffff"] }))).code, "trace_not_found");
  const nowhere = JSON.parse((await raw(`${served.url}/api/v1/nowhere`)).body.toString());
  assert.equal(nowhere.error.code, "not_found");
  assert.equal(
    JSON.parse((await raw(`${served.url}/api/v1/traces`, {}, "POST")).body.toString()).error.code,
    "not_found",
  );
});

test("a wrong parameter is named with its value and with what is allowed", async () => {
  const cases: [string, RegExp][] = [
    ["/traces?limit=0", /^limit is "0", which is not allowed; it must be a whole number from 1 to 1000$/],
    ["/traces?limit=1&limit=2", /^limit is "1", "2", .* and may be given once$/],
    ["/traces?from=yesterday", /^from is "yesterday", .* it must be a time such as now-15m/],
    ["/traces?minDuration=long", /^minDuration is "long", .* it must be a length of time such as 250ms/],
    ["/traces?status=bad", /^status is "bad", .* it must be ok or error$/],
    ["/traces?session=", /^session is "", .* it must be a text of 1 to/],
    ["/traces?servcie=x", /^servcie is not known here; known are service, agent/],
    ["/traces?__proto__=x", /^__proto__ is not known here/],
    ["/traces?attr.=x", /^attr\. must go on with the attribute's key$/],
    ["/traces/stream?limit=1", /^limit is not known here/],
    ["/sessions?cursor=%00", /^cursor is not one that this list handed out/],
    ["/export/traces?format=xml", /^format is "xml", .* it must be json or protobuf or jsonl$/],
    ["/export/metrics?trace=last", /^trace is not known here; known are from, to, format$/],
  ];
  for (const [path, message] of cases) {
    const { status, body } = await raw(`${served.url}/api/v1${path}`);
    assert.equal(status, 400, path);
    assert.match(JSON.parse(body.toString()).error.message, message);
  }
});

test("a fault is logged once under the request id and tells nothing else", async () => {
  const broken = new Queries(
    new Proxy(opened.store, {
      get: () => () => Promise.reject(new Error("SELECT secret")),
    }),
  );
  const faulty = await serve({ queries: broken });
  const error = await refusal(faulty.client.traces());
  assert.equal(error.status, 500);
  assert.equal(error.code, "internal_error");
  assert.doesNotMatch(error.message, /secret/);
  assert.equal(faulty.logged.length, 1);
  assert.equal((faulty.logged[0] as { requestId: string }).requestId, error.requestId);
});

test("big answers are compressed and tagged", async () => {
  const url = `${served.url}/api/v1/traces/${traceIdOf("a")}`;
  const plain = await raw(url);
  assert.equal(plain.headers["content-encoding"], undefined);
  const wide = Array.from({ length: 60 }, (_, index) => ({
    trace_id: traceIdOf("wide"),
    span_id: spanIdOf(`wide ${index}`),
    start_ns: T0 - 1n,
  }));
  await insertSpans(opened.store, wide);
  const big = `${served.url}/api/v1/traces/${traceIdOf("wide")}`;
  const packed = await raw(big, { "accept-encoding": "br, gzip" });
  assert.equal(packed.headers["content-encoding"], "gzip");
  assert.equal(JSON.parse(gunzipSync(packed.body).toString()).n, 60);
  assert.equal(
    (await raw(big, { "accept-encoding": "gzip;q=0, identity" })).headers["content-encoding"],
    undefined,
  );
  const tag = String(plain.headers.etag);
  const again = await raw(url, { "if-none-match": `"other", W/${tag}` });
  assert.equal(again.status, 304);
  assert.equal(again.body.length, 0);
});

test("an export is one document, whatever its size, and can be compressed", async () => {
  const url = `${served.url}/api/v1/export/traces?trace=${traceIdOf("a")}`;
  const plain = await raw(url);
  assert.equal(plain.headers["content-type"], "application/json");
  assert.equal(plain.headers["content-disposition"], 'attachment; filename="traces.json"');
  const packed = await raw(url, { "accept-encoding": "gzip" });
  assert.equal(packed.headers["content-encoding"], "gzip");
  assert.deepEqual(gunzipSync(packed.body), plain.body);
  const lines = await new Response(await served.client.export("traces", { format: "jsonl" })).text();
  assert.equal(lines.trim().split("\n").length, 1);
  assert.equal(JSON.parse(lines).resourceSpans.length, 1);
  assert.equal(await new Response(await served.client.export("logs")).text(), '{"resourceLogs":[]}\n');
});

test("ingest events are told from the beginning, then live, and the listener goes with the client", async () => {
  const watched = await serve();
  watched.feed.add("first");
  const leave = new AbortController();
  const events = watched.client.ingestEvents({ signal: leave.signal });
  assert.equal((await events.next()).value?.hint, "first");
  const second = events.next();
  watched.feed.add("second");
  assert.equal((await second).value?.hint, "second");
  assert.equal(watched.feed.listeners, 1);
  const answer = await fetch(`${watched.url}/api/v1/ingest/events`, { headers: { "last-event-id": "1" } });
  assert.ok(answer.body);
  for await (const message of readServerSentEvents(answer.body)) {
    assert.equal(message.id, "2");
    break;
  }
  leave.abort();
  while (watched.feed.listeners > 0) await new Promise((resolve) => setTimeout(resolve, 5));
});

test("changed traces are told as they change", async () => {
  const leave = new AbortController();
  const updates = served.client.traceUpdates({ service: "watched" }, { signal: leave.signal });
  const update = updates.next();
  const seen = (async () => {
    for (;;) {
      await insertSpans(opened.store, [
        {
          trace_id: traceIdOf("live"),
          span_id: spanIdOf("live"),
          start_ns: T0,
          name: "live",
          service_name: "watched",
        },
      ]);
      live.changed(Buffer.from(traceIdOf("live"), "hex"));
      if (
        await Promise.race([
          update.then(() => true),
          new Promise((resolve) => setTimeout(resolve, 200, false)),
        ])
      )
        return;
    }
  })();
  assert.equal((await update).value?.items[0]?.rootName, "live");
  await seen;
  leave.abort();
  await assert.rejects(updates.next());
});

test("a query ends when its client leaves, and when it takes too long", async () => {
  let ended = Promise.withResolvers<void>();
  let begun = Promise.withResolvers<void>();
  const endless = new Proxy(opened.store, {
    get: () => (_: string, options: { signal: AbortSignal }) =>
      new Promise((_, reject) => {
        begun.resolve();
        options.signal.addEventListener("abort", () => {
          ended.resolve();
          reject(new Error("cancelled"));
        });
      }),
  });
  const patient = await serve({ queries: new Queries(endless) });
  const leave = new AbortController();
  const answer = patient.client.traces({}, { signal: leave.signal });
  await begun.promise;
  leave.abort();
  await assert.rejects(answer, { name: "AbortError" });
  await ended.promise;
  assert.deepEqual(patient.logged, []);

  ended = Promise.withResolvers<void>();
  begun = Promise.withResolvers<void>();
  const hasty = await serve({ queries: new Queries(endless), requestTimeoutMs: 30 });
  const error = await refusal(hasty.client.traces());
  assert.equal(error.status, 408);
  assert.equal(error.code, "request_timeout");
  await ended.promise;
});

test("closing ends streams and tells those who wait", async () => {
  const ending = await serve();
  const updates = ending.client.traceUpdates();
  const next = updates.next();
  ending.api.close();
  assert.equal((await next).done, true);
});

test("a server that is not ready says so, and is alive", async () => {
  const starting = await serve({ isReady: () => false });
  assert.equal((await raw(`${starting.url}/readyz`)).status, 503);
  assert.equal((await raw(`${starting.url}/healthz`)).status, 200);
  assert.equal(await starting.client.ready(), false);
});
