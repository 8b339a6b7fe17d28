import assert from "node:assert/strict";
import { test } from "node:test";
import { HeaderServer } from "../harness/header-server.ts";
import { runPython } from "../harness/python-agent.ts";
import { noPython } from "../harness/python-environment.ts";

const skip = (await noPython()) ?? false;

/** Calls `host/name` with every client; hosts outside are this machine under another name. */
const AGENT = `
import asyncio, socket, sys, urllib.request
import aiohttp, httpx, httpx2, requests, urllib3

real = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **more: real("127.0.0.1", *rest, **more)
url = sys.argv[1]
requests.get(url + "/requests")
httpx.get(url + "/httpx")
httpx2.get(url + "/httpx2")
urllib.request.urlopen(url + "/urllib").read()
urllib3.PoolManager().request("GET", url + "/urllib3")

async def later():
    async with httpx.AsyncClient() as client:
        await client.get(url + "/httpx-async")
    async with aiohttp.ClientSession() as session, session.get(url + "/aiohttp") as answer:
        await answer.read()

asyncio.run(later())
`;
const PATHS = ["/requests", "/httpx", "/httpx2", "/urllib", "/urllib3", "/httpx-async", "/aiohttp"];

test("every HTTP client makes one span per request, whose id and correlation the request carries", {
  skip,
}, async () => {
  await using server = await HeaderServer.start();
  const run = await runPython({
    files: { "agent.py": AGENT },
    args: ["agent.py", server.url],
    env: { CLEW_SESSION_ID: "s1", TRACEPARENT: `00-${"a".repeat(32)}-${"b".repeat(16)}-01` },
  });
  assert.deepEqual([run.code, run.stderr], [0, ""]);
  assert.equal(run.spans.length, PATHS.length);
  assert.deepEqual(run.logs, []);
  for (const path of PATHS) {
    const { traceparent = "", baggage } = server.received.get(path) ?? {};
    const span = run.spans.find(({ spanId }) => spanId === String(traceparent).split("-")[2]);
    assert.equal(span?.attributes["url.full"], server.url + path);
    assert.equal(span.traceId, "a".repeat(32));
    assert.equal(span.parentSpanId, "b".repeat(16));
    // Sampled, and the parent is known to be in another process.
    assert.equal(span.flags, 0x301);
    assert.equal(span.attributes["session.id"], "s1");
    assert.equal(baggage, "session.id=s1");
  }
});

test("hosts outside get no context, recorded or not, and the first time is told", { skip }, async () => {
  await using server = await HeaderServer.start();
  const url = `http://api.example.com:${server.port}`;
  for (const flags of ["01", "00"]) {
    const run = await runPython({
      files: { "agent.py": AGENT },
      args: ["agent.py", url],
      env: { CLEW_SESSION_ID: "s1", TRACEPARENT: `00-${"a".repeat(32)}-${"b".repeat(16)}-${flags}` },
    });
    assert.deepEqual([run.code, run.stderr], [0, ""]);
    for (const path of PATHS) {
      const headers = server.received.get(path) ?? assert.fail(path);
      assert.deepEqual([headers.traceparent, headers.baggage], [undefined, undefined], path);
    }
    const told = run.spans.flatMap(({ events }) => events ?? []);
    assert.deepEqual(
      told.map(({ name }) => name),
      flags === "01" ? ["clew.context_withheld"] : [],
    );
  }
  const allowed = await runPython({
    files: { "agent.py": AGENT },
    args: ["agent.py", url],
    env: { CLEW_PROPAGATE_TO: "*.example.com" },
  });
  assert.equal(allowed.spans.length, PATHS.length);
  assert.ok(PATHS.every((path) => server.received.get(path)?.traceparent !== undefined));
});
