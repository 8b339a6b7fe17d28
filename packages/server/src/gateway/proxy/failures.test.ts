import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { test } from "node:test";
import {
  ask,
  attribute,
  CLIENT,
  chat,
  configOf,
  SERVER,
  startGateway,
  startUpstream,
} from "./testing/test-gateway.ts";

const ok: http.RequestListener = (request, response) => {
  request.resume();
  response.writeHead(200, { "content-type": "application/json" }).end('{"ok":true}');
};

/** Answers with the statuses in turn, the last one ever after. */
function answering(statuses: readonly number[], headers: http.OutgoingHttpHeaders = {}) {
  const asked: number[] = [];
  const url = startUpstream((request, response) => {
    request.resume();
    const status = statuses[Math.min(asked.length, statuses.length - 1)] ?? 200;
    asked.push(status);
    response.writeHead(status, headers).end(String(status));
  });
  return { url, asked };
}

const statuses = (spans: readonly { kind?: number; status?: { code?: number } }[], kind: number) =>
  spans.filter((span) => span.kind === kind).map(({ status }) => status?.code);

test("429 is passed on with Retry-After when no retries are left", async () => {
  const { url, asked } = answering([429], { "retry-after": "30" });
  const gateway = await startGateway({ upstreams: { local: { url: await url, retries: "3" } } });
  const answer = await ask(`${gateway.url}/v1/chat/completions`, chat());
  assert.deepEqual([answer.status, answer.headers["retry-after"], answer.body], [429, "30", "429"]);
  // It asks for a longer pause than a client is kept waiting.
  assert.equal(asked.length, 1);
  await gateway.over(1);
  assert.deepEqual([...statuses(gateway.spans, SERVER), ...statuses(gateway.spans, CLIENT)], [2, 2]);
});

test("every try is a CLIENT span, and the request succeeds when one does", async () => {
  const { url, asked } = answering([503, 500, 200], { "retry-after": "0" });
  const gateway = await startGateway({ upstreams: { local: { url: await url, retries: "2" } } });
  assert.equal((await ask(`${gateway.url}/v1/chat/completions`, chat())).status, 200);
  await gateway.over(1);
  assert.equal(asked.length, 3);
  assert.deepEqual(statuses(gateway.spans, CLIENT), [2, 2, 1]);
  assert.deepEqual(statuses(gateway.spans, SERVER), [1]);
  const clients = gateway.spans.filter(({ kind }) => kind === CLIENT);
  assert.equal(new Set(clients.map(({ spanId }) => spanId)).size, 3);
  assert.deepEqual(
    clients.map((span) => attribute(span, "http.request.resend_count")),
    [undefined, "1", "2"],
  );
  assert.equal(gateway.facts[0]?.tries, 3);
});

test("a request that may have been begun is not sent to an agent twice, one that was refused is", async () => {
  const broken = answering([500]);
  const full = answering([503, 200], { "retry-after": "0" });
  const gateway = await startGateway({
    upstreams: {
      broken: { kind: "agent", url: await broken.url, retries: "2" },
      full: { kind: "agent", url: await full.url, retries: "2" },
    },
  });
  assert.equal((await ask(`${gateway.url}/agents/broken/x`, { body: "order" })).status, 500);
  assert.equal(broken.asked.length, 1);
  const task = { headers: { "content-type": "application/json" }, body: '{"task":"x"}' };
  assert.equal((await ask(`${gateway.url}/agents/full/x`, task)).status, 200);
  assert.equal(full.asked.length, 2);
});

test("fallbacks are asked in their order, with the model that they are to be asked for", async () => {
  const models: unknown[] = [];
  const first = answering([529]);
  const url = await startUpstream(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    models.push((JSON.parse(body) as { model: unknown }).model);
    response.writeHead(200).end("{}");
  });
  const gateway = await startGateway({
    upstreams: { first: { url: await first.url }, dead: { url: "http://127.0.0.1:1" }, last: { url } },
    routes: [
      {
        path: "/v1",
        model: "gpt-*",
        to: "first",
        fallbacks: ["dead", { upstream: "last", model: "mini" }],
      },
    ],
  });
  assert.equal((await ask(`${gateway.url}/v1/chat/completions`, chat())).status, 200);
  await gateway.over(1);
  assert.deepEqual(models, ["mini"]);
  const clients = gateway.spans.filter(({ kind }) => kind === CLIENT);
  assert.deepEqual(
    clients.map((span) => [attribute(span, "peer.service"), attribute(span, "error.type")]),
    [
      ["first", "529"],
      ["dead", "connect_error"],
      ["last", undefined],
    ],
  );
});

test("weights share requests among targets, and a weight of 0 gets none", async () => {
  const a = answering([200]);
  const b = answering([200]);
  const c = answering([200]);
  const gateway = await startGateway({
    upstreams: { a: { url: await a.url }, b: { url: await b.url }, c: { url: await c.url } },
    routes: [
      {
        to: [
          { upstream: "a", weight: "3" },
          { upstream: "b", weight: "1" },
          { upstream: "c", weight: "0" },
        ],
      },
    ],
  });
  const total = 400;
  for (let n = 0; n < total; n += 1) await ask(`${gateway.url}/x`);
  assert.equal(a.asked.length + b.asked.length, total);
  // Further from 300 than this is one chance in a million million.
  assert.ok(Math.abs(a.asked.length - 300) < 63, String(a.asked.length));
});

test("no connection is 502, and no answer in time 504", async () => {
  const silent = await startUpstream(() => undefined);
  const gateway = await startGateway({
    upstreams: {
      dead: { kind: "service", url: "http://127.0.0.1:1" },
      silent: { kind: "service", url: silent, timeout: "50ms" },
    },
  });
  const dead = await ask(`${gateway.url}/dead/x`);
  assert.equal(dead.status, 502);
  assert.equal((JSON.parse(dead.body) as { error: { code: string } }).error.code, "connect_error");
  const late = await ask(`${gateway.url}/silent/x`);
  assert.equal(late.status, 504);
  assert.match(late.body, /no answer within 50 ms/);
  await gateway.over(2);
  assert.deepEqual(statuses(gateway.spans, SERVER), [2, 2]);
});

test("an upstream that breaks off in the middle of an answer breaks the answer off", async () => {
  const url = await startUpstream((_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write("data: one\n\n", () => response.destroy());
  });
  const gateway = await startGateway({ upstreams: { files: { kind: "service", url } } });
  const answer = await ask(`${gateway.url}/files/x`);
  assert.deepEqual([answer.body, answer.isCutOff], ["data: one\n\n", true]);
  await gateway.over(1);
  for (const span of gateway.spans) {
    assert.equal(span.status?.code, 2);
    assert.equal(attribute(span, "error.type"), "connection_reset");
  }
});

test("an upstream that stops in the middle of an answer is given up", async () => {
  const url = await startUpstream((_, response) => void response.writeHead(200).write("begin"));
  const gateway = await startGateway({
    upstreams: { files: { kind: "service", url, idle_timeout: "50ms" } },
  });
  assert.equal((await ask(`${gateway.url}/files/x`)).isCutOff, true);
  await gateway.over(1);
  assert.equal(gateway.facts[0]?.errorType, "timeout");
});

test("an answer that is no HTTP, or less than announced, is told as what it is", async () => {
  const server = net.createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (request) => {
      const isShort = request.includes("/short");
      socket.end(isShort ? "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nfew" : "SSH-2.0-nothing\r\n");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  const gateway = await startGateway({
    upstreams: { odd: { kind: "service", url: `http://127.0.0.1:${port}` } },
  });
  const odd = await ask(`${gateway.url}/odd/x`);
  assert.deepEqual([odd.status, /invalid_answer/.test(odd.body)], [502, true]);
  assert.equal((await ask(`${gateway.url}/odd/short`)).isCutOff, true);
  server.close();
});

test("when the client leaves, the upstream is let go, and the spans say cancelled", async () => {
  const closed = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const url = await startUpstream((request, response) => {
    response.once("close", closed.resolve);
    if (request.url === "/stream") response.writeHead(200).write("data: one\n\n");
    else begun.resolve();
  });
  const gateway = await startGateway({ upstreams: { files: { kind: "service", url } } });
  const streaming = http.get(`${gateway.url}/files/stream`, { agent: false });
  const [response] = (await once(streaming, "response")) as [http.IncomingMessage];
  await once(response, "data");
  streaming.destroy();
  await closed.promise;
  await gateway.over(1);
  assert.deepEqual(
    gateway.spans.map((span) => attribute(span, "error.type")),
    ["cancelled", "cancelled"],
  );
  assert.equal(gateway.facts[0]?.status, 200);
  const waiting = http.get(`${gateway.url}/files/wait`, { agent: false }).on("error", () => undefined);
  await begun.promise;
  waiting.destroy();
  await gateway.over(2);
  assert.deepEqual([gateway.facts[1]?.status, gateway.facts[1]?.errorType], [499, "cancelled"]);
});

test("an upstream at its limit is not asked: 503 with Retry-After, or the fallback", async () => {
  const arrived = Promise.withResolvers<http.ServerResponse>();
  const busy = await startUpstream((_, response) => arrived.resolve(response));
  const free = await startUpstream(ok);
  const gateway = await startGateway({
    upstreams: {
      busy: { kind: "service", url: busy, max_requests: "1" },
      free: { kind: "service", url: free },
    },
    routes: [{ path: "/either", to: "busy", fallbacks: ["free"] }],
  });
  const first = ask(`${gateway.url}/busy/x`);
  const held = await arrived.promise;
  const refused = await ask(`${gateway.url}/busy/x`);
  assert.deepEqual([refused.status, refused.headers["retry-after"]], [503, "1"]);
  assert.equal((await ask(`${gateway.url}/either/x`)).body, '{"ok":true}');
  held.end("late");
  assert.equal((await first).body, "late");
});

test("more requests at once than the gateway may have are refused at once", async () => {
  const arrived = Promise.withResolvers<http.ServerResponse>();
  const url = await startUpstream((_, response) => arrived.resolve(response));
  const gateway = await startGateway({
    upstreams: { files: { kind: "service", url } },
    limits: { max_requests: "1" },
  });
  const first = ask(`${gateway.url}/files/x`);
  const held = await arrived.promise;
  const refused = await ask(`${gateway.url}/files/x`);
  assert.deepEqual([refused.status, refused.headers["retry-after"]], [503, "1"]);
  assert.match(refused.body, /overloaded/);
  held.end();
  assert.equal((await first).status, 200);
});

test("a connection that the upstream has closed meanwhile is replaced without the client noticing", async () => {
  const server = net.createServer((socket) => {
    socket.on("error", () => undefined);
    let requests = 0;
    socket.on("data", () => {
      requests += 1;
      if (requests === 1) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
      else socket.resetAndDestroy();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  const gateway = await startGateway({ upstreams: { local: { url: `http://127.0.0.1:${port}` } } });
  for (let n = 0; n < 3; n += 1) {
    assert.equal((await ask(`${gateway.url}/v1/chat/completions`, chat())).body, "ok");
  }
  assert.deepEqual(gateway.faults, []);
  server.close();
});

test("a request that goes round in circles is ended", async () => {
  const gateway = await startGateway({ upstreams: { self: { kind: "service", url: "http://127.0.0.1:1" } } });
  const { listeners } = configOf({});
  const config = configOf({ upstreams: { self: { kind: "service", url: gateway.url } } });
  await gateway.gateway.reload({ ...config, listeners }, gateway.parts);
  assert.equal((await ask(`${gateway.url}/self/x`)).status, 508);
});
