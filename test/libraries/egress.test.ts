import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { type AgentRun, runAgent } from "../harness/agent-process.ts";

/** Every name and address is this machine, so that hosts outside can be called. */
const EVERYWHERE = `
import dns from "node:dns";
import http from "node:http";
import net from "node:net";
import { syncBuiltinESMExports } from "node:module";
const { connect } = net;
dns.lookup = (name, options, done) => {
  const callback = done ?? options;
  if (options?.all) callback(null, [{ address: "127.0.0.1", family: 4 }]);
  else callback(null, "127.0.0.1", 4);
};
dns.promises.lookup = async () => [{ address: "127.0.0.1", family: 4 }];
net.connect = net.createConnection = (options, ...rest) => connect({ ...options, host: "127.0.0.1" }, ...rest);
syncBuiltinESMExports();
const [port] = process.argv.slice(2);
const got = (options) => new Promise((resolve, reject) => {
  http.get({ port, createConnection: net.connect, ...options }, (response) => response.resume().on("end", resolve))
    .on("error", reject);
});
const fetched = async (host, path, headers) => (await fetch("http://" + host + ":" + port + path, { headers })).text();
`;

/** Headers of the requests that arrived, by path. */
const received = new Map<string, { headers: IncomingHttpHeaders; raw: readonly string[] }>();
const server: Server = createServer((request, response) => {
  received.set(request.url ?? "", { headers: request.headers, raw: request.rawHeaders });
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ id: "m", type: "message", role: "assistant", content: [], usage: {} }));
});

before(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
after(() => {
  server.closeAllConnections();
  server.close();
});

async function runAway(source: string, env: Readonly<Record<string, string>> = {}): Promise<AgentRun> {
  received.clear();
  const run = await runAgent({
    kind: "esm",
    source: EVERYWHERE + source,
    args: [String((server.address() as AddressInfo).port)],
    env: { CLEW_SESSION_ID: "s1", ...env },
  });
  assert.deepEqual([run.code, run.stderr], [0, ""]);
  return run;
}

/** Whether a request got context: all of it or nothing. */
function gotContext(path: string): boolean {
  const headers = received.get(path)?.headers;
  assert.ok(headers !== undefined, `${path} was called`);
  const { traceparent, baggage } = headers;
  if (traceparent === undefined) assert.equal(baggage, undefined, path);
  else assert.equal(baggage, "session.id=s1", path);
  return traceparent !== undefined;
}

/** Hosts that spans tell of, in the order in which the spans began. */
function told(run: AgentRun): unknown[] {
  const spans = run.spans.toSorted((one, other) =>
    Number(BigInt(one.startTimeUnixNano ?? 0) - BigInt(other.startTimeUnixNano ?? 0)),
  );
  return spans.flatMap(({ events }) =>
    (events ?? [])
      .filter(({ name }) => name === "clew.context_withheld")
      .map(({ attributes }) => attributes?.find(({ key }) => key === "server.address")?.value?.stringValue),
  );
}

const INSIDE = [
  "localhost",
  "127.0.0.2",
  "10.1.2.3",
  "172.31.0.1",
  "192.168.1.1",
  "100.100.0.1",
  "redis",
  "agents.team.svc",
  "agents.team.svc.cluster.local",
  "host.docker.internal",
  "printer.local",
];
const OUTSIDE = ["api.example.com", "203.0.113.7", "172.32.0.1", "169.254.169.254", "local.example.org"];
const IPV6 = { inside: ["::1", "fd12::1"], outside: ["2001:db8::1"] };

for (const way of ["got", "fetched"]) {
  test(`context goes to hosts inside and is withheld from those outside, and that is told once: ${way}`, async () => {
    const hosts = [...INSIDE, ...OUTSIDE, ...IPV6.inside, ...IPV6.outside];
    const run = await runAway(`
for (const host of ${JSON.stringify(hosts)}) {
  for (const time of [1, 2]) {
    const path = "/" + host + "/" + time;
    if ("${way}" === "got") await got({ host, path });
    else await fetched(host.includes(":") ? "[" + host + "]" : host, path);
  }
}`);
    for (const host of hosts) {
      const inside = INSIDE.includes(host) || IPV6.inside.includes(host);
      for (const time of [1, 2]) assert.equal(gotContext(`/${host}/${time}`), inside, host);
    }
    const outside = [...OUTSIDE, ...IPV6.outside];
    assert.deepEqual(told(run), outside);
    for (const host of outside) {
      const first = run.spans.find(({ attributes }) => String(attributes["url.full"]).endsWith(`/${host}/1`));
      assert.equal(first?.events?.length, 1, host);
    }
  });
}

test("what is configured is allowed beside it", async () => {
  const source = `
for (const host of ["api.example.com", "example.org", "a.b.example.org", "203.0.113.7", "203.0.114.7"]) {
  await got({ host, path: "/" + host });
}`;
  const list = "api.example.com, *.example.org, 203.0.113.0/24";
  const run = await runAway(source, { CLEW_PROPAGATE_TO: list });
  assert.deepEqual(told(run), ["203.0.114.7"]);
  for (const [path] of received) assert.equal(gotContext(path), path !== "/203.0.114.7");
  assert.deepEqual(told(await runAway(source, { CLEW_PROPAGATE_TO: "*" })), []);
  for (const [path] of received) assert.equal(gotContext(path), true);
});

test("context is withheld from a host outside when the trace is not recorded, too", async () => {
  const source = `
await got({ host: "api.example.com", path: "/got" });
await fetched("api.example.com", "/fetched");
await fetched("localhost", "/inside");
`;
  const { spans } = await runAway(source, { TRACEPARENT: `00-${"a".repeat(32)}-${"b".repeat(16)}-00` });
  assert.equal(spans.length, 0);
  assert.deepEqual(["/got", "/fetched", "/inside"].map(gotContext), [false, false, true]);
});

test("the destination of a request through a proxy is its target, and a Unix socket is inside", async () => {
  const run = await runAway(`
await got({ host: "proxy", path: "http://api.example.com/through" });
await got({ host: "proxy.example.com", path: "http://inside/through" });
const local = http.createServer((request, response) => response.end(request.headers.traceparent));
local.listen("local.sock", () => {
  http.get({ socketPath: "local.sock", path: "/" }, (response) => response.pipe(process.stdout));
});
local.once("request", (request, response) => response.on("close", () => {
  local.close();
  local.closeAllConnections();
}));
`);
  assert.match(run.stdout, /^00-/);
  assert.equal(gotContext("http://api.example.com/through"), false);
  assert.equal(gotContext("http://inside/through"), true);
  assert.deepEqual(told(run), ["api.example.com"]);
});

test("context that an SDK injects by itself is withheld from a host outside", async () => {
  const run = await runAway(`
import { context, propagation, trace } from "@opentelemetry/api";
await trace.getTracer("sdk").startActiveSpan("call", async (span) => {
  const headers = {};
  propagation.inject(context.active(), headers);
  if (headers.traceparent === undefined) throw new Error("nothing was injected");
  await got({ host: "api.example.com", path: "/got", headers });
  await fetched("other.example.com", "/fetched", headers);
  await fetched("inside", "/inside", headers);
  span.end();
});
`);
  assert.deepEqual(["/got", "/fetched", "/inside"].map(gotContext), [false, false, true]);
  assert.deepEqual(told(run), ["api.example.com", "other.example.com"]);
  const names = received.get("/inside")?.raw.filter((_, index) => index % 2 === 0) ?? [];
  assert.equal(names.filter((name) => name.toLowerCase() === "traceparent").length, 1);
});

test("the Anthropic SDK, which injects context itself, sends none outside and one inside", async () => {
  const run = await runAway(`
import Anthropic from "@anthropic-ai/sdk";
for (const host of ["api.example.com", "inside"]) {
  const client = new Anthropic({ apiKey: "k", baseURL: "http://" + host + ":" + port + "/" + host, maxRetries: 0 });
  await client.messages.create({ model: "m", max_tokens: 1, messages: [{ role: "user", content: "x" }] });
}
`);
  assert.equal(gotContext("/api.example.com/v1/messages"), false);
  assert.equal(gotContext("/inside/v1/messages"), true);
  const { headers, raw } = received.get("/inside/v1/messages")!;
  assert.equal(raw.filter((name) => name.toLowerCase() === "traceparent").length, 1);
  const sender = run.spans.find(({ spanId }) => spanId === headers.traceparent?.toString().split("-")[2]);
  assert.equal(sender?.attributes["http.request.method"], "POST");
  assert.deepEqual(told(run), ["api.example.com"]);
});

test("a request that is sent on to a host outside carries no context there", async () => {
  const run = await runAway(`
const here = http.createServer((request, response) => {
  response.writeHead(307, { location: "http://api.example.com:" + port + request.url }).end();
});
here.listen(0, "127.0.0.1", async () => {
  await (await fetch("http://inside:" + here.address().port + "/sent-on")).text();
  here.close();
  here.closeAllConnections();
});
`);
  assert.equal(gotContext("/sent-on"), false);
  assert.deepEqual(told(run), ["api.example.com"]);
});

test("messages to an MCP server outside carry no context, those to one inside do", async () => {
  const run = await runAway(`
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
const bodies = [];
const answer = async (url, init) => {
  const message = JSON.parse(init.body ?? "{}");
  bodies.push([new URL(url).hostname, message.params?._meta]);
  return new Response(null, { status: 400 });
};
for (const host of ["mcp.example.com", "inside"]) {
  const client = new Client({ name: "c", version: "1" });
  const transport = new StreamableHTTPClientTransport(new URL("http://" + host + "/mcp"), { fetch: answer });
  await client.connect(transport).catch(() => {});
}
console.log(JSON.stringify(bodies));
`);
  const [outside, inside] = JSON.parse(run.stdout) as [string, Record<string, string> | undefined][];
  assert.deepEqual(outside, ["mcp.example.com", null]);
  assert.equal(inside?.[1]?.baggage, "session.id=s1");
  assert.deepEqual(told(run), ["mcp.example.com"]);
});

test("gRPC metadata carries context inside only, also when the trace is not recorded", async () => {
  const source = `
import grpc from "@grpc/grpc-js";
const identity = (buffer) => buffer;
const method = { path: "/s.S/M", requestStream: false, responseStream: false, requestSerialize: identity,
  requestDeserialize: identity, responseSerialize: identity, responseDeserialize: identity };
const served = new grpc.Server();
const seen = [];
served.addService({ M: method }, { M: (call, respond) => {
  seen.push(call.metadata.get("baggage").join());
  respond(null, Buffer.from("x"));
} });
served.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), async (error, bound) => {
  for (const host of ["grpc.example.com", "inside"]) {
    const client = new grpc.Client(host + ":" + bound, grpc.credentials.createInsecure());
    await new Promise((done) => client.makeUnaryRequest(method.path, identity, identity, Buffer.from("x"), done));
    client.close();
  }
  console.log(JSON.stringify(seen));
  served.forceShutdown();
});
`;
  const run = await runAway(source);
  assert.equal(run.stdout, '["","session.id=s1"]\n');
  assert.deepEqual(told(run), ["grpc.example.com"]);
  const unrecorded = await runAway(source, { TRACEPARENT: `00-${"a".repeat(32)}-${"b".repeat(16)}-00` });
  assert.equal(unrecorded.stdout, '["","session.id=s1"]\n');
});

test("headers that the agent wrote itself are sent as they are", async () => {
  const own = `00-${"c".repeat(32)}-${"d".repeat(16)}-01`;
  await runAway(`
const headers = { traceparent: "${own}", baggage: "mine=1" };
await got({ host: "api.example.com", path: "/got", headers });
await fetched("api.example.com", "/fetched", headers);
await got({ host: "inside", path: "/got-inside", headers: { baggage: "mine=1" } });
await fetched("inside", "/fetched-inside", { baggage: "mine=1" });
await got({ host: "inside", path: "/array", headers: ["X-Own", "1", "X-Own", "2", "Host", "h"] });
`);
  for (const path of ["/got", "/fetched"]) {
    const { traceparent, baggage } = received.get(path)!.headers;
    assert.deepEqual([traceparent, baggage], [own, "mine=1"], path);
  }
  for (const path of ["/got-inside", "/fetched-inside"]) {
    assert.equal(received.get(path)?.headers.baggage, "session.id=s1,mine=1", path);
  }
  const array = received.get("/array")!.headers;
  assert.deepEqual([array["x-own"], array.host], ["1, 2", "h"]);
  assert.ok(gotContext("/array"));
});
