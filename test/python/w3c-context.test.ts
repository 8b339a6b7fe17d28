import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { parseTraceparent } from "@clew/protocol/context/traceparent";
import { PythonService } from "../harness/python-agent.ts";
import { noPython } from "../harness/python-environment.ts";
import { BAGGAGE_CASES } from "../w3c-context/baggage-cases.ts";
import {
  type Header,
  PARENT,
  type Sent,
  TRACE,
  TRACEPARENT_CASES,
  TRACESTATE_CASES,
} from "../w3c-context/trace-context-cases.ts";

const skip = (await noPython()) ?? false;

/** Services that call the addresses that a request names, one after the other, and what they take as a header. */
const SERVICES = {
  "FastAPI and httpx": {
    program: "uvicorn",
    mostBytes: Number.POSITIVE_INFINITY,
    args: ["agent:app", "--port", "{port}"],
    source: `
import httpx
from fastapi import FastAPI, Request

app = FastAPI()

@app.post("/")
async def calls(request: Request):
    async with httpx.AsyncClient() as client:
        for url in request.query_params.getlist("call"):
            await client.post(url)
`,
  },
  aiohttp: {
    program: "python",
    mostBytes: 8000,
    args: ["agent.py", "{port}"],
    source: `
import sys
import aiohttp
from aiohttp import web

async def calls(request):
    async with aiohttp.ClientSession() as session:
        for url in request.query.getall("call", []):
            async with session.post(url) as answer:
                await answer.read()
    return web.Response()

app = web.Application()
app.router.add_post("/", calls)
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]))
`,
  },
  "Flask and requests": {
    program: "gunicorn",
    mostBytes: 8000,
    args: ["agent:app", "--bind", "127.0.0.1:{port}", "--log-level", "critical"],
    source: `
import requests
from flask import Flask, request

app = Flask(__name__)

@app.post("/")
def calls():
    for url in request.args.getlist("call"):
        requests.post(url)
    return ""
`,
  },
};

/** Keeps what a service sends. */
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

for (const [name, { source, program, args, mostBytes }] of Object.entries(SERVICES)) {
  describe(`W3C context in Python: ${name}`, { skip }, () => {
    const called = new Called();
    let service: PythonService | undefined;

    before(async () => {
      await called.listen();
      service = await PythonService.start({ files: { "agent.py": source }, program, args });
    });
    after(async () => {
      await service?.[Symbol.asyncDispose]();
      await called[Symbol.asyncDispose]();
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

    const fitting = BAGGAGE_CASES.filter(({ incoming }) => incoming.join().length <= mostBytes);
    for (const { name, incoming, outgoing } of fitting) {
      test(`baggage: ${name}`, async () => {
        const [received] = await callsOf(incoming.map((value): Header => ["baggage", value]));
        assert.deepEqual(received?.get("baggage") ?? [], outgoing === "" ? [] : [outgoing]);
      });
    }
  });
}
