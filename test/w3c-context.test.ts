import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AgentService } from "./harness/agent-service.ts";
import { contextTests, type Service } from "./w3c-context/context-tests.ts";
import { TRACEPARENT_CASES, TRACESTATE_CASES } from "./w3c-context/trace-context-cases.ts";

/** Calls the addresses that a request names, one after the other. */
const SERVICE = `
import http from "node:http";
const [mode] = process.argv.slice(2);
function call(url) {
  if (mode === "fetch") return fetch(url, { method: "POST" }).then((response) => response.text());
  return new Promise((resolve, reject) => {
    http.request(url, { method: "POST" }, (response) => response.resume().on("end", resolve)).on("error", reject).end();
  });
}
const server = http.createServer(async (request, response) => {
  for (const url of new URL(request.url, "http://localhost").searchParams.getAll("call")) await call(url);
  response.end();
});
server.listen(0, "127.0.0.1", () => console.log("http://127.0.0.1:" + server.address().port));
process.on("SIGTERM", () => { server.close(); server.closeAllConnections(); });
`;

async function start(mode: string): Promise<Service> {
  const agent = await AgentService.start({ kind: "esm", source: SERVICE, args: [mode] });
  return {
    url: agent.url,
    async [Symbol.asyncDispose]() {
      const ended = await agent.stop();
      await agent[Symbol.asyncDispose]();
      assert.deepEqual(ended, { code: 0, stderr: "" });
    },
  };
}

for (const mode of ["http", "fetch"]) {
  describe(`W3C context over ${mode}`, () => contextTests(() => start(mode)));
}

test("there is a case for each of the 41 tests of the harness of W3C", () => {
  const names = [...TRACEPARENT_CASES, ...TRACESTATE_CASES].map(({ name }) => name);
  assert.equal(new Set(names).size, 41);
});
