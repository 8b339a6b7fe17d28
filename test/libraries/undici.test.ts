import assert from "node:assert/strict";
import { test } from "node:test";
import { runAgent } from "../harness/agent-process.ts";

const HEADS = {
  esm: 'import http from "node:http"; import { fetch, Pool, request } from "undici";',
  cjs: 'const http = require("node:http"); const { fetch, Pool, request } = require("undici");',
};

const BODY = `
const server = http.createServer((request, response) => response.end("hello"));
server.listen(0, "127.0.0.1", async () => {
  const url = "http://127.0.0.1:" + server.address().port;
  await (await fetch(url + "/fetched")).text();
  await (await request(url + "/requested")).body.text();
  const pool = new Pool(url);
  await (await pool.request({ path: "/pooled", method: "GET" })).body.text();
  await pool.close();
  server.closeAllConnections();
  server.close();
});
`;

const VERSIONS = {
  "8": {},
  "7": { undici: "undici-7" },
  "6": { undici: "undici-6" },
  "5": { undici: "undici-5" },
};

for (const [kind, head] of Object.entries(HEADS) as ["esm" | "cjs", string][]) {
  for (const [version, versions] of Object.entries(VERSIONS)) {
    test(`requests of the package undici ${version} carry context, one span each, ${kind}`, async () => {
      const { spans, code, stderr } = await runAgent({ kind, versions, source: head + BODY });
      assert.deepEqual([code, stderr], [0, ""]);
      for (const path of ["/fetched", "/requested", "/pooled"]) {
        const server = spans.find((span) => span.kind === 2 && span.attributes["url.path"] === path);
        const client = spans.find((span) => span.spanId === server?.parentSpanId);
        assert.deepEqual([client?.kind, client?.traceId], [3, server?.traceId], path);
      }
      assert.equal(spans.length, 6);
    });
  }
}
