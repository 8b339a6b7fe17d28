import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { after, before, test } from "node:test";
import { parseTraceparent } from "@clew/protocol/context/traceparent";
import { BAGGAGE_CASES, type BaggageCase } from "./baggage-cases.ts";
import { Called } from "./called.ts";
import {
  type Header,
  PARENT,
  type Sent,
  TRACE,
  TRACEPARENT_CASES,
  TRACESTATE_CASES,
} from "./trace-context-cases.ts";

/** A traced program, or one behind a gateway, that calls the addresses that a request names, as `call`, one by one. */
export interface Service extends AsyncDisposable {
  readonly url: string;
}

/**
 * The cases of context headers, as tests of the group in which it is called, of a service that `start` starts; it is
 * told the address that will be called.
 * Baggage larger than what the service takes as a header is not tried.
 */
export function contextTests(
  start: (called: string) => Promise<Service>,
  mostHeaderBytes = Number.POSITIVE_INFINITY,
  baggageCases: readonly BaggageCase[] = BAGGAGE_CASES,
): void {
  const called = new Called();
  let service: Service | undefined;

  before(async () => {
    await called.listen();
    service = await start(called.url);
  });
  after(async () => {
    try {
      await service?.[Symbol.asyncDispose]();
    } finally {
      await called[Symbol.asyncDispose]();
    }
  });

  /** Raw headers of the requests that the service makes on account of one with these headers. */
  async function callsOf(headers: readonly Header[], calls = 1): Promise<Map<string, string[]>[]> {
    called.requests.length = 0;
    const query = Array.from({ length: calls }, () => `call=${encodeURIComponent(called.url)}`).join("&");
    const outgoing = request(`${service?.url}/?${query}`, { agent: false, method: "POST" });
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

  const fitting = baggageCases.filter(({ incoming }) => incoming.join().length <= mostHeaderBytes);
  for (const { name, incoming, outgoing } of fitting) {
    test(`baggage: ${name}`, async () => {
      const [received] = await callsOf(incoming.map((value): Header => ["baggage", value]));
      assert.deepEqual(received?.get("baggage") ?? [], outgoing === "" ? [] : [outgoing]);
    });
  }
}
