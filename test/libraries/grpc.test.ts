import assert from "node:assert/strict";
import { test } from "node:test";
import { runAgent } from "../harness/agent-process.ts";

const PROTO = `syntax = "proto3"; package shop;
message Item { string name = 1; }
service Orders {
  rpc Get (Item) returns (Item);
  rpc Upload (stream Item) returns (Item);
  rpc Download (Item) returns (stream Item);
  rpc Talk (stream Item) returns (stream Item);
  rpc Fail (Item) returns (Item);
  rpc Missing (Item) returns (Item);
  rpc Endless (Item) returns (stream Item);
}`;

const BODY = `
fs.writeFileSync("shop.proto", ${JSON.stringify(PROTO)});
const { shop } = grpc.loadPackageDefinition(loader.loadSync("shop.proto"));
const server = new grpc.Server();
let base;
const inner = async () => (await fetch(base)).text();
server.addService(shop.Orders.service, {
  async get(call, callback) { await inner(); callback(null, { name: "got " + call.request.name + " " + (call.metadata.get("own")[0] ?? "") }); },
  async upload(call, callback) {
    let name = "";
    for await (const item of call) name += item.name;
    await inner();
    callback(null, { name });
  },
  async download(call) {
    for (const name of ["a", "b", "c"]) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      call.write({ name });
    }
    await inner();
    call.end();
  },
  talk(call) {
    call.on("data", async (item) => { await inner(); call.write({ name: item.name.toUpperCase() }); call.end(); });
  },
  fail(call, callback) { callback({ code: grpc.status.INTERNAL, details: "out of stock" }); },
  missing(call, callback) { callback({ code: grpc.status.NOT_FOUND, details: "no such order" }); },
  endless(call) { call.write({ name: "first" }); },
});
const web = http.createServer((request, response) => response.end("inner"));
web.listen(0, "127.0.0.1", () => {
  base = "http://127.0.0.1:" + web.address().port;
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => drive(port));
});
async function drive(port) {
  const client = new shop.Orders("127.0.0.1:" + port, grpc.credentials.createInsecure());
  const metadata = new grpc.Metadata();
  metadata.set("own", "mine");
  const unary = (name, argument) => new Promise((resolve) =>
    client[name](argument, metadata, (error, value) => resolve(error ? error.code + " " + error.details : value.name)));
  console.log(await unary("get", { name: "one" }));
  console.log(Object.keys(metadata.getMap()).join());
  console.log(await new Promise((resolve) => {
    const call = client.upload((error, value) => resolve(value.name));
    call.write({ name: "x" });
    call.end({ name: "y" });
  }));
  let names = "";
  for await (const item of client.download({ name: "all" })) names += item.name;
  console.log(names);
  console.log(await new Promise((resolve) => {
    const call = client.talk();
    call.on("data", (item) => call.on("end", () => resolve(item.name)));
    call.write({ name: "hello" });
  }));
  console.log(await unary("fail", {}));
  console.log(await unary("missing", {}));
  const endless = client.endless({});
  endless.on("error", (error) => console.log(error.code));
  endless.on("data", () => endless.cancel());
  await new Promise((resolve) => endless.on("status", resolve));
  await new Promise((resolve) => setTimeout(resolve, 50));
  client.close();
  server.forceShutdown();
  web.close();
}
`;

const NAMES = { fs: "node:fs", http: "node:http", grpc: "@grpc/grpc-js", loader: "@grpc/proto-loader" };
const HEADS = {
  esm: Object.entries(NAMES).map(([name, from]) => `import ${name} from "${from}";`),
  "esm with a namespace": Object.entries(NAMES).map(([name, from]) => `import * as ${name} from "${from}";`),
  cjs: Object.entries(NAMES).map(([name, from]) => `const ${name} = require("${from}");`),
};

/** Method, status, whether the client's and the server's span count as failed, calls made by the handler. */
const CALLS = [
  ["Get", "OK", 0, 0, 1],
  ["Upload", "OK", 0, 0, 1],
  ["Download", "OK", 0, 0, 1],
  ["Talk", "OK", 0, 0, 1],
  ["Fail", "INTERNAL", 2, 2, 0],
  ["Missing", "NOT_FOUND", 2, 0, 0],
  ["Endless", "CANCELLED", 2, 0, 0],
] as const;

for (const [kind, head] of Object.entries(HEADS)) {
  test(`a call by gRPC is one span on each side, unary and streaming, ${kind}`, async () => {
    const source = head.join("\n") + BODY;
    const { spans, stdout, stderr } = await runAgent({ kind: kind === "cjs" ? "cjs" : "esm", source });
    assert.equal(stdout, "got one mine\nown\nxy\nabc\nHELLO\n13 out of stock\n5 no such order\n1\n", stderr);
    for (const [method, status, failedClient, failedServer, calls] of CALLS) {
      const [client, server, ...more] = spans
        .filter(({ name }) => name === `shop.Orders/${method}`)
        .sort((a, b) => Number(b.kind) - Number(a.kind));
      assert.ok(client !== undefined && server !== undefined && more.length === 0, method);
      assert.deepEqual([client.kind, server.kind], [3, 2], method);
      assert.deepEqual([server.parentSpanId, server.traceId], [client.spanId, client.traceId], method);
      assert.equal(client.attributes["server.address"], "127.0.0.1");
      const statuses = [client, server].map(({ attributes }) => attributes["rpc.response.status_code"]);
      assert.deepEqual(statuses, [status, status], method);
      assert.deepEqual(
        [client.status?.code ?? 0, server.status?.code ?? 0],
        [failedClient, failedServer],
        method,
      );
      const children = spans.filter(({ parentSpanId }) => parentSpanId === server.spanId);
      assert.equal(children.length, calls, `${method} has its handler's calls below it`);
      const milliseconds = (Number(server.endTimeUnixNano) - Number(server.startTimeUnixNano)) / 1e6;
      if (method === "Download") assert.ok(milliseconds >= 55, `a stream took ${milliseconds} ms`);
    }
    assert.equal(spans.length, 2 * CALLS.length + 2 * 4);
  });
}

test("context goes to hosts inside and is withheld from those outside, and that is told once", async () => {
  const source = `
    require("node:dns").promises.lookup = async () => [{ address: "127.0.0.1", family: 4 }];
    ${HEADS.cjs.join("\n")}
    fs.writeFileSync("shop.proto", ${JSON.stringify(PROTO)});
    const { shop } = grpc.loadPackageDefinition(loader.loadSync("shop.proto"));
    const server = new grpc.Server();
    server.addService(shop.Orders.service, {
      get: ({ metadata }, callback) => callback(null, { name: Object.keys(metadata.getMap()).filter((key) => key === "traceparent" || key === "baggage").join() }),
    });
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), async (error, port) => {
      for (const host of ["shop.example.com", "shop.example.com", "shop.internal"]) {
        const client = new shop.Orders(host + ":" + port, grpc.credentials.createInsecure());
        await new Promise((resolve) => client.get({}, (error, item) => { console.log(host, error ?? item.name); resolve(); }));
        client.close();
      }
      server.forceShutdown();
    });`;
  const { spans, stdout, stderr } = await runAgent({ kind: "cjs", source, env: { CLEW_SESSION_ID: "s1" } });
  assert.equal(stdout, "shop.example.com \nshop.example.com \nshop.internal traceparent,baggage\n", stderr);
  const told = spans.flatMap(({ name, events }) => (events ?? []).map((event) => `${name} ${event.name}`));
  assert.deepEqual(told, ["shop.Orders/Get clew.context_withheld"]);
});
