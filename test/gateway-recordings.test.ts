import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { spansOf } from "./harness/example.ts";
import { GatewayProcess } from "./harness/gateway-process.ts";
import { OddUpstream } from "./harness/odd-upstream.ts";
import { ServerProcess, temporaryFolder } from "./harness/server-process.ts";
import { until } from "./harness/until.ts";

const SECRET = "hunter2-hunter2-hunter2";
const UPSTREAM_SECRET = "sk-upstream-0123456789";

let upstream: OddUpstream;
let server: ServerProcess;

before(async () => {
  upstream = await OddUpstream.start();
  server = await ServerProcess.start();
});

after(async () => {
  await server?.[Symbol.asyncDispose]();
  await upstream?.[Symbol.asyncDispose]();
});

const spansTo = () => ({ CLEW_OTLP_ENDPOINT: `http://127.0.0.1:${server.ports.http}` });
const ask = (text: string, more: object = {}) =>
  JSON.stringify({ model: "gpt-5-mini", messages: [{ role: "user", content: text }], ...more });

async function post(
  gateway: GatewayProcess,
  path: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<{ readonly status: number; readonly text: string; readonly traceId: string }> {
  const all = { "content-type": "application/json", ...headers };
  const response = await fetch(`${gateway.url}${path}`, { method: "POST", body, headers: all });
  const traceId = response.headers.get("x-trace-id") ?? "";
  return { status: response.status, text: await response.text(), traceId };
}

test("what a gateway recorded, another one replays without the provider: answers, streams, order, test cases", async () => {
  const folder = temporaryFolder();
  const baggage = { baggage: "test.case.id=refund-1" };
  const chat = "/openai/v1/chat/completions";
  const asked = async (gateway: GatewayProcess) => [
    await post(gateway, chat, ask("hello"), baggage),
    await post(gateway, "/streaming/v1/chat/completions", ask("hello", { stream: true })),
  ];
  const upstreams = [
    "--upstream",
    `openai=${upstream.url}/fine`,
    "--upstream",
    `streaming=${upstream.url}/malformed`,
  ];
  let first: Awaited<ReturnType<typeof asked>>;
  {
    await using recorder = await GatewayProcess.start({
      args: [...upstreams, "--record", folder],
      env: spansTo(),
    });
    first = await asked(recorder);
  }
  assert.deepEqual(
    globSync("*/*/*.json", { cwd: folder })
      .map((path) => path.split("/")[0])
      .sort(),
    ["no-test-case", "refund-1"],
  );
  const calls = upstream.paths.length;
  await using replayer = await GatewayProcess.start({
    args: [...upstreams, "--replay", folder],
    env: spansTo(),
  });
  const second = await asked(replayer);
  assert.deepEqual(
    second.map(({ status, text }) => [status, text]),
    first.map(({ status, text }) => [status, text]),
  );
  const missing = await post(replayer, chat, ask("something else"));
  assert.equal(missing.status, 404);
  assert.equal(JSON.parse(missing.text).error.code, "recording_missing");
  assert.equal(upstream.paths.length, calls);
  await until("the replayed trace", async () => {
    return (await spansOf(server, second[0]!.traceId)).length === 2;
  });
});

test("a stored trace is replayed by its id, in the format of another provider", async () => {
  let traceId: string;
  {
    await using gateway = await GatewayProcess.start({
      args: ["--upstream", `openai=${upstream.url}/fine`],
      env: spansTo(),
    });
    ({ traceId } = await post(gateway, "/openai/v1/chat/completions", ask("who are you?")));
  }
  await until("the trace", () => server.api.trace(traceId));
  await using replayer = await GatewayProcess.start({
    args: ["--upstream", "anthropic=http://127.0.0.1:9", "--replay-from", traceId, "--url", server.url],
    env: spansTo(),
  });
  const body = { model: "claude", max_tokens: 10, messages: [{ role: "user", content: "who are you?" }] };
  const { status, text } = await post(replayer, "/anthropic/v1/messages", JSON.stringify(body));
  assert.equal(status, 200);
  const answer = JSON.parse(text);
  assert.deepEqual(answer.content, [{ type: "text", text: "hello" }]);
  assert.deepEqual([answer.usage.input_tokens, answer.usage.output_tokens], [5, 2]);
});

test("no secret of any provider gets into spans, logs, figures or recordings; the upstream gets them", async () => {
  const folder = temporaryFolder();
  const log = join(temporaryFolder(), "access.log");
  const gateway = await GatewayProcess.start({
    env: { ...spansTo(), KEY: UPSTREAM_SECRET },
    config: `
gateway:
  listeners: [{ port: 0 }]
  access_log: ${log}
  upstreams:
    openai: { url: "${upstream.url}/echo", api_key: "\${KEY}" }
    anthropic: { url: "${upstream.url}/echo" }
    gemini: { url: "${upstream.url}/echo" }
    gone: { url: "http://127.0.0.1:9", headers: { x-api-key: "\${KEY}" } }
  tracing: { span_attributes: { header_prefixes: ["x-", "authorization", "cookie", "api-key"] } }
  recording: { mode: record, folder: ${folder} }
`,
  });
  const headers = {
    authorization: `Bearer ${SECRET}`,
    "proxy-authorization": `Basic ${SECRET}`,
    "x-api-key": SECRET,
    "api-key": SECRET,
    "x-goog-api-key": SECRET,
    "x-amz-security-token": SECRET,
    cookie: `session=${SECRET}`,
    "x-team": "blue",
  };
  const message = ask(`my key is ${SECRET}`.replace(SECRET, "not here"));
  const traces: string[] = [];
  for (const path of [
    "/openai/v1/chat/completions",
    "/anthropic/v1/messages",
    `/gemini/v1beta/models/gemini-3:generateContent?key=${SECRET}`,
    `/gone/v1/chat/completions?api_key=${SECRET}`,
    `/nowhere?key=${SECRET}`,
  ]) {
    traces.push((await post(gateway, path, message, headers)).traceId);
  }
  const figures = await gateway.metrics();
  await gateway.stop();
  assert.ok(upstream.paths.some((path) => path.includes(SECRET)));
  const { format } = { format: "json" as const };
  const spans = await until("all traces", async () => {
    const body = await server.api.export("traces", { traces, format });
    const text = await new Response(body).text();
    return traces.every((id) => text.includes(id)) && text;
  });
  assert.match(spans, /blue/);
  const recorded = globSync("**/*.json", { cwd: folder });
  assert.equal(recorded.length, 3);
  const places = {
    spans,
    figures,
    notes: gateway.notes,
    output: gateway.lines.join("\n"),
    log: readFileSync(log, "utf8"),
    recordings: recorded.map((path) => readFileSync(join(folder, path), "utf8")).join("\n"),
  };
  for (const [place, text] of Object.entries(places)) {
    assert.ok(text.includes(SECRET) === false, place);
    assert.ok(text.includes(UPSTREAM_SECRET) === false, place);
  }
  assert.equal(places.log.trim().split("\n").length, 5);
});
