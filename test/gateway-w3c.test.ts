import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, test } from "node:test";
import { GatewayProcess } from "./harness/gateway-process.ts";
import { BAGGAGE_CASES } from "./w3c-context/baggage-cases.ts";
import { contextTests, type Service } from "./w3c-context/context-tests.ts";
import { TRACEPARENT_CASES, TRACESTATE_CASES } from "./w3c-context/trace-context-cases.ts";

const PASSED_ON = ["traceparent", "tracestate", "baggage"];

/**
 * A service behind a gateway. It knows nothing of tracing: onto its own calls, which go out through the gateway too, it
 * copies three headers of the request that it got.
 */
async function start(called: string): Promise<Service> {
  let gateway: GatewayProcess | undefined;
  const server = createServer(async (incoming, response) => {
    const headers = Object.fromEntries(
      PASSED_ON.flatMap((name) => {
        const value = incoming.headers[name];
        return value === undefined ? [] : [[name, value]];
      }),
    );
    for (const _ of new URL(incoming.url ?? "", "http://localhost").searchParams.getAll("call")) {
      const outgoing = request(`${gateway?.url}/called/`, { method: "POST", headers });
      outgoing.end();
      const [answer] = await once(outgoing, "response");
      await once(answer.resume(), "end");
    }
    response.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  gateway = await GatewayProcess.start({
    args: ["--service", `called=${called}`, "--agent", `agent=${address}`, "--otlp", "http://127.0.0.1:9"],
  });
  return {
    url: `${gateway.url}/agent`,
    async [Symbol.asyncDispose]() {
      const ended = await gateway.stop();
      server.closeAllConnections();
      server.close();
      assert.deepEqual(ended, { code: 0, signal: null });
    },
  };
}

/** The gateway reads baggage, and passes it on as it came. */
const UNCHANGED = BAGGAGE_CASES.filter(({ incoming }) => incoming.join("") !== "").map((each) => ({
  ...each,
  outgoing: each.incoming.join(", "),
}));

describe("W3C context through the gateway", () => contextTests(start, Number.POSITIVE_INFINITY, UNCHANGED));

test("there is a case for each of the 41 tests of the harness of W3C", () => {
  const names = [...TRACEPARENT_CASES, ...TRACESTATE_CASES].map(({ name }) => name);
  assert.equal(new Set(names).size, 41);
});
