import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { ZipkinJsonSpan } from "@clew/protocol/zipkin/zipkin-json";
import { KNOWN_TRACES, SHORT_TRACE, START_S, TRACE, UNKNOWN } from "../testing/known-traces.ts";
import { recorded, type ServedCompatible, serveCompatible } from "../testing/serve-compatible.ts";

let empty: ServedCompatible;
let server: ServedCompatible;

before(async () => {
  [empty, server] = await Promise.all([serveCompatible(), serveCompatible()]);
  await server.send(KNOWN_TRACES);
});

after(() => Promise.all([empty?.close(), server?.close()]));

const WHILE = `endTs=${START_S + 3600}000&lookback=7200000`;
const SHORT_SPANS: readonly ZipkinJsonSpan[] = [
  {
    traceId: "a3ce929d0e0e4736",
    id: "00f067aa0ba90301",
    kind: "PRODUCER",
    name: "send jobs",
    timestamp: (START_S + 60) * 1_000_000,
    duration: 1,
  },
];

/** Ids of the traces that a query finds. */
async function found(query: string): Promise<(string | undefined)[]> {
  const traces = (await server.json(`/zipkin/api/v2/traces?${WHILE}&${query}`)) as ZipkinJsonSpan[][];
  return traces.map(([span]) => span?.traceId);
}

test("an empty store answers empty lists", async () => {
  for (const path of [
    "services",
    "spans?serviceName=a",
    "remoteServices?serviceName=a",
    "autocompleteKeys",
    "autocompleteValues?key=a",
    "traces",
    `traceMany?traceIds=${TRACE},${UNKNOWN}`,
    "dependencies?endTs=1790000000000",
  ])
    assert.deepEqual(await empty.json(`/zipkin/api/v2/${path}`), [], path);
});

test("labels come sorted and in lower case", async () => {
  assert.deepEqual(await server.json("/zipkin/api/v2/services"), ["planner", "search-agent"]);
  assert.deepEqual(await server.json("/zipkin/api/v2/spans?serviceName=search-agent"), [
    "chat gpt-5",
    "post /search",
  ]);
  assert.deepEqual(await server.json("/zipkin/api/v2/remoteServices?serviceName=search-agent"), ["openai"]);
  assert.deepEqual(await server.json("/zipkin/api/v2/remoteServices?serviceName=planner"), ["search.local"]);
});

test("keys and values of tags can be completed", async () => {
  const keys = await server.json("/zipkin/api/v2/autocompleteKeys");
  assert.ok(Array.isArray(keys) && keys.includes("http.request.method"));
  assert.deepEqual(await server.json("/zipkin/api/v2/autocompleteValues?key=http.request.method"), ["POST"]);
  assert.deepEqual(await server.json("/zipkin/api/v2/autocompleteValues?key=unknown"), []);
});

test("a trace is a list of spans, by id, among several and by search", async () => {
  const trace = recorded(import.meta.url, "trace");
  assert.deepEqual(await server.json(`/zipkin/api/v2/trace/${TRACE}`), trace);
  assert.deepEqual(await server.json(`/zipkin/api/v2/traces?${WHILE}&serviceName=planner`), [trace]);
  assert.deepEqual(await server.json(`/zipkin/api/v2/traceMany?traceIds=${TRACE},a3ce929d0e0e4736`), [
    trace,
    SHORT_SPANS,
  ]);
});

test("an id of 64 bits is written with 16 digits and found by 16 or 32", async () => {
  for (const id of [SHORT_TRACE, "a3ce929d0e0e4736"])
    assert.deepEqual(await server.json(`/zipkin/api/v2/trace/${id}`), SHORT_SPANS);
});

test("a search goes by one span: names in any case, annotations, tags and duration", async () => {
  const short = "a3ce929d0e0e4736";
  assert.deepEqual(await found(""), [short, TRACE]);
  assert.deepEqual(await found("limit=1"), [short]);
  assert.deepEqual(await found("serviceName=SEARCH-agent&spanName=Chat GPT-5"), [TRACE]);
  assert.deepEqual(await found("serviceName=planner&spanName=chat gpt-5"), []);
  assert.deepEqual(await found("spanName=all"), [short, TRACE]);
  assert.deepEqual(await found("remoteServiceName=openai"), [TRACE]);
  assert.deepEqual(await found("serviceName=planner&remoteServiceName=openai"), []);
  assert.deepEqual(await found("annotationQuery=error and http.request.method=POST"), [TRACE]);
  assert.deepEqual(await found("annotationQuery=error and peer.service=OpenAI"), []);
  assert.deepEqual(await found("annotationQuery=gave up"), [TRACE]);
  assert.deepEqual(await found("annotationQuery=peer.service"), [TRACE]);
  assert.deepEqual(await found("annotationQuery=error=timed out"), [TRACE]);
  assert.deepEqual(await found("annotationQuery=deployment.environment=test"), [TRACE]);
  assert.deepEqual(await found("minDuration=1500000"), [TRACE]);
  assert.deepEqual(await found("minDuration=1500001"), []);
  assert.deepEqual(await found("minDuration=1500000&maxDuration=1500000"), [TRACE]);
});

test("a search looks back from the end of its time", async () => {
  const at = async (query: string) =>
    ((await server.json(`/zipkin/api/v2/traces?serviceName=planner&${query}`)) as unknown[]).length;
  assert.equal(await at(`endTs=${START_S}000&lookback=0`), 1);
  assert.equal(await at(`endTs=${START_S - 1}999&lookback=86400000`), 0);
  assert.equal(await at(`endTs=${START_S + 60}000&lookback=1000`), 0);
  assert.equal(await at(`endTs=${START_S + 86_400}000`), 1);
  assert.equal(await at(`endTs=${START_S + 90_000}000`), 0);
});

test("dependencies count calls, and errors where there are some", async () => {
  assert.deepEqual(await server.json(`/zipkin/api/v2/dependencies?${WHILE}`), [
    { parent: "planner", child: "search-agent", callCount: 1, errorCount: 1 },
  ]);
});

test("what is wrong is told as text", async () => {
  for (const [path, status, message] of [
    [`trace/${UNKNOWN}`, 404, /^No trace f+ is stored\n$/],
    ["nothing", 404, /^There is nothing for GET/],
    ["trace/x", 400, /^traceId is "x"/],
    ["spans", 400, /^serviceName is required\n$/],
    ["remoteServices", 400, /^serviceName is required\n$/],
    ["autocompleteValues", 400, /^key is required\n$/],
    ["dependencies", 400, /^endTs is required\n$/],
    ["traceMany", 400, /^traceIds is required\n$/],
    [`traceMany?traceIds=${TRACE}`, 400, /^traceIds must be 2 to/],
    [`traceMany?traceIds=${SHORT_TRACE},a3ce929d0e0e4736`, 400, /^traceIds must be 2 to/],
    [`traceMany?traceIds=${TRACE},`, 400, /^traceIds is ""/],
    ["traces?limit=0", 400, /^limit is "0"/],
    ["traces?limit=ten", 400, /^limit is "ten"/],
    ["traces?endTs=now", 400, /^endTs is "now".* a number of milliseconds\n$/],
    ["traces?lookback=-1", 400, /^lookback is "-1"/],
    ["traces?minDuration=1s", 400, /^minDuration is "1s"/],
    ["traces?maxDuration=5", 400, /^maxDuration is only allowed with minDuration\n$/],
    ["traces?minDuration=6&maxDuration=5", 400, /^maxDuration is less than minDuration\n$/],
    ["traces?annotationQuery==x", 400, /^annotationQuery has a value without a key\n$/],
    [`traces?annotationQuery=${Array(11).fill("a").join(" and ")}`, 400, /^annotationQuery has 11 terms/],
  ] as const) {
    const answer = await server.ask(`/zipkin/api/v2/${path}`);
    assert.equal(answer.status, status, `${path}: ${answer.body}`);
    assert.match(answer.type, /^text\/plain/);
    assert.match(answer.body, message);
  }
});
