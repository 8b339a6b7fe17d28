import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { KNOWN_TRACES, START_S } from "../testing/known-traces.ts";
import { type ServedCompatible, serveCompatible } from "../testing/serve-compatible.ts";

let empty: ServedCompatible;
let server: ServedCompatible;

before(async () => {
  [empty, server] = await Promise.all([serveCompatible(), serveCompatible()]);
  await server.send(KNOWN_TRACES);
});

after(() => Promise.all([empty?.close(), server?.close()]));

const RESOURCE_TAGS = ["deployment.environment", "service.name"];
const SPAN_TAGS = [
  "cached",
  "digest",
  "gen_ai.agent.name",
  "gen_ai.operation.name",
  "gen_ai.provider.name",
  "gen_ai.request.model",
  "gen_ai.usage.input_tokens",
  "http.request.method",
  "http.response.status_code",
  "network.peer.address",
  "peer.service",
  "retries",
  "score",
  "server.address",
  "server.port",
  "session.id",
  "tools",
];

interface Scope {
  readonly name: string;
  readonly tags: readonly string[];
}

async function values(tag: string, query = ""): Promise<string[]> {
  const path = `/tempo/api/v2/search/tag/${encodeURIComponent(tag)}/values?${query}`;
  const { tagValues, ...rest } = (await server.json(path)) as {
    tagValues: { type: string; value: string }[];
  };
  assert.deepEqual(rest, { metrics: {} });
  return tagValues.map(({ type, value }) => `${type} ${value}`);
}

test("an empty store has intrinsics and nothing else", async () => {
  assert.deepEqual(await empty.json("/tempo/api/search/tags"), { tagNames: [], metrics: {} });
  const { scopes } = (await empty.json("/tempo/api/v2/search/tags")) as { scopes: Scope[] };
  assert.deepEqual(
    scopes.map(({ name }) => name),
    ["intrinsic"],
  );
  const none = { tagValues: [], metrics: {} };
  for (const tag of [".a", "span.a", "resource.service.name", "name", "rootName", "event:name", "duration"])
    assert.deepEqual(await empty.json(`/tempo/api/v2/search/tag/${tag}/values`), none, tag);
  assert.deepEqual(await empty.json("/tempo/api/search/tag/service.name/values"), none);
});

test("names of tags come for each scope, and in version 1 in one list", async () => {
  const { scopes } = (await server.json("/tempo/api/v2/search/tags")) as { scopes: Scope[] };
  const intrinsics = scopes.at(-1);
  assert.deepEqual(scopes.slice(0, -1), [
    { name: "event", tags: ["exception.message", "exception.type"] },
    { name: "link", tags: ["messaging.operation.type"] },
    { name: "resource", tags: RESOURCE_TAGS },
    { name: "span", tags: SPAN_TAGS },
  ]);
  assert.equal(intrinsics?.name, "intrinsic");
  for (const name of [
    "duration",
    "kind",
    "name",
    "rootServiceName",
    "span:status",
    "trace:rootName",
    "agent:model",
  ])
    assert.ok(intrinsics?.tags.includes(name), name);
  assert.deepEqual(await server.json("/tempo/api/v2/search/tags?scope=resource&start=1&end=2"), {
    scopes: [{ name: "resource", tags: RESOURCE_TAGS }],
    metrics: {},
  });
  assert.deepEqual(await server.json("/tempo/api/v2/search/tags?scope=span&limit=2"), {
    scopes: [{ name: "span", tags: ["cached", "digest"] }],
    metrics: {},
  });
  const tagNames = [...RESOURCE_TAGS, ...SPAN_TAGS].sort();
  assert.deepEqual(await server.json("/tempo/api/search/tags"), { tagNames, metrics: {} });
  assert.deepEqual(await server.json("/tempo/api/search/tags?scope=link"), {
    tagNames: ["messaging.operation.type"],
    metrics: {},
  });
});

test("values have the type that they were sent with", async () => {
  assert.deepEqual(await values("span.http.request.method"), ["string POST"]);
  assert.deepEqual(await values("span.http.response.status_code"), ["int 504"]);
  assert.deepEqual(await values("span.retries"), ["int 9007199254740993"]);
  assert.deepEqual(await values("span.score"), ["float 0.5"]);
  assert.deepEqual(await values("span.cached"), ["bool false"]);
});

test("an identifier says where to look: in a scope, or in span and resource", async () => {
  const services = ["string Search-Agent", "string planner"];
  for (const tag of [".service.name", "resource.service.name", "service.name", 'resource."service.name"'])
    assert.deepEqual(await values(tag), services, tag);
  assert.deepEqual(await values(encodeURIComponent("resource.service.name")), services);
  assert.deepEqual(await values("span.service.name"), []);
  assert.deepEqual(await values("event.exception.type"), ["string Timeout"]);
  assert.deepEqual(await values("link.messaging.operation.type"), ["string process"]);
  assert.deepEqual(await values("instrumentation.anything"), []);
});

test("intrinsics have values where these are few, and keywords their words", async () => {
  assert.deepEqual(await values("status"), ["keyword ok", "keyword error", "keyword unset"]);
  assert.deepEqual(await values("span:kind"), [
    "keyword client",
    "keyword server",
    "keyword producer",
    "keyword consumer",
    "keyword internal",
    "keyword unspecified",
  ]);
  assert.deepEqual(await values("name"), [
    "string POST /search",
    "string chat gpt-5",
    "string invoke_agent planner",
    "string send jobs",
  ]);
  assert.deepEqual(await values("statusMessage"), ["string timed out"]);
  assert.deepEqual(await values("rootName"), ["string invoke_agent planner", "string send jobs"]);
  assert.deepEqual(await values("rootServiceName"), ["string planner"]);
  assert.deepEqual(await values("event:name"), ["string exception", "string gave up"]);
  assert.deepEqual(await values("instrumentation:name"), ["string agents"]);
  assert.deepEqual(await values("agent:model"), ["string gpt-5"]);
  for (const tag of ["duration", "trace:id", "childCount", "traceDuration"])
    assert.deepEqual(await values(tag), [], tag);
});

test("version 1 answers bare texts, of attributes and of intrinsics", async () => {
  const of = (tag: string) => server.json(`/tempo/api/search/tag/${tag}/values`);
  assert.deepEqual(await of("service.name"), { tagValues: ["Search-Agent", "planner"], metrics: {} });
  assert.deepEqual(await of("http.response.status_code"), { tagValues: ["504"], metrics: {} });
  assert.deepEqual(await of("status"), { tagValues: ["ok", "error", "unset"], metrics: {} });
  assert.deepEqual(await of("unknown"), { tagValues: [], metrics: {} });
});

test("a filter, a time and a limit narrow the values", async () => {
  const q = (query: string) => new URLSearchParams({ q: query }).toString();
  assert.deepEqual(await values("name", q('{ resource.service.name = "planner" }')), [
    "string POST /search",
    "string invoke_agent planner",
  ]);
  assert.deepEqual(await values("resource.service.name", q("{ status = error }")), ["string Search-Agent"]);
  assert.deepEqual(await values("rootServiceName", q("{ status = error && span.x = }")), ["string planner"]);
  assert.deepEqual(await values("instrumentation:name", q('{ name = "send jobs" }')), []);
  assert.deepEqual(await values("name", q("{ this is no filter")), await values("name"));
  assert.deepEqual(await values("name", `start=${START_S + 60}&end=${START_S + 61}`), ["string send jobs"]);
  assert.deepEqual(await values("resource.service.name", `start=${START_S + 60}&end=${START_S + 61}`), []);
  assert.deepEqual(await values("rootName", `end=${START_S + 60}`), ["string invoke_agent planner"]);
  assert.deepEqual((await values("name", "limit=2")).length, 2);
});

test("what is wrong is told as text", async () => {
  for (const [path, message] of [
    ["v2/search/tags?scope=other", /^scope is "other"; it must be event or /],
    ["search/tags?start=x", /^start is "x".* a number of seconds\n$/],
    ["v2/search/tags?limit=x", /^limit is "x"/],
    ["v2/search/tag/%7B%7D/values", /^tag is "\{\}", which names no field\n$/],
    ["v2/search/tag/parent.name/values", /^tag is "parent.name", which names no field\n$/],
    ["v2/search/tag/name%2Ckind/values", /which names no field/],
    ["v2/search/tag/name)%20%7C%20by(kind/values", /which names no field/],
    ["v2/search/tag/name/values?start=2&end=1", /^start must be before end\n$/],
    ["search/tag/name/values?limit=20000", /^limit is "20000"/],
  ] as const) {
    const answer = await server.ask(`/tempo/api/${path}`);
    assert.equal(answer.status, 400, `${path}: ${answer.body}`);
    assert.match(answer.type, /^text\/plain/);
    assert.match(answer.body, message);
  }
});
