import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JaegerTrace } from "@clew/protocol/jaeger/jaeger-trace";
import { KNOWN_TRACES, SHORT_TRACE, START_S, TRACE, UNKNOWN } from "../testing/known-traces.ts";
import { recorded, type ServedCompatible, serveCompatible } from "../testing/serve-compatible.ts";

let empty: ServedCompatible;
let server: ServedCompatible;

before(async () => {
  [empty, server] = await Promise.all([serveCompatible(), serveCompatible()]);
  await server.send(KNOWN_TRACES);
});

after(() => Promise.all([empty?.close(), server?.close()]));

interface Envelope<Data> {
  readonly data: readonly Data[];
  readonly errors: readonly object[] | null;
}

const WHILE = `start=${START_S}000000&end=${START_S + 3600}000000`;

function envelope(data: readonly unknown[], total = 0): object {
  return { data, total, limit: 0, offset: 0, errors: null };
}

/** Ids of the traces that a search finds. */
async function found(query: string | Record<string, string>): Promise<string[]> {
  const text = typeof query === "string" ? query : new URLSearchParams(query).toString();
  const { data } = (await server.json(`/jaeger/api/traces?${WHILE}&${text}`)) as Envelope<JaegerTrace>;
  return data.map(({ traceID }) => traceID);
}

test("an empty store has no services, operations, traces and dependencies", async () => {
  assert.deepEqual(await empty.json("/jaeger/api/services"), envelope([]));
  assert.deepEqual(await empty.json("/jaeger/api/services/a/operations"), envelope([]));
  assert.deepEqual(await empty.json("/jaeger/api/operations?service=a"), envelope([]));
  assert.deepEqual(await empty.json("/jaeger/api/traces?service=a"), envelope([]));
  assert.deepEqual(await empty.json("/jaeger/api/dependencies"), envelope([]));
});

test("services and operations are listed by name, with their number", async () => {
  assert.deepEqual(
    await server.json("/jaeger/api/services"),
    envelope(["Search-Agent", "missing-service-name", "planner"], 3),
  );
  assert.deepEqual(
    await server.json("/jaeger/api/services/Search-Agent/operations"),
    envelope(["POST /search", "chat gpt-5"], 2),
  );
  assert.deepEqual(
    await server.json("/jaeger/api/operations?service=Search-Agent&spanKind="),
    envelope(
      [
        { name: "POST /search", spanKind: "server" },
        { name: "chat gpt-5", spanKind: "client" },
      ],
      2,
    ),
  );
  assert.deepEqual(
    await server.json("/jaeger/api/operations?service=planner&spanKind=server"),
    envelope([{ name: "invoke_agent planner", spanKind: "server" }], 1),
  );
  assert.deepEqual(
    await server.json("/jaeger/api/operations?service=missing-service-name"),
    envelope([{ name: "send jobs", spanKind: "producer" }], 1),
  );
});

test("a trace by id, by search and among several ids is the same document", async () => {
  const trace = recorded(import.meta.url, "trace");
  assert.deepEqual(await server.json(`/jaeger/api/traces/${TRACE}?start=1&end=2&raw=true`), trace);
  assert.deepEqual(await server.json(`/jaeger/api/traces/${TRACE.toUpperCase()}?prettyPrint=true`), trace);
  assert.deepEqual(await server.json(`/jaeger/api/traces?traceID=${TRACE}`), trace);
  assert.deepEqual(await server.json(`/jaeger/api/traces?service=planner&${WHILE}&lookback=custom`), trace);
  const base64 = encodeURIComponent(Buffer.from(TRACE, "hex").toString("base64"));
  assert.deepEqual(await server.json(`/jaeger/api/traces/${base64}`), trace);
});

test("an id of 64 bits is written with 16 digits and found by as many", async () => {
  for (const id of [SHORT_TRACE, "a3ce929d0e0e4736"]) {
    const { data } = (await server.json(`/jaeger/api/traces/${id}`)) as Envelope<JaegerTrace>;
    assert.deepEqual(
      data.map(({ traceID, spans }) => [traceID, spans[0]?.traceID]),
      [["a3ce929d0e0e4736", "a3ce929d0e0e4736"]],
    );
  }
});

test("of several ids those that are not stored are named beside the others", async () => {
  const path = `/jaeger/api/traces?traceID=${SHORT_TRACE}&traceID=${UNKNOWN}`;
  const { data, errors } = (await server.json(path)) as Envelope<JaegerTrace>;
  assert.deepEqual(
    data.map(({ traceID }) => traceID),
    ["a3ce929d0e0e4736"],
  );
  assert.deepEqual(errors, [{ msg: "trace not found", traceID: UNKNOWN }]);
});

test("a search goes by one span of the service: its operation, tags and duration", async () => {
  assert.deepEqual(await found("service=Search-Agent&operation=chat gpt-5"), [TRACE]);
  assert.deepEqual(await found("service=planner&operation=chat gpt-5"), []);
  assert.deepEqual(await found("service=planner&operation=all"), [TRACE]);
  assert.deepEqual(await found("service=search-agent"), []);
  assert.deepEqual(await found("service=missing-service-name"), ["a3ce929d0e0e4736"]);
  assert.deepEqual(await found("service=planner&minDuration=1.5s"), [TRACE]);
  assert.deepEqual(await found("service=planner&minDuration=1501ms"), []);
  assert.deepEqual(await found("service=planner&maxDuration=800ms"), [TRACE]);
  assert.deepEqual(await found("service=planner&minDuration=1s&maxDuration=1400000us"), []);
});

test("tags are attributes of the span or of its process, and what Jaeger has as tags", async () => {
  const tags = (service: string, of: object) => found({ service, tags: JSON.stringify(of) });
  assert.deepEqual(await tags("planner", { "http.response.status_code": "504" }), [TRACE]);
  assert.deepEqual(await tags("planner", { "http.response.status_code": 504, "span.kind": "client" }), [
    TRACE,
  ]);
  assert.deepEqual(await tags("planner", { "http.response.status_code": "504", "span.kind": "server" }), []);
  assert.deepEqual(await tags("planner", { "deployment.environment": "test", cached: "false" }), [TRACE]);
  assert.deepEqual(await tags("planner", { error: "true" }), []);
  assert.deepEqual(await tags("Search-Agent", { error: "true", "otel.status_code": "ERROR" }), [TRACE]);
  assert.deepEqual(await tags("Search-Agent", { "otel.status_description": "timed out" }), [TRACE]);
  assert.deepEqual(await tags("Search-Agent", { error: "false" }), [TRACE]);
  assert.deepEqual(await tags("planner", { "otel.scope.name": "agents" }), [TRACE]);
  assert.deepEqual(await tags("planner", { "otel.scope.name": "others" }), []);
  assert.deepEqual(await found("service=planner&tag=http.request.method:POST"), [TRACE]);
  assert.deepEqual(await found("service=planner&tag=http.request.method:GET"), []);
});

test("a search finds what starts in its stretch of time, the newest first, and no more than asked for", async () => {
  const at = async (query: string) =>
    ((await server.json(`/jaeger/api/traces?service=planner&${query}`)) as Envelope<JaegerTrace>).data.length;
  assert.equal(await at(`start=${START_S}000000&end=${START_S}000000`), 1);
  assert.equal(await at(`end=${START_S - 1}999999`), 0);
  assert.equal(await at(`start=${START_S}100001&end=${START_S + 60}000000`), 0);
  assert.equal(await at(`end=${START_S + 3600}000000&lookback=2h`), 1);
  assert.equal(await at(`end=${START_S + 7200}000000&lookback=1h`), 0);
  assert.equal(await at(`${WHILE}&limit=1`), 1);
});

test("dependencies count spans whose parent is of another service", async () => {
  const link = { parent: "planner", child: "Search-Agent", callCount: 1 };
  const ending = (endS: number, more = "") =>
    server.json(`/jaeger/api/dependencies?endTs=${endS}000&lookback=3600000${more}`);
  assert.deepEqual(await ending(START_S + 60), envelope([link]));
  assert.deepEqual(await ending(START_S + 60, "&service=planner"), envelope([link]));
  assert.deepEqual(await ending(START_S + 60, "&service=other"), envelope([]));
  assert.deepEqual(await ending(START_S + 7200), envelope([]));
});

test("what is wrong is told in Jaeger's envelope", async () => {
  const refused = async (path: string) => {
    const { status, type, body } = await server.ask(`/jaeger/api/${path}`);
    assert.match(type, /^application\/json/);
    const { errors, ...rest } = JSON.parse(body);
    assert.deepEqual(rest, { data: null, total: 0, limit: 0, offset: 0 });
    assert.equal(errors.length, 1);
    assert.equal(errors[0].code, status);
    return [status, errors[0].msg];
  };
  assert.deepEqual(await refused(`traces/${UNKNOWN}`), [404, `No trace ${UNKNOWN} is stored`]);
  assert.deepEqual(await refused("nothing"), [404, "There is nothing for GET /jaeger/api/nothing"]);
  assert.deepEqual(await refused("traces"), [400, "service is required"]);
  assert.deepEqual(await refused("operations"), [400, "service is required"]);
  for (const [path, message] of [
    ["traces/zz", /^traceID is "zz"/],
    ["traces?traceID=zz", /^traceID is "zz"/],
    ["traces?service=a&start=now", /^start is "now".* a number of microseconds$/],
    ["traces?service=a&end=-1", /^end is "-1"/],
    ["traces?service=a&end=99999999999999999999", /^end is/],
    ["traces?service=a&limit=0", /^limit is "0".* from 1 to 1500$/],
    ["traces?service=a&minDuration=long", /^minDuration is "long"/],
    ["traces?service=a&minDuration=5", /^minDuration is "5"/],
    ["traces?service=a&minDuration=2s&maxDuration=1s", /^maxDuration is less than minDuration$/],
    ["traces?service=a&tags=[]", /^tags must be a JSON object/],
    ["traces?service=a&tags={", /^tags must be a JSON object/],
    ['traces?service=a&tags={"a":{}}', /^tags must be a JSON object/],
    ["traces?service=a&tag=a", /^tag must be KEY:VALUE$/],
    [`traces?service=a${"&tag=a:b".repeat(11)}`, /^tags has 11 tags/],
    ["dependencies?endTs=x", /^endTs is "x"/],
    ["dependencies?lookback=x", /^lookback is "x"/],
  ] as const) {
    const [status, text] = await refused(path);
    assert.equal(status, 400, path);
    assert.match(text, message);
  }
});

test("a token is asked for, and its lack told in the same shape", async () => {
  const { url } = await server.another({ token: "correct-horse" });
  const without = await fetch(`${url}/jaeger/api/services`);
  assert.equal(without.status, 401);
  assert.match(await without.text(), /"errors":\[\{"code":401,"msg":"This server asks for a token"\}\]/);
  assert.equal((await fetch(`${url}/jaeger/api/v3/services`)).status, 401);
  assert.equal((await fetch(`${url}/tempo/api/echo`)).status, 401);
  assert.equal((await fetch(`${url}/zipkin/api/v2/services`)).status, 401);
  const headers = { authorization: "Bearer correct-horse" };
  assert.equal((await fetch(`${url}/jaeger/api/services`, { headers })).status, 200);
});
