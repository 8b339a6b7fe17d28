import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { KNOWN_TRACES, SHORT_TRACE, START_S, TRACE } from "../testing/known-traces.ts";
import { recorded, type ServedCompatible, serveCompatible } from "../testing/serve-compatible.ts";

let empty: ServedCompatible;
let server: ServedCompatible;

before(async () => {
  [empty, server] = await Promise.all([serveCompatible(), serveCompatible()]);
  await server.send(KNOWN_TRACES);
});

after(() => Promise.all([empty?.close(), server?.close()]));

const path = (parameters: Record<string, string>) => `/tempo/api/search?${new URLSearchParams(parameters)}`;

interface Found {
  readonly traces: readonly {
    readonly traceID: string;
    readonly spanSets: readonly {
      readonly spans: readonly { readonly spanID: string }[];
      readonly matched: number;
    }[];
  }[];
}

async function found(parameters: Record<string, string>): Promise<string[]> {
  return ((await server.json(path(parameters))) as Found).traces.map(({ traceID }) => traceID);
}

test("an empty store has no traces", async () => {
  const none = { traces: [], metrics: { completedJobs: 1, totalJobs: 1 } };
  assert.deepEqual(await empty.json("/tempo/api/search"), none);
  assert.deepEqual(await empty.json(path({ q: '{ name = "a" }', start: "1", end: "2" })), none);
  assert.deepEqual(await empty.json(path({ tags: "service.name=a" })), none);
});

test("the answer is as documented: root, times as text, spans with what was asked about, services", async () => {
  assert.deepEqual(
    await server.json(path({ q: "{ status = error && span.http.request.method = `POST` }" })),
    recorded(import.meta.url, "search"),
  );
});

test("without a query all traces are found, newest first, each with a few of its spans", async () => {
  assert.deepEqual(await found({}), [SHORT_TRACE, TRACE]);
  assert.deepEqual(await found({ limit: "1" }), [SHORT_TRACE]);
  const shown = async (spss: string) => {
    const { traces } = (await server.json(path({ q: "{}", spss }))) as Found;
    return traces.map(({ spanSets }) => spanSets.map(({ spans, matched }) => [spans.length, matched]));
  };
  assert.deepEqual(await shown(""), [[[1, 1]], [[3, 4]]]);
  assert.deepEqual(await shown("10"), [[[1, 1]], [[4, 4]]]);
});

test("any TraceQL search is understood", async () => {
  assert.deepEqual(await found({ q: '{ kind = client } >> { agent:model = "gpt-5" }' }), [TRACE]);
  assert.deepEqual(await found({ q: "{ } | count() > 3" }), [TRACE]);
  assert.deepEqual(await found({ q: '{ name =~ "send.*" }' }), [SHORT_TRACE]);
  assert.deepEqual(await found({ q: "{ duration > 2s }" }), []);
});

test("tags are parts of texts in any case, or whole numbers, all at one span", async () => {
  assert.deepEqual(await found({ tags: "service.name=SEARCH" }), [TRACE]);
  assert.deepEqual(await found({ tags: "http.request.method=pos http.response.status_code=504" }), [TRACE]);
  assert.deepEqual(await found({ tags: "service.name=search http.response.status_code=504" }), []);
  assert.deepEqual(await found({ tags: 'name="invoke_agent p"' }), [TRACE]);
  assert.deepEqual(await found({ tags: "error=true" }), [TRACE]);
  assert.deepEqual(await found({ tags: "status.code=ok" }), [TRACE]);
  assert.deepEqual(await found({ tags: "root.name=send" }), [SHORT_TRACE]);
  assert.deepEqual(await found({ tags: "cached=false" }), [TRACE]);
  assert.deepEqual(await found({ tags: "service.name=.*" }), []);
});

test("durations are those of traces, times when they begin", async () => {
  assert.deepEqual(await found({ minDuration: "1500ms" }), [TRACE]);
  assert.deepEqual(await found({ minDuration: "1.6s" }), []);
  assert.deepEqual(await found({ maxDuration: "1s" }), [SHORT_TRACE]);
  assert.deepEqual(await found({ q: "{}", start: `${START_S}`, end: `${START_S + 1}` }), [TRACE]);
  assert.deepEqual(await found({ q: "{}", start: `${START_S + 1}`, end: `${START_S + 90}` }), [SHORT_TRACE]);
});

test("what is wrong is told as text", async () => {
  for (const [parameters, message] of [
    [{ q: "{ foo" }, /^expected a field or a value, found "foo"/],
    [{ q: "{ } | rate()" }, /this query asks for series/],
    [{ q: "{}", tags: "a=b" }, /^tags and q are not allowed together\n$/],
    [{ tags: "a=1 a=2" }, /^tags has "a" twice\n$/],
    [{ tags: 'a="b' }, /^tags is not key=value at character 1\n$/],
    [{ tags: "a=b =c" }, /^tags is not key=value at character 4\n$/],
    [{ tags: Array.from({ length: 11 }, (_, at) => `k${at}=v`).join(" ") }, /^tags has 11 tags/],
    [{ minDuration: "long" }, /^minDuration is "long"/],
    [{ minDuration: "2s", maxDuration: "1s" }, /^maxDuration is less than minDuration\n$/],
    [{ limit: "0" }, /^limit is "0".* from 1 to 1000\n$/],
    [{ spss: "many" }, /^spss is "many"/],
    [{ start: "5", end: "5" }, /^start must be before end\n$/],
  ] as const) {
    const answer = await server.ask(path(parameters as Record<string, string>));
    assert.equal(answer.status, 400, `${JSON.stringify(parameters)}: ${answer.body}`);
    assert.match(answer.type, /^text\/plain/);
    assert.match(answer.body, message);
  }
});
