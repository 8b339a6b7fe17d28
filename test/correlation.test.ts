import assert from "node:assert/strict";
import { test } from "node:test";
import { runAgent } from "./harness/agent-process.ts";
import { AgentService } from "./harness/agent-service.ts";
import { latestSpans } from "./harness/latest-spans.ts";
import type { ReceivedSpan } from "./harness/otlp-collector.ts";

/** Takes its time, then passes a request on to another agent, once over fetch and once over http. */
const SERVICE = `
import http from "node:http";
import { setTimeout } from "node:timers/promises";
const [next] = process.argv.slice(2);
const got = (url) => new Promise((resolve, reject) => {
  http.get(url, (response) => response.resume().on("end", resolve)).on("error", reject);
});
const server = http.createServer(async (request, response) => {
  await setTimeout(Math.random() * 50);
  console.log(request.url);
  if (next) await Promise.all([fetch(next + request.url).then((answer) => answer.text()), got(next + request.url)]);
  response.end(request.headers.baggage ?? "");
});
// A connection that idles while a busy machine runs others must not be closed under a request on its way.
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", 2000, () => console.log("http://127.0.0.1:" + server.address().port));
process.on("SIGTERM", () => { server.close(); server.closeAllConnections(); });
`;

/** Makes one request to itself and prints the headers that arrived. */
const SELF = `
import http from "node:http";
const server = http.createServer((request, response) => response.end(JSON.stringify(request.headers)));
server.listen(0, "127.0.0.1", async () => {
  console.log(await (await fetch("http://127.0.0.1:" + server.address().port)).text());
  server.close();
  server.closeAllConnections();
});
`;

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PARENT = "b7ad6b7169203331";

function pathOf(span: ReceivedSpan): string {
  return new URL(String(span.attributes["url.full"] ?? span.attributes["url.path"]), "http://localhost")
    .pathname;
}

test("a thousand requests at once with a thousand ids never mix, across processes", async () => {
  const options = { kind: "esm", source: SERVICE, env: { CLEW_CONSOLE_LOGS: "true" } } as const;
  await using second = await AgentService.start(options);
  await using first = await AgentService.start({ ...options, args: [second.url] });
  const numbers = Array.from({ length: 1000 }, (_, index) => String(index));
  await Promise.all(
    numbers.map(async (number) => {
      const baggage = `session.id=s${number},test.case.id=c${number},secret=x${number}`;
      const answer = await fetch(`${first.url}/${number}`, { headers: { baggage } });
      assert.equal(await answer.text(), baggage);
    }),
  );
  await first.stop();
  await second.stop();
  // On a busy machine a request takes so long that its spans are told while they run.
  const spans = latestSpans([...first.collector.spans, ...second.collector.spans]);
  assert.equal(spans.length, 5000);
  const traces = new Map<string, Set<string>>();
  for (const span of spans) {
    const number = pathOf(span).slice(1);
    assert.equal(span.attributes["session.id"], `s${number}`);
    assert.equal(span.attributes["test.case.id"], `c${number}`);
    assert.equal(span.attributes["test.case.name"], `c${number}`);
    assert.equal(span.attributes.secret, undefined);
    traces.set(number, (traces.get(number) ?? new Set()).add(span.traceId ?? ""));
  }
  assert.equal(traces.size, 1000);
  const logs = [...first.collector.logs, ...second.collector.logs].filter(({ body }) =>
    /^\/\d/.test(String(body)),
  );
  assert.equal(logs.length, 3000);
  for (const { body, attributes } of logs)
    assert.equal(attributes["session.id"], `s${String(body).slice(1)}`);
  assert.equal(new Set([...traces.values()].flatMap((ids) => [...ids])).size, 1000);
});

test("ids of the process are on all its spans and go on from there", async () => {
  const env = {
    CLEW_SESSION_ID: "s 1",
    CLEW_TEST_CASE_ID: "c1",
    CLEW_TEST_CASE_NAME: "Case",
    CLEW_TASK_ID: "",
  };
  const { spans, stdout } = await runAgent({ kind: "esm", source: SELF, env });
  assert.equal(JSON.parse(stdout).baggage, "session.id=s%201,test.case.id=c1,test.case.name=Case");
  assert.equal(spans.length, 2);
  for (const { attributes } of spans) {
    assert.equal(attributes["session.id"], "s 1");
    assert.equal(attributes["test.case.name"], "Case");
    assert.equal(attributes["task.id"], undefined);
  }
});

test("a process continues the trace and the baggage of its environment", async () => {
  const env = {
    TRACEPARENT: `00-${TRACE}-${PARENT}-01`,
    TRACESTATE: "vendor=1",
    BAGGAGE: "session.id=s1,plan=gold",
    CLEW_SESSION_ID: "s0",
    CLEW_TASK_ID: "t0",
  };
  const { spans, stdout } = await runAgent({ kind: "esm", source: SELF, env });
  const headers = JSON.parse(stdout);
  assert.match(headers.traceparent, new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
  assert.equal(headers.tracestate, "vendor=1");
  assert.equal(headers.baggage, "session.id=s1,task.id=t0,plan=gold");
  const client = spans.find(({ kind }) => kind === 3);
  assert.equal(client?.traceId, TRACE);
  assert.equal(client?.parentSpanId, PARENT);
  assert.equal(client?.attributes["session.id"], "s1");
  assert.equal(client?.attributes["task.id"], "t0");
  assert.equal(client?.attributes.plan, undefined);
});

test("a request without a trace starts its own, also in a process that was started in one", async () => {
  const env = { TRACEPARENT: `00-${TRACE}-${PARENT}-01`, BAGGAGE: "session.id=s1" };
  await using service = await AgentService.start({ kind: "esm", source: SERVICE, env });
  await (await fetch(service.url)).text();
  await (await fetch(service.url, { headers: { baggage: "session.id=s2" } })).text();
  await service.stop();
  const { spans } = service.collector;
  assert.equal(new Set([...spans.map(({ traceId }) => traceId), TRACE]).size, 3);
  assert.deepEqual(spans.map(({ attributes }) => attributes["session.id"]).sort(), ["s1", "s2"]);
});

test("headers are ids, and further keys are correlation keys, where the configuration says so", async () => {
  const env = {
    CLEW_HEADER_MAP: "X-Session-Id = session.id, x-case=test.case.id,x-tenant=tenant",
    CLEW_CORRELATION_KEYS: "tenant",
  };
  await using service = await AgentService.start({ kind: "esm", source: SERVICE, env });
  await using next = await AgentService.start({ kind: "esm", source: SERVICE, args: [service.url], env });
  const headers = { "X-SESSION-ID": " s1 ", "x-case": "c1", "x-tenant": "t1", "x-other": "o" };
  const baggage = "session.id=other,test.case.id=c0,test.case.name=Zero,a=1";
  await (await fetch(next.url, { headers: { ...headers, baggage } })).text();
  await next.stop();
  await service.stop();
  const spans = [...service.collector.spans, ...next.collector.spans];
  assert.equal(spans.length, 5);
  for (const { attributes } of spans) {
    assert.equal(attributes["session.id"], "s1");
    assert.equal(attributes["test.case.id"], "c1");
    assert.equal(attributes["test.case.name"], "c1");
    assert.equal(attributes.tenant, "t1");
  }
});

test("an id that the agent set itself stays", async () => {
  const source = `
import { trace } from "@opentelemetry/api";
trace.getTracer("own").startSpan("own", { attributes: { "session.id": "own" } }).end();
`;
  const { spans } = await runAgent({
    kind: "esm",
    source,
    env: { CLEW_SESSION_ID: "s1", CLEW_TASK_ID: "t1" },
  });
  assert.equal(spans[0]?.attributes["session.id"], "own");
  assert.equal(spans[0]?.attributes["task.id"], "t1");
});
