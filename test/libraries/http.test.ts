import assert from "node:assert/strict";
import { test } from "node:test";
import { runAgent } from "../harness/agent-process.ts";

const BODY = `
const server = http.createServer((request, response) => response.end("hello"));
server.listen(0, "127.0.0.1", async () => {
  const url = "http://127.0.0.1:" + server.address().port;
  await (await fetch(url + "/fetched")).text();
  http.get(url + "/got", (response) => response.resume().on("end", () => server.close()));
});
`;

for (const kind of ["esm", "cjs"] as const) {
  test(`http and fetch continue one trace from client to server, ${kind}`, async () => {
    const head = kind === "esm" ? 'import http from "node:http";' : 'const http = require("node:http");';
    const { spans, code, stderr } = await runAgent({ kind, source: head + BODY });
    assert.deepEqual([code, stderr], [0, ""]);
    for (const path of ["/fetched", "/got"]) {
      const server = spans.find((span) => span.kind === 2 && span.attributes["url.path"] === path);
      const client = spans.find((span) => span.spanId === server?.parentSpanId);
      assert.equal(client?.kind, 3, path);
      assert.equal(client?.traceId, server?.traceId);
    }
    assert.equal(spans.length, 4);
  });
}
