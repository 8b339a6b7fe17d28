import assert from "node:assert/strict";
import { test } from "node:test";
import { latestSpans } from "../harness/latest-spans.ts";
import { startOpenAiServer } from "../harness/model-servers/openai-server.ts";
import { PythonService, runPython } from "../harness/python-agent.ts";
import { pythonVersions } from "../harness/python-versions.ts";

const AGENT = `
import asyncio, logging, multiprocessing, os, sys, threading, time
import httpx, requests
from openai import AsyncOpenAI, OpenAI

url = os.environ["OPENAI_URL"]
settings = {"api_key": "k", "base_url": url + "/v1", "max_retries": 0}
messages = [{"role": "user", "content": "Hi"}]

def child():
    requests.get(url + "/child")

def ask():
    OpenAI(**settings).chat.completions.create(model="thread", messages=messages)

async def later():
    async for _ in await AsyncOpenAI(**settings).chat.completions.create(model="async", messages=messages, stream=True):
        pass
    async with httpx.AsyncClient() as client:
        await client.get(url + "/httpx")

if __name__ == "__main__":
    logging.getLogger("agent").warning("starting")
    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    asyncio.run(later())
    for method in ("fork", "spawn"):
        process = multiprocessing.get_context(method).Process(target=child)
        process.start()
        process.join()
    print("ready", flush=True)
    time.sleep(30)
`;

const SERVICE = `
import requests
from fastapi import FastAPI

app = FastAPI()

@app.get("/buy")
def buy(call: str = ""):
    if call:
        requests.get(call)
    return {}
`;

for (const { version, skip, setup } of await pythonVersions()) {
  test(`Python ${version}: threads, tasks, forked and spawned processes, and an end by SIGTERM`, {
    skip,
  }, async () => {
    await using openai = await startOpenAiServer();
    const run = await runPython({
      ...(setup && { setup }),
      files: { "agent.py": AGENT },
      clewRun: ["--session", "s1"],
      env: { OPENAI_URL: openai.url, TRACEPARENT: `00-${"a".repeat(32)}-${"b".repeat(16)}-01` },
      onOutput: (child) => child.kill("SIGTERM"),
    });
    assert.deepEqual([run.code, run.stdout, run.stderr], [143, "ready\n", "starting\n"]);
    // Each process sends its own; what they do, they do one after the other.
    const spans = latestSpans(run.spans);
    const chats = spans.filter(({ name }) => name?.startsWith("chat "));
    assert.deepEqual(
      chats.map(({ name }) => name),
      ["chat thread", "chat async"],
    );
    const requests = spans.filter(({ attributes }) => "http.request.method" in attributes);
    const paths = requests.map(({ attributes }) => new URL(String(attributes["url.full"])).pathname);
    assert.deepEqual(paths, ["/v1/chat/completions", "/v1/chat/completions", "/httpx", "/child", "/child"]);
    assert.equal(run.spans.length, 7);
    for (const { traceId, attributes } of spans) {
      assert.deepEqual([traceId, attributes["session.id"]], ["a".repeat(32), "s1"]);
    }
    assert.deepEqual(
      run.logs.map(({ body, traceId }) => [body, traceId]),
      [["starting", "a".repeat(32)]],
    );
  });

  test(`Python ${version}: FastAPI under uvicorn with two workers`, { skip }, async () => {
    await using service = await PythonService.start({
      ...(setup && { setup }),
      files: { "agent.py": SERVICE },
      program: "uvicorn",
      args: ["agent:app", "--port", "{port}", "--workers", "2"],
      clewRun: [],
    });
    const trace = "c".repeat(32);
    const headers = { traceparent: `00-${trace}-${"d".repeat(16)}-01`, baggage: "test.case.id=c1" };
    await fetch(`${service.url}/buy?call=${encodeURIComponent(`${service.url}/buy`)}`, { headers });
    await service.stop();
    const spans = service.spans.filter(({ traceId }) => traceId === trace);
    assert.deepEqual(spans.map(({ name }) => name).sort(), ["GET", "GET /buy", "GET /buy"]);
    assert.ok(spans.every(({ attributes }) => attributes["test.case.id"] === "c1"));
  });
}
