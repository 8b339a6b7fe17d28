import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { HostProxy } from "../harness/host-proxy.ts";
import type { ReceivedSpan } from "../harness/otlp-collector.ts";
import { PythonService, runPython } from "../harness/python-agent.ts";
import { noPython, pythonSetup } from "../harness/python-environment.ts";
import { temporaryFolder } from "../harness/server-process.ts";

/** Programs from documents about tracing agents, as they stand there; only their indentation is restored. */
const LIST = { list: "seeds/requirements.txt" };
const skip = (await noPython(LIST)) ?? false;
const setup = skip ? undefined : await pythonSetup(LIST);

function program(name: string): Record<string, string> {
  return { [name]: readFileSync(new URL(`seeds/${name}`, import.meta.url), "utf8") };
}

function named(spans: readonly ReceivedSpan[], name: string): ReceivedSpan {
  const found = spans.filter((span) => span.name === name);
  assert.equal(found.length, 1, `${name} among ${spans.map((span) => span.name).join(", ")}`);
  return found[0]!;
}

/** Spans that a console exporter printed, which may have printed among other lines. */
function printed(stdout: string): { name: string; context: { trace_id: string; span_id: string } }[] {
  return [...stdout.matchAll(/^\{\n.*?^\}$/gms)].map(([text]) => JSON.parse(text));
}

const options = { ...(setup && { setup }), clewRun: ["--session", "s-1"] };

test("recommendations: every span arrives beside an exporter whose collector is not there", {
  skip,
}, async () => {
  const source = `
import sys, recommendation
print(recommendation.recommend_products("u-1"))
`;
  const run = await runPython({ ...options, files: { ...program("recommendation.py"), "agent.py": source } });
  assert.equal(run.code, 0, run.stderr);
  assert.equal(run.stdout, "['recommended_product1', 'recommended_product2']\n");
  assert.equal(run.spans.length, 3);
  const root = named(run.spans, "recommend_products");
  assert.equal(root.parentSpanId, undefined);
  assert.deepEqual([root.attributes["user.id"], root.attributes["recommendations.count"]], ["u-1", 2]);
  for (const name of ["fetch_user_data", "generate_recommendations"]) {
    const { traceId, parentSpanId } = named(run.spans, name);
    assert.deepEqual([traceId, parentSpanId], [root.traceId, root.spanId]);
  }
  assert.ok(run.spans.every(({ attributes }) => attributes["session.id"] === "s-1"));
});

test("recommendations: the console of their last lines, which SDKs refuse, ends as it does untraced", {
  skip,
}, async () => {
  const files = { ...program("recommendation.py"), ...program("recommendation_console.py") };
  const source =
    "import recommendation\nrecommendation.recommend_products('u-1')\nimport recommendation_console";
  const traced = await runPython({ ...options, files: { ...files, "agent.py": source } });
  const untraced = await runPython({
    ...options,
    env: { OTEL_SDK_DISABLED: "true" },
    files: { ...files, "agent.py": source },
  });
  assert.deepEqual([traced.code, untraced.code], [1, 1]);
  const last = (text: string) =>
    text
      .trimEnd()
      .split("\n")
      .findLast((line) => /^\w*Error/.test(line));
  assert.match(last(traced.stderr) ?? "", /AttributeError/);
  assert.equal(last(traced.stderr), last(untraced.stderr));
  assert.equal(traced.spans.length, 3);
});

const RECORD = { id: "12345", value: "some_value" };

test("agents A and B are one trace by what the message carries, and go on printing their spans", {
  skip,
}, async () => {
  await using proxy = await HostProxy.start(["api.example.com"], () => RECORD);
  const send =
    "import agent_a, json, sys\njson.dump(agent_a.fetch_and_send_data('12345'), open(sys.argv[1], 'w'))";
  const folder = temporaryFolder();
  const message = join(folder, "message.json");
  const a = await runPython({
    ...options,
    files: { ...program("agent_a.py"), "agent.py": send },
    args: ["agent.py", message],
    env: proxy.variables,
  });
  assert.deepEqual([a.code, a.stderr], [0, ""]);
  const receive =
    "import agent_b, json, sys\nprint(agent_b.process_received_data(json.load(open(sys.argv[1]))))";
  const b = await runPython({
    ...options,
    clewRun: [],
    files: { ...program("agent_b.py"), "agent.py": receive },
    args: ["agent.py", message],
  });
  assert.deepEqual([b.code, b.stderr], [0, ""]);

  const fetch = named(a.spans, "fetch_data_from_api");
  const request = named(a.spans, "GET");
  const process = named(b.spans, "process_data");
  assert.equal(a.spans.length + b.spans.length, 3);
  assert.deepEqual([request.traceId, request.parentSpanId], [fetch.traceId, fetch.spanId]);
  assert.deepEqual([process.traceId, process.parentSpanId], [fetch.traceId, fetch.spanId]);
  assert.deepEqual([fetch.service, request.service], ["agent-a-data-fetcher", "agent-a-data-fetcher"]);
  assert.equal(process.service, "agent-b-data-processor");
  assert.equal(fetch.attributes["data.size"], '{"id": "12345", "value": "some_value"}'.length);
  // The session was given to agent A only.
  assert.deepEqual(
    [fetch, request, process].map(({ attributes }) => attributes["session.id"]),
    ["s-1", "s-1", "s-1"],
  );

  assert.deepEqual(
    [a, b].map(({ stdout }) => printed(stdout).map(({ name, context }) => [name, context.span_id.slice(2)])),
    [
      [
        ["GET", request.spanId],
        ["fetch_data_from_api", fetch.spanId],
      ],
      [["process_data", process.spanId]],
    ],
  );
  assert.match(a.stdout, new RegExp(`with context: .*00-${fetch.traceId}-${fetch.spanId}-0[13]`));
  assert.match(b.stdout, /Agent B: Data processed for ID 12345\./);
  assert.deepEqual([a.logs, b.logs], [[], []]);
  const [call] = proxy.received;
  assert.equal(call?.url, "https://api.example.com/data/12345");
  assert.deepEqual([call.headers.traceparent, call.headers.baggage], [undefined, undefined]);
});

test("agents A and B by themselves: B belongs to the trace that its message names", { skip }, async () => {
  await using proxy = await HostProxy.start(["api.example.com"], () => RECORD);
  const a = await runPython({
    ...options,
    files: program("agent_a.py"),
    args: ["agent_a.py"],
    env: proxy.variables,
  });
  assert.deepEqual([a.code, a.stderr, a.spans.length], [0, "", 2]);
  const b = await runPython({ ...options, files: program("agent_b.py"), args: ["agent_b.py"] });
  assert.deepEqual([b.code, b.stderr], [0, ""]);
  const process = named(b.spans, "process_data");
  assert.equal(process.traceId, "4bf92f3577b34da6a3ce929d0e0e4736");
  assert.equal(process.parentSpanId, "00f067aa0ba902b7");
  assert.equal(printed(b.stdout).length, 1);
});

const SERVE = `
from http.server import BaseHTTPRequestHandler, HTTPServer
import sys, customer_support

class Support(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path != "/ready":
            customer_support.handle_request(self)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args):
        pass

HTTPServer(("127.0.0.1", int(sys.argv[1])), Support).serve_forever()
`;
const TRACE = "a".repeat(32);
const PARENT = "b".repeat(16);

test("customer support continues the caller's trace and hands it to the payment service", {
  skip,
}, async () => {
  await using proxy = await HostProxy.start(["payment-service"], () => ({ paid: true }));
  await using service = await PythonService.start({
    ...options,
    files: { ...program("customer_support.py"), "agent.py": SERVE },
    args: ["-u", "agent.py", "{port}"],
    env: proxy.variables,
  });
  const headers = { traceparent: `00-${TRACE}-${PARENT}-01`, baggage: "test.case.id=c-1" };
  assert.equal((await fetch(service.url, { headers })).status, 200);
  const { stdout } = await service.stop();
  assert.match(stdout, /Processing customer request\.\.\.\nPayment service response: b'\{"paid":true\}'/);
  const { spans } = service;
  const root = named(spans, "process_customer_request");
  const request = named(spans, "GET");
  assert.equal(spans.length, 2);
  assert.deepEqual([root.traceId, root.parentSpanId], [TRACE, PARENT]);
  assert.deepEqual([request.traceId, request.parentSpanId], [TRACE, root.spanId]);
  assert.ok(spans.every((span) => span.service === "customer-support-agent"));
  assert.ok(spans.every(({ attributes }) => attributes["test.case.id"] === "c-1"));
  const [call] = proxy.received;
  assert.equal(call?.url, "http://payment-service/api");
  assert.equal(call.headers.traceparent, `00-${TRACE}-${request.spanId}-01`);
});

test("the chat agent, which instruments its application itself, has one span per request", {
  skip,
}, async () => {
  await using proxy = await HostProxy.start(["other-service.com"], () => ({ said: "hello" }));
  await using service = await PythonService.start({
    ...options,
    files: program("chat.py"),
    program: "uvicorn",
    args: ["chat:app", "--port", "{port}", "--log-level", "warning"],
    env: { ...proxy.variables, CLEW_PROPAGATE_TO: "other-service.com" },
  });
  const headers = { traceparent: `00-${TRACE}-${PARENT}-01` };
  const answer = await fetch(`${service.url}/chat`, { headers });
  assert.deepEqual(await answer.json(), { said: "hello" });
  const { stderr } = await service.stop();
  assert.equal(stderr, "");
  const spans = service.spans.filter(({ traceId }) => traceId === TRACE);
  const chat = named(spans, "GET /chat");
  const request = named(spans, "GET");
  assert.equal(chat.parentSpanId, PARENT);
  assert.equal(request.parentSpanId, chat.spanId);
  assert.equal(proxy.received[0]?.headers.traceparent, `00-${TRACE}-${request.spanId}-01`);
});
