import assert from "node:assert/strict";
import { test } from "node:test";
import { runAgent } from "../harness/agent-process.ts";

const HEADS = {
  esm: 'import http from "node:http"; import cluster from "node:cluster";',
  cjs: 'const http = require("node:http"); const cluster = require("node:cluster");',
};

const BODY = `
if (cluster.isPrimary) {
  const ready = [1, 2].map(() => new Promise((resolve) => cluster.fork().on("listening", resolve)));
  Promise.all(ready).then(async ([{ port }]) => {
    for (const path of ["/a", "/b", "/c", "/d"]) await (await fetch("http://127.0.0.1:" + port + path)).text();
    for (const worker of Object.values(cluster.workers)) worker.send("end");
  });
} else {
  const server = http.createServer((request, response) => response.end(String(process.pid)));
  server.listen(0, "127.0.0.1");
  process.on("message", () => { server.close(); process.disconnect(); });
}
`;

for (const [kind, head] of Object.entries(HEADS) as ["esm" | "cjs", string][]) {
  test(`workers of a cluster are traced, and requests continue their clients' traces, ${kind}`, async () => {
    const { spans, stderr, code } = await runAgent({ kind, source: head + BODY });
    assert.deepEqual([code, stderr], [0, ""]);
    const servers = spans.filter((span) => span.kind === 2);
    assert.equal(servers.length, 4);
    for (const server of servers) {
      const client = spans.find(({ spanId }) => spanId === server.parentSpanId);
      assert.deepEqual([client?.kind, client?.traceId], [3, server.traceId]);
    }
    const workers = spans.filter(({ scope }) => scope === "clew.child_process");
    assert.deepEqual(
      workers.map(({ name, attributes }) => [name, attributes["process.exit.code"]]),
      [
        ["node", 0],
        ["node", 0],
      ],
    );
  });
}
