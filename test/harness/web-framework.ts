import assert from "node:assert/strict";
import { type AgentOptions, runAgent } from "./agent-process.ts";
import type { ReceivedSpan } from "./otlp-collector.ts";

/**
 * Client of every web framework's agent, to be called as `drive(port)` once it listens. The server has to answer
 * `GET /orders/:id` and `POST /orders` (JSON) after `await inner()`, `GET /inner`, `GET /stream` (three pieces
 * in 60 ms or more), `GET /fails` (throws `Error("out of stock")`), `GET /denied` (403, as the framework
 * throws it), and `GET /api/items/:item` from whatever it calls a mounted router; `done()` ends it.
 */
export const CLIENT = `
let base;
const inner = async () => (await fetch(base + "/inner")).text();
async function drive(port) {
  base = "http://127.0.0.1:" + port;
  const answers = [];
  for (const path of ["/orders/42?x=1", "/stream", "/fails", "/denied", "/nowhere", "/api/items/7"]) {
    const answer = await fetch(base + path);
    answers.push(answer.status + " " + (answer.status < 400 ? await answer.text() : await answer.text() && ""));
  }
  const headers = { "content-type": "application/json" };
  const posted = await fetch(base + "/orders", { method: "POST", headers, body: '{"id":9}' });
  answers.push(posted.status + " " + await posted.text());
  console.log(JSON.stringify(answers));
}
`;

const ROUTES: Readonly<Record<string, string | undefined>> = {
  "GET /orders/42": "/orders/:id",
  "GET /stream": "/stream",
  "GET /fails": "/fails",
  "GET /denied": "/denied",
  "GET /nowhere": undefined,
  "GET /api/items/7": "/api/items/:item",
  "POST /orders": "/orders",
};

/** Runs an agent with `CLIENT` in it and checks what every framework owes; returns its spans for more. */
export async function checkWebFramework(options: AgentOptions): Promise<readonly ReceivedSpan[]> {
  const { spans, code, stdout, stderr } = await runAgent(options);
  assert.equal(code, 0, stderr);
  assert.deepEqual(
    JSON.parse(stdout.trim().split("\n").at(-1) ?? ""),
    ["200 42", "200 abc", "500 ", "403 ", "404 ", "200 7", "200 9"],
    stdout,
  );
  const servers = spans.filter(({ kind }) => kind === 2);
  for (const [request, route] of Object.entries(ROUTES)) {
    const [method, path] = request.split(" ");
    const server = servers.find(
      ({ attributes }) => attributes["url.path"] === path && attributes["http.request.method"] === method,
    );
    assert.ok(server !== undefined, `${request} has a server span`);
    assert.equal(server.name, route === undefined ? method : `${method} ${route}`);
    assert.equal(server.attributes["http.route"], route);
    const client = spans.find(({ spanId }) => spanId === server.parentSpanId);
    assert.deepEqual(
      [client?.kind, client?.traceId],
      [3, server.traceId],
      `${request} continues its client's trace`,
    );
    const children = spans.filter(({ parentSpanId }) => parentSpanId === server.spanId);
    const calls = path?.startsWith("/orders") ? ["/inner"] : [];
    assert.deepEqual(
      children.map(({ attributes }) => new URL(String(attributes["url.full"])).pathname),
      calls,
      `${request} has only the handler's own calls below it`,
    );
    const errors = (server.events ?? []).map(
      ({ attributes }) => attributes?.find(({ key }) => key === "exception.message")?.value?.stringValue,
    );
    assert.deepEqual(errors, path === "/fails" ? ["out of stock"] : [], `errors of ${request}`);
    assert.equal(server.status?.code ?? 0, path === "/fails" ? 2 : 0, `status of ${request}`);
    if (path === "/stream")
      assert.ok(millisecondsOf(server) >= 55, `${millisecondsOf(server)} ms of a stream`);
  }
  assert.equal(servers.length, Object.keys(ROUTES).length + 2, "and one for each call of /inner");
  assert.equal(spans.length, 2 * servers.length, "no span but clients' and servers'");
  return spans;
}

function millisecondsOf(span: ReceivedSpan): number {
  return Number(BigInt(span.endTimeUnixNano ?? 0) - BigInt(span.startTimeUnixNano ?? 0)) / 1e6;
}
