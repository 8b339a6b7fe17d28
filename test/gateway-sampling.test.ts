import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { test } from "node:test";
import { AgentService } from "./harness/agent-service.ts";
import { GatewayProcess } from "./harness/gateway-process.ts";
import type { ReceivedSpan } from "./harness/otlp-collector.ts";

const PERCENTAGES = [0, 1, 25, 50, 100];
/** For each percentage. */
const REQUESTS = Number(process.env.CLEW_TEST_SAMPLING_REQUESTS ?? 2000);
const AT_ONCE = 16;
/** Standard deviations: beyond them once in 300,000 runs. */
const BOUND = 4.7;

const AGENT = `
import http from "node:http";
const server = http.createServer((request, response) => { request.resume(); response.end("ok"); });
server.listen(0, "127.0.0.1", () => console.log("http://127.0.0.1:" + server.address().port));
process.on("SIGTERM", () => { server.close(); server.closeAllConnections(); });
`;

async function askAll(url: string): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  let left = REQUESTS;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left-- > 0) {
        const outgoing = request(url, { agent }).end();
        const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
        answer.resume();
        await once(answer, "end");
        assert.equal(answer.statusCode, 200);
      }
    }),
  );
  agent.destroy();
}

function traceIds(spans: readonly ReceivedSpan[]): Set<string> {
  return new Set(spans.map(({ traceId }) => traceId ?? ""));
}

test(`of ${REQUESTS} requests as many are recorded as the percentage says, and agents record the same ones`, async () => {
  const agent = await AgentService.start({ kind: "esm", source: AGENT });
  const { collector } = agent;
  for (const percent of PERCENTAGES) {
    await using gateway = await GatewayProcess.start({
      args: [`--agent=sampled=${agent.url}/${percent}`, "--random-sampling", `${percent}`],
      env: { CLEW_OTLP_ENDPOINT: collector.endpoint },
    });
    await askAll(`${gateway.url}/sampled`);
  }
  await agent.stop();
  const byGateway = collector.spans.filter(({ scope, kind }) => scope === "clew.gateway" && kind === 2);
  const byAgent = collector.spans.filter(({ service, kind }) => service === "agent" && kind === 2);
  await agent[Symbol.asyncDispose]();
  assert.deepEqual([...traceIds(byGateway)].sort(), [...traceIds(byAgent)].sort());
  for (const percent of PERCENTAGES) {
    const count = byAgent.filter(({ attributes }) => attributes["url.path"] === `/${percent}`).length;
    const rate = percent / 100;
    const mean = REQUESTS * rate;
    const room = BOUND * Math.sqrt(REQUESTS * rate * (1 - rate));
    assert.ok(Math.abs(count - mean) <= room, `${count} of ${REQUESTS} at ${percent} %`);
  }
});
