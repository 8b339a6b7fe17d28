import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { KNOWN_TRACES, START_S, TRACE, UNKNOWN } from "../testing/known-traces.ts";
import { recorded, type ServedCompatible, serveCompatible } from "../testing/serve-compatible.ts";

let server: ServedCompatible;

before(async () => {
  server = await serveCompatible();
});

after(() => server?.close());

const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
const FROM = iso(START_S);
const TO = iso(START_S + 30);

function search(parameters: Record<string, string>): string {
  const times = { "query.startTimeMin": FROM, "query.startTimeMax": TO };
  return `/jaeger/api/v3/traces?${new URLSearchParams({ ...times, ...parameters })}`;
}

async function refused(path: string): Promise<unknown[]> {
  const { status, body } = await server.ask(path);
  const { error, ...rest } = JSON.parse(body);
  assert.deepEqual(rest, {});
  assert.equal(error.httpCode, status);
  return [status, error.message];
}

test("an empty store has no services, and no traces is an error", async () => {
  assert.deepEqual(await server.json("/jaeger/api/v3/services"), { services: [] });
  assert.deepEqual(await server.json("/jaeger/api/v3/operations?service=a"), { operations: [] });
  assert.deepEqual(await refused(search({})), [404, "No traces found"]);
});

test("services and operations are lists of their own", async () => {
  await server.send(KNOWN_TRACES);
  assert.deepEqual(await server.json("/jaeger/api/v3/services"), {
    services: ["Search-Agent", "missing-service-name", "planner"],
  });
  assert.deepEqual(await server.json("/jaeger/api/v3/operations?service=planner&span_kind=client"), {
    operations: [{ name: "POST /search", spanKind: "client" }],
  });
});

test("traces are OTLP in a result, by id and by search", async () => {
  const result = recorded(import.meta.url, "result-v3");
  assert.deepEqual(await server.json(`/jaeger/api/v3/traces/${TRACE}`), result);
  assert.deepEqual(
    await server.json(`/jaeger/api/v3/traces/${TRACE}?start_time=2026-09-21T02:00:00+02:00&end_time=${TO}`),
    result,
  );
  for (const parameters of [
    {},
    { "query.serviceName": "Search-Agent", "query.operationName": "chat gpt-5" },
    { "query.service_name": "planner", "query.duration_min": "1s", "query.num_traces": "5" },
    { "query.attributes": '{"http.request.method":"POST","error":"true"}', "query.durationMax": "0.7s" },
  ])
    assert.deepEqual(await server.json(search(parameters)), result, JSON.stringify(parameters));
  assert.equal((await refused(search({ "query.serviceName": "other" })))[0], 404);
  assert.equal(
    (await refused(search({ "query.startTimeMax": iso(START_S - 1), "query.startTimeMin": iso(1) })))[0],
    404,
  );
});

test("what is wrong is told as a gateway of gRPC does", async () => {
  assert.deepEqual(await refused(`/jaeger/api/v3/traces/${UNKNOWN}`), [404, `No trace ${UNKNOWN} is stored`]);
  assert.deepEqual(await refused("/jaeger/api/v3/nothing"), [
    404,
    "There is nothing for GET /jaeger/api/v3/nothing",
  ]);
  assert.deepEqual(await refused("/jaeger/api/v3/traces"), [400, "query.startTimeMin is required"]);
  for (const [path, message] of [
    ["/jaeger/api/v3/traces/x", /^trace_id is "x"/],
    [`/jaeger/api/v3/traces/${TRACE}?startTime=1`, /^startTime is "1", which is no RFC 3339 time$/],
    [search({ "query.startTimeMin": TO, "query.startTimeMax": FROM }), /must be before/],
    [
      search({ "query.startTimeMax": "2026-13-45T00:00:00Z" }),
      /^query.startTimeMax is "2026-13-45T00:00:00Z"/,
    ],
    [search({ "query.durationMin": "x" }), /^query.durationMin is "x"/],
    [search({ "query.searchDepth": "x" }), /^query.searchDepth is "x"/],
    [search({ "query.attributes": "x" }), /^query.attributes must be a JSON object/],
    [search({ "query.filter": "{}" }), /^query.filter is not understood here/],
  ] as const) {
    const [status, text] = await refused(path);
    assert.equal(status, 400, path);
    assert.match(String(text), message);
  }
});
