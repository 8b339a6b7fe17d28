import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { parseTraceparent } from "@clew/protocol/context/traceparent";
import { AgentService } from "./harness/agent-service.ts";
import { BAGGAGE_CASES } from "./w3c-context/baggage-cases.ts";
import {
  type Header,
  PARENT,
  type Sent,
  TRACE,
  TRACEPARENT_CASES,
  TRACESTATE_CASES,
} from "./w3c-context/trace-context-cases.ts";

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

/** Keeps what the service sends. */
class Called implements AsyncDisposable {
  readonly requests: IncomingMessage[] = [];
  readonly #server: Server = createServer((incoming, response) => {
    this.requests.push(incoming);
    response.end();
  });

  async listen(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

for (const mode of ["http", "fetch"]) {
  describe(`W3C context over ${mode}`, () => {
    const called = new Called();
    let service: AgentService | undefined;

    before(async () => {
      await called.listen();
      service = await AgentService.start({ kind: "esm", source: SERVICE, args: [mode] });
    });
    after(async () => {
      const ended = await service?.stop();
      await service?.[Symbol.asyncDispose]();
      await called[Symbol.asyncDispose]();
      assert.deepEqual(ended, { code: 0, stderr: "" });
    });

    /** Raw headers of the requests that the service makes on account of one with these headers. */
    async function callsOf(headers: readonly Header[], calls = 1): Promise<Map<string, string[]>[]> {
      called.requests.length = 0;
      const query = Array.from({ length: calls }, () => `call=${encodeURIComponent(called.url)}`).join("&");
      const outgoing = request(`${service?.url}/?${query}`, { agent: false });
      for (const [name, value] of headers) outgoing.appendHeader(name, value);
      outgoing.end();
      const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
      answer.resume();
      await once(answer, "end");
      assert.equal(answer.statusCode, 200);
      assert.equal(called.requests.length, calls);
      return called.requests.map(({ rawHeaders }) => {
        const byName = new Map<string, string[]>();
        for (let index = 0; index < rawHeaders.length; index += 2) {
          const name = rawHeaders[index]!.toLowerCase();
          byName.set(name, [...(byName.get(name) ?? []), rawHeaders[index + 1]!]);
        }
        return byName;
      });
    }

    async function check({ headers, calls, trace, tracestate = "", flags }: Sent): Promise<void> {
      const told = JSON.stringify(headers);
      const parents = new Set<string>();
      for (const received of await callsOf(headers, calls)) {
        const traceparents = received.get("traceparent") ?? [];
        assert.equal(traceparents.length, 1, told);
        assert.match(traceparents[0]!, /^00-[0-9a-f]{32}-[0-9a-f]{16}-0[0-3]$/, told);
        const { traceId, parentId } = parseTraceparent(traceparents[0]!)!;
        assert.equal(traceId === TRACE, trace === "continued", told);
        assert.notEqual(parentId, PARENT, told);
        parents.add(parentId);
        assert.equal(received.get("tracestate")?.join(",") ?? "", tracestate, told);
        if (flags !== undefined) assert.equal(traceparents[0]!.slice(-2), flags, told);
      }
      assert.equal(parents.size, calls ?? 1, told);
    }

    for (const { name, sent } of [...TRACEPARENT_CASES, ...TRACESTATE_CASES]) {
      test(name, async () => {
        for (const one of sent) await check(one);
      });
    }

    for (const { name, incoming, outgoing } of BAGGAGE_CASES) {
      test(`baggage: ${name}`, async () => {
        const [received] = await callsOf(incoming.map((value): Header => ["baggage", value]));
        assert.deepEqual(received?.get("baggage") ?? [], outgoing === "" ? [] : [outgoing]);
      });
    }
  });
}

test("there is a case for each of the 41 tests of the harness of W3C", () => {
  const names = [...TRACEPARENT_CASES, ...TRACESTATE_CASES].map(({ name }) => name);
  assert.equal(new Set(names).size, 41);
});
