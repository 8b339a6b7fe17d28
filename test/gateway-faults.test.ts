import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { GatewayProcess } from "./harness/gateway-process.ts";
import { CHAT_ANSWER, HUGE_BYTES, MALFORMED_STREAM, OddUpstream } from "./harness/odd-upstream.ts";
import { OtlpCollector, type ReceivedSpan } from "./harness/otlp-collector.ts";
import { until } from "./harness/until.ts";

const CHAT = "v1/chat/completions";
const SERVER = 2;
const MIB = 1024 * 1024;

let upstream: OddUpstream;
let collector: OtlpCollector;
let gateway: GatewayProcess;

const upstreams = (names: readonly string[]): string =>
  names
    .map((name) => `    ${name}: { url: "${upstream.url}/${name}", timeout: 300ms, idle_timeout: 300ms }`)
    .join("\n");

before(async () => {
  upstream = await OddUpstream.start();
  collector = await OtlpCollector.start();
  const names = ["fine", "never-answers", "stops", "resets", "hangs-up", "malformed", "limits"];
  gateway = await GatewayProcess.start({
    env: { CLEW_OTLP_ENDPOINT: collector.endpoint },
    config: `
gateway:
  listeners: [{ port: 0 }]
  upstreams:
${upstreams(names)}
    echo: { url: "${upstream.url}/echo" }
    huge: { url: "${upstream.url}/huge" }
    retried: { url: "${upstream.url}/hangs-up", retries: 2 }
    slow: { url: "${upstream.url}/stops", timeout: 60s, idle_timeout: 60s }
  routes:
    - { name: rescued, path: /rescued, strip_path: true, to: limits, fallbacks: [fine] }
  limits: { max_requests: 20 }
`,
  });
});

after(async () => {
  await gateway?.stop();
  await collector?.[Symbol.asyncDispose]();
  await upstream?.[Symbol.asyncDispose]();
});

interface Asked {
  readonly response: Response;
  /** Undefined when the answer was cut off. */
  readonly text: string | undefined;
  /** Of the trace, the SERVER span first. */
  readonly spans: readonly ReceivedSpan[];
}

function post(path: string, more: RequestInit = {}): Promise<Response> {
  const body = JSON.stringify({ model: "gpt-5-mini", messages: [{ role: "user", content: "hi" }] });
  const headers = { "content-type": "application/json" };
  return fetch(`${gateway.url}/${path}`, { method: "POST", headers, body, ...more });
}

async function spansOf(traceId: string): Promise<ReceivedSpan[]> {
  const found = await until(`the spans of ${traceId}`, () => {
    const spans = collector.spans.filter((span) => span.traceId === traceId);
    return spans.some(({ kind }) => kind === SERVER) && spans;
  });
  const order = ({ kind, startTimeUnixNano }: ReceivedSpan): string => `${kind} ${startTimeUnixNano}`;
  return found.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

async function ask(path: string): Promise<Asked> {
  const response = await post(path);
  const text = await response.text().catch(() => undefined);
  return { response, text, spans: await spansOf(response.headers.get("x-trace-id") ?? "") };
}

/** Type of the error, and status code of OTLP, of each span. */
function told(spans: readonly ReceivedSpan[]): unknown[] {
  return spans.map(({ attributes, status }) => [attributes["error.type"], status?.code]);
}

test("an upstream that does not answer in time: 504, and the spans say timeout", async () => {
  const { response, text, spans } = await ask(`never-answers/${CHAT}`);
  assert.equal(response.status, 504);
  assert.equal(JSON.parse(text ?? "").error.code, "timeout");
  assert.deepEqual(told(spans), [
    ["timeout", 2],
    ["timeout", 2],
  ]);
  assert.equal(spans[0]?.attributes["http.response.status_code"], 504);
});

test("an upstream that hangs up before its answer: 502, after as many tries as it has", async () => {
  const once = await ask(`hangs-up/${CHAT}`);
  assert.equal(once.response.status, 502);
  assert.equal(once.spans.length, 2);
  const { response, spans } = await ask(`retried/${CHAT}`);
  assert.equal(response.status, 502);
  assert.deepEqual(
    told(spans),
    Array.from({ length: 4 }, () => ["connection_reset", 2]),
  );
});

for (const [name, type] of [
  ["resets", "connection_reset"],
  ["stops", "timeout"],
] as const) {
  test(`an upstream that ${name} in mid-stream: the answer is cut off for the client too, the spans say ${type}`, async () => {
    const { response, text, spans } = await ask(`${name}/${CHAT}`);
    assert.equal(response.status, 200);
    assert.equal(text, undefined);
    assert.deepEqual(told(spans), [
      [type, 2],
      [type, 2],
    ]);
  });
}

test("a malformed stream passes through byte by byte, and the span counts what could not be read", async () => {
  const { response, text, spans } = await ask(`malformed/${CHAT}`);
  assert.equal(response.status, 200);
  assert.equal(text, MALFORMED_STREAM);
  assert.ok(Number(spans[1]?.attributes["clew.response.malformed_events"]) > 0);
});

test("429 goes to the client with its Retry-After and its body; the span's error is the status", async () => {
  const { response, text, spans } = await ask(`limits/${CHAT}`);
  assert.equal(response.status, 429);
  assert.equal(response.headers.get("retry-after"), "7");
  assert.equal(JSON.parse(text ?? "").error.code, "rate_limited");
  assert.deepEqual(
    spans.map(({ attributes, status }) => [attributes["http.response.status_code"], status?.code]),
    [
      [429, 2],
      [429, 2],
    ],
  );
});

test("with a fallback the client gets its answer, and the trace has both tries", async () => {
  const { response, text, spans } = await ask(`rescued/${CHAT}`);
  assert.equal(response.status, 200);
  assert.deepEqual(JSON.parse(text ?? ""), CHAT_ANSWER);
  assert.deepEqual(
    spans.map(({ attributes, status }) => [attributes["http.response.status_code"], status?.code]),
    [
      [200, 1],
      [429, 2],
      [200, 1],
    ],
  );
  assert.match(await gateway.metrics(), /clew_gateway_fallbacks_total\{route="rescued",upstream="fine"\} 1/);
});

test("huge bodies pass through whole in both directions, and memory stays bounded", async () => {
  const before = gateway.residentBytes;
  const body = randomBytes(HUGE_BYTES);
  const hash = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
  const headers = { "content-type": "application/octet-stream" };
  const echoed = await post("echo/files", { body, headers });
  assert.equal(echoed.status, 200);
  assert.equal(hash(new Uint8Array(await echoed.arrayBuffer())), hash(body));
  const [request] = await spansOf(echoed.headers.get("x-trace-id") ?? "");
  assert.equal(request?.status?.code, 1);
  const json = await post(`echo/${CHAT}`, {
    body: JSON.stringify({ model: "m", pad: "x".repeat(HUGE_BYTES) }),
  });
  assert.ok((await json.arrayBuffer()).byteLength > HUGE_BYTES);
  const answer = await post(`huge/${CHAT}`);
  assert.equal((await answer.arrayBuffer()).byteLength, HUGE_BYTES);
  const grown = gateway.residentBytes - before;
  assert.ok(grown < 200 * MIB, `grew by ${Math.round(grown / MIB)} MiB`);
});

test("a client that leaves: the upstream's request ends too, and the spans say cancelled", async () => {
  const cutOff = upstream.cutOff;
  const leaving = new AbortController();
  const response = await post(`slow/${CHAT}`, { signal: leaving.signal });
  const reader = response.body!.getReader();
  await reader.read();
  leaving.abort();
  await until("the upstream to be left", () => upstream.cutOff > cutOff);
  const spans = await spansOf(response.headers.get("x-trace-id") ?? "");
  assert.deepEqual(told(spans), [
    ["cancelled", 2],
    ["cancelled", 2],
  ]);
});

test("more requests than it may have at once are answered 503 with Retry-After, and traced", async () => {
  const leaving = new AbortController();
  const open = await Promise.all(
    Array.from({ length: 20 }, () => post(`slow/${CHAT}`, { signal: leaving.signal })),
  );
  const { response, spans } = await ask(`fine/${CHAT}`);
  assert.equal(response.status, 503);
  assert.equal(response.headers.get("retry-after"), "1");
  assert.deepEqual(told(spans), [["overloaded", 2]]);
  leaving.abort();
  await Promise.all(open.map(({ body }) => body?.cancel().catch(() => undefined)));
  await until("room for requests", async () => (await post(`fine/${CHAT}`)).status === 200);
});

test("a tracing backend that is away: requests go on, memory is bounded, it is told once, figures say what waits", async () => {
  await using alone = await GatewayProcess.start({
    args: [`--upstream=openai=${upstream.url}/fine`, "--otlp", "http://127.0.0.1:9", "--access-log", "-"],
  });
  const ask = (): Promise<Response> =>
    fetch(`${alone.url}/openai/${CHAT}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "gpt-5-mini", messages: [] }),
    });
  for (let index = 0; index < 200; index += 1) {
    const response = await ask();
    assert.equal(response.status, 200);
    await response.arrayBuffer();
  }
  const endpoint = 'endpoint="http://127.0.0.1:9/v1/traces"';
  await until("all spans to wait", async () =>
    (await alone.metrics()).includes(`clew_gateway_spans_waiting{${endpoint}} 400`),
  );
  assert.equal(alone.lines.length, 200);
  const warnings = alone.notes.split("\n").filter((line) => line.includes("Spans can't be sent"));
  assert.equal(warnings.length, 1);
  const stopped = performance.now();
  assert.deepEqual(await alone.stop(), { code: 0, signal: null });
  assert.ok(performance.now() - stopped < 20_000);
});
