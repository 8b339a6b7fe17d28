import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import { test } from "node:test";
import { ask, attribute, CLIENT, chat, SERVER, startGateway, startUpstream } from "./testing/test-gateway.ts";

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** Answers everything, and keeps what it was asked. */
async function mirror(): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const url = await startUpstream(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    seen.push({ method: request.method, url: request.url, headers: request.headers, body });
    response.writeHead(200, [
      "Content-Type",
      "text/plain",
      "Set-Cookie",
      "a=1",
      "Set-Cookie",
      "b=2",
      "X-Own",
      "yes",
    ]);
    response.end("answer");
  });
  return { url, seen };
}

test("method, path, query, headers and body arrive as they were sent, and so does the answer", async () => {
  const { url, seen } = await mirror();
  const gateway = await startGateway({ upstreams: { files: { kind: "service", url } } });
  const answer = await ask(`${gateway.url}/files/a%20b?x=1&x=2`, {
    method: "PUT",
    headers: { "content-type": "text/csv", cookie: "c=3", "x-own": "mine" },
    body: "1;2",
  });
  assert.equal(answer.status, 200);
  assert.equal(answer.body, "answer");
  assert.deepEqual(answer.headers["set-cookie"], ["a=1", "b=2"]);
  assert.equal(answer.headers["x-own"], "yes");
  const [request] = seen;
  assert.equal(request?.method, "PUT");
  assert.equal(request?.url, "/a%20b?x=1&x=2");
  assert.equal(request?.body, "1;2");
  assert.equal(request?.headers.cookie, "c=3");
  assert.equal(request?.headers["x-own"], "mine");
  assert.equal(request?.headers.host, new URL(url).host);
});

test("headers of one connection stay on it, those that Connection names included", async () => {
  const { url, seen } = await mirror();
  const gateway = await startGateway({ upstreams: { files: { kind: "service", url } } });
  await ask(`${gateway.url}/files/`, {
    headers: {
      connection: "close, x-hop",
      "x-hop": "1",
      te: "trailers",
      "keep-alive": "timeout=5",
      "proxy-connection": "keep-alive",
      "proxy-authorization": "Basic c2VjcmV0",
      "x-stays": "1",
    },
  });
  const headers = seen[0]?.headers ?? {};
  for (const name of ["x-hop", "te", "keep-alive", "proxy-connection", "proxy-authorization"]) {
    assert.equal(headers[name], undefined, name);
  }
  assert.equal(headers["x-stays"], "1");
  assert.match(headers.via ?? "", /^1\.1 clew-/);
});

test("one SERVER span for the request and one CLIENT span below it, both with a status", async () => {
  const { url } = await mirror();
  const gateway = await startGateway({ upstreams: { files: { kind: "service", url } } });
  const { headers } = await ask(`${gateway.url}/files/list?key=sk-secret`);
  await gateway.over(1);
  const server = gateway.spans.find(({ kind }) => kind === SERVER);
  const client = gateway.spans.find(({ kind }) => kind === CLIENT);
  assert.equal(gateway.spans.length, 2);
  assert.equal(server?.parentSpanId, undefined);
  assert.equal(client?.parentSpanId, server?.spanId);
  assert.equal(client?.traceId, server?.traceId);
  assert.equal(headers["x-trace-id"], server?.traceId);
  assert.deepEqual([server?.status, client?.status], [{ code: 1 }, { code: 1 }]);
  assert.equal(server?.name, "GET /files");
  assert.equal(attribute(server, "url.path"), "/files/list");
  assert.equal(attribute(client, "http.response.status_code"), "200");
  assert.equal(attribute(client, "peer.service"), "files");
  assert.doesNotMatch(JSON.stringify(gateway.spans), /sk-secret/);
});

test("a call of a model becomes a span with model and tokens; model names choose the upstream", async () => {
  const answer = (model: string) =>
    startUpstream((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
      const choices = [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "hey" } }];
      response.end(JSON.stringify({ id: "1", model, choices, usage }));
    });
  const gateway = await startGateway({
    upstreams: {
      one: { url: await answer("alpha-1"), models: ["alpha-*"] },
      other: { url: await answer("beta-2"), models: ["beta*"] },
    },
  });
  assert.match((await ask(`${gateway.url}/v1/chat/completions`, chat("beta"))).body, /beta-2/);
  assert.match((await ask(`${gateway.url}/v1/chat/completions`, chat("ALPHA-9"))).body, /alpha-1/);
  await gateway.over(2);
  const client = gateway.spans.find(({ kind }) => kind === CLIENT);
  assert.equal(client?.name, "chat beta");
  assert.equal(attribute(client, "gen_ai.response.model"), "beta-2");
  assert.equal(attribute(client, "gen_ai.usage.input_tokens"), "7");
  assert.equal(gateway.facts[0]?.model?.answered, "beta-2");
  const lost = await ask(`${gateway.url}/v1/chat/completions`, chat("gamma"));
  assert.equal(lost.status, 404);
  assert.match(lost.body, /"no_route"/);
});

test("a stream passes piece by piece, before it has ended", async () => {
  const released = Promise.withResolvers<void>();
  const url = await startUpstream(async (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write("data: one\n\n");
    await released.promise;
    response.end("data: two\n\n");
  });
  const gateway = await startGateway({ upstreams: { files: { kind: "service", url } } });
  const request = http.get(`${gateway.url}/files/events`, { agent: false });
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  const ended = once(response, "end");
  const [first] = (await once(response, "data")) as [Buffer];
  assert.equal(first.toString(), "data: one\n\n");
  released.resolve();
  const [second] = (await once(response, "data")) as [Buffer];
  assert.equal(second.toString(), "data: two\n\n");
  await ended;
});

test("the head of an answer is passed on though its body is late", async () => {
  const released = Promise.withResolvers<void>();
  const url = await startUpstream(async (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
    await released.promise;
    response.end();
  });
  const gateway = await startGateway({ upstreams: { files: { kind: "service", url } } });
  const request = http.get(`${gateway.url}/files/events`, { agent: false });
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  assert.equal(response.statusCode, 200);
  released.resolve();
  response.resume();
  await once(response, "end");
});

test("a body larger than what is kept passes whole, and is not tried twice", async () => {
  let tries = 0;
  const url = await startUpstream(async (request, response) => {
    tries += 1;
    let size = 0;
    for await (const chunk of request) size += (chunk as Buffer).length;
    response.writeHead(503).end(String(size));
  });
  const gateway = await startGateway({
    upstreams: { local: { url, retries: "2" } },
    limits: { kept_body: "100kB", kept_bodies: "1MiB" },
  });
  const body = JSON.stringify({ model: "m", messages: [{ role: "user", content: "x".repeat(3_000_000) }] });
  const declared = await ask(`${gateway.url}/v1/chat/completions`, {
    headers: { "content-type": "application/json", "content-length": body.length },
    body,
  });
  assert.deepEqual([declared.status, declared.body], [503, String(body.length)]);
  const chunked = await ask(`${gateway.url}/v1/chat/completions`, {
    headers: { "content-type": "application/json", "transfer-encoding": "chunked" },
    body,
  });
  assert.deepEqual([chunked.status, chunked.body], [503, String(body.length)]);
  assert.equal(tries, 2);
});

test("answers without a body, and to HEAD, end", async () => {
  const url = await startUpstream((request, response) => {
    if (request.method === "HEAD") response.writeHead(200, { "content-length": "500" }).end();
    else if (request.url === "/304") response.writeHead(304, { etag: '"a"' }).end();
    else response.writeHead(204).end();
  });
  const gateway = await startGateway({ upstreams: { files: { kind: "service", url } } });
  const head = await ask(`${gateway.url}/files/x`, { method: "HEAD" });
  assert.deepEqual([head.status, head.headers["content-length"]], [200, "500"]);
  assert.equal((await ask(`${gateway.url}/files/204`, { method: "DELETE" })).status, 204);
  assert.equal((await ask(`${gateway.url}/files/304`)).headers.etag, '"a"');
});

test("configured credentials take the place of the caller's, and are in no span", async () => {
  const { url, seen } = await mirror();
  const gateway = await startGateway({
    upstreams: {
      claude: { url, api_key: "sk-configured", key_header: "x-api-key", headers: { "x-org": "acme" } },
    },
    tracing: {
      span_attributes: { header_prefixes: ["x-"], static: { "deployment.environment.name": "test" } },
    },
  });
  await ask(`${gateway.url}/claude/v1/models`, {
    headers: {
      authorization: "Bearer sk-caller",
      "x-org": "other",
      "x-tenant-id": "t1",
      "x-api-key": "sk-caller-2",
    },
  });
  await gateway.over(1);
  assert.equal(seen[0]?.headers["x-api-key"], "sk-configured");
  assert.equal(seen[0]?.headers["x-org"], "acme");
  assert.equal(seen[0]?.headers.authorization, undefined);
  const told = JSON.stringify([gateway.spans, gateway.facts, gateway.parts.metrics.text()]);
  assert.doesNotMatch(told, /sk-/);
  assert.equal(attribute(gateway.spans[0], "tenant.id"), "t1");
  assert.equal(attribute(gateway.spans[1], "deployment.environment.name"), "test");
});
