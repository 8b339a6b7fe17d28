import assert from "node:assert/strict";
import type http from "node:http";
import { test } from "node:test";
import { isSampled } from "../context/sampling.ts";
import { ask, attribute, configOf, SERVER, startGateway, startUpstream } from "./testing/test-gateway.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PARENT = "b7ad6b7169203331";
const VALID = `00-${TRACE}-${PARENT}-01`;

type Headers = readonly (readonly [name: string, value: string])[];

/** Sends headers through a gateway, and says what the upstream got and which spans there were. */
async function through(headers: Headers, section: Readonly<Record<string, unknown>> = {}) {
  let got: http.IncomingHttpHeaders = {};
  const url = await startUpstream((request, response) => {
    got = request.headers;
    response.end();
  });
  const gateway = await startGateway({ upstreams: { next: { kind: "service", url } }, ...section });
  const answer = await ask(`${gateway.url}/next/x`, { headers: ["host", "localhost", ...headers.flat()] });
  await gateway.over(1);
  const [, traceId = "", spanId = "", flags = ""] =
    /^00-(\w{32})-(\w{16})-(\w\w)$/.exec(String(got.traceparent)) ?? [];
  return { got, traceId, spanId, flags, spans: gateway.spans, shown: answer.headers["x-trace-id"] };
}

test("a valid context is continued, below a span of the gateway's own", async () => {
  const { traceId, spanId, flags, spans, shown } = await through([["traceparent", VALID]]);
  assert.deepEqual([traceId, flags, shown], [TRACE, "01", TRACE]);
  const server = spans.find(({ kind }) => kind === SERVER);
  assert.equal(server?.parentSpanId, PARENT);
  assert.equal(spans.find((span) => span.spanId === spanId)?.parentSpanId, server?.spanId);
});

const INVALID: readonly (readonly [why: string, headers: Headers])[] = [
  ["all zero trace id", [["traceparent", `00-${"0".repeat(32)}-${PARENT}-01`]]],
  ["all zero parent id", [["traceparent", `00-${TRACE}-${"0".repeat(16)}-01`]]],
  ["upper case", [["traceparent", `00-${TRACE.toUpperCase()}-${PARENT}-01`]]],
  ["version ff", [["traceparent", `ff-${TRACE}-${PARENT}-01`]]],
  ["more than version 00 has", [["traceparent", `${VALID}-00`]]],
  ["too short", [["traceparent", `00-${TRACE.slice(1)}-${PARENT}-01`]]],
  [
    "twice",
    [
      ["traceparent", VALID],
      ["traceparent", VALID],
    ],
  ],
  ["empty", [["traceparent", ""]]],
  ["no traceparent beside a tracestate", [["tracestate", "a=1"]]],
];

for (const [why, headers] of INVALID) {
  test(`what is not valid is replaced, with its tracestate: ${why}`, async () => {
    const { got, traceId, spans, shown } = await through([...headers, ["tracestate", "b=2"]]);
    assert.match(traceId, /^\w{32}$/);
    assert.notEqual(traceId, TRACE);
    assert.equal(got.tracestate, undefined);
    assert.equal(shown, traceId);
    assert.equal(spans.find(({ kind }) => kind === SERVER)?.parentSpanId, undefined);
  });
}

test("of a version to come the known fields count, and 00 is sent", async () => {
  const { traceId, got } = await through([["traceparent", `cc-${TRACE}-${PARENT}-01-what-comes`]]);
  assert.equal(traceId, TRACE);
  assert.match(String(got.traceparent), /^00-/);
});

test("tracestate is kept, in one header, and dropped as a whole when malformed", async () => {
  const kept = await through([
    ["traceparent", VALID],
    ["tracestate", "a=1,b=2"],
    ["tracestate", "c=3"],
  ]);
  assert.equal(kept.got.tracestate, "a=1,b=2,c=3");
  assert.equal(kept.spans[0]?.traceState, "a=1,b=2,c=3");
  const dropped = await through([
    ["traceparent", VALID],
    ["tracestate", "a=1,no member"],
  ]);
  assert.equal(dropped.got.tracestate, undefined);
  assert.equal(dropped.traceId, TRACE);
});

test("the caller's decision holds, whatever the percentage", async () => {
  const off = await through([["traceparent", `00-${TRACE}-${PARENT}-00`]]);
  assert.deepEqual([off.flags, off.traceId, off.spans.length, off.shown], ["00", TRACE, 0, undefined]);
  const on = await through([["traceparent", VALID]], { tracing: { random_sampling: "0" } });
  assert.deepEqual([on.flags, on.spans.length], ["01", 2]);
});

test("what is not sampled is propagated all the same", async () => {
  const { got, flags, traceId, spans, shown } = await through([["baggage", "session.id=s1"]], {
    tracing: { random_sampling: "0" },
  });
  assert.deepEqual([flags, spans.length, shown], ["00", 0, undefined]);
  assert.match(traceId, /^\w{32}$/);
  assert.equal(got.baggage, "session.id=s1");
});

test("ids of baggage and of mapped headers are on all spans, and go on as baggage", async () => {
  const { got, spans } = await through([
    ["baggage", "session.id=less,other=x;p=1"],
    ["x-session-id", "s 1"],
    ["x-task-id", "t1"],
  ]);
  assert.equal(got.baggage, "session.id=s%201,task.id=t1,other=x;p=1");
  for (const span of spans) {
    assert.equal(attribute(span, "session.id"), "s 1");
    assert.equal(attribute(span, "task.id"), "t1");
    assert.equal(attribute(span, "other"), undefined);
  }
});

test("an upstream that is not to get context gets none, and its span says so", async () => {
  let got: http.IncomingHttpHeaders = {};
  const url = await startUpstream((request, response) => {
    got = request.headers;
    response.end();
  });
  const gateway = await startGateway({
    upstreams: { foreign: { kind: "service", url, propagate: "false" } },
  });
  await ask(`${gateway.url}/foreign/x`, {
    headers: { traceparent: VALID, tracestate: "a=1", baggage: "user.id=ada" },
  });
  await gateway.over(1);
  assert.deepEqual([got.traceparent, got.tracestate, got.baggage], [undefined, undefined, undefined]);
  const [client] = gateway.spans;
  assert.equal(client?.traceId, TRACE);
  assert.match(JSON.stringify(client?.events), /clew\.context_withheld.*traceparent.*tracestate.*baggage/);
});

test("an agent that passes on the headers it got is known as the caller of what it calls", async () => {
  const tool = await startUpstream((_, response) => void response.end("done"));
  const gateway = await startGateway({
    upstreams: { tool: { kind: "service", url: tool }, orders: { kind: "agent", url: "http://127.0.0.1:1" } },
  });
  const orders = await startUpstream(async (request, response) => {
    const { traceparent = "", baggage = "" } = request.headers as Record<string, string>;
    const { body } = await ask(`${gateway.url}/tool/x`, { headers: { traceparent, baggage } });
    response.end(body);
  });
  const config = configOf({
    upstreams: { tool: { kind: "service", url: tool }, orders: { kind: "agent", url: orders } },
  });
  await gateway.gateway.reload(config, gateway.parts);
  const answer = await ask(`${gateway.url}/agents/orders`, { headers: { baggage: "task.id=t1" } });
  assert.equal(answer.body, "done");
  await gateway.over(2);
  assert.deepEqual(
    gateway.facts.map(({ agent, taskId }) => [agent, taskId]),
    [
      ["orders", "t1"],
      [undefined, "t1"],
    ],
  );
  assert.equal(new Set(gateway.spans.map(({ traceId }) => traceId)).size, 1);
  assert.equal(gateway.spans.length, 4);
});

test("the decision is a function of the trace id: what is kept at 10 % is kept at 20 %", () => {
  let kept = 0;
  for (let n = 0; n < 20_000; n += 1) {
    const id = `${"ab".repeat(9)}${((n * 0x9e3779b97f4a7) % 2 ** 52).toString(16).padStart(13, "0")}0`;
    const few = isSampled(id, 10);
    if (few) assert.ok(isSampled(id, 20));
    if (few) kept += 1;
    assert.ok(isSampled(id, 100) && !isSampled(id, 0));
  }
  // Five standard deviations of what chance would do.
  assert.ok(Math.abs(kept - 2000) < 212, String(kept));
});
