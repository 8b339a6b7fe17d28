import assert from "node:assert/strict";
import { test } from "node:test";
import { type PythonOptions, PythonService } from "../harness/python-agent.ts";
import { noPython } from "../harness/python-environment.ts";
import { until } from "../harness/until.ts";

const skip = (await noPython()) ?? false;

const FASTAPI = `
import logging
import httpx
from fastapi import FastAPI

app = FastAPI()
log = logging.getLogger("shop")

@app.get("/buy/{item}")
async def buy(item: str, call: str = ""):
    log.warning("buying %s", item)
    if call:
        async with httpx.AsyncClient() as client:
            await client.get(call)
    return {"item": item}
`;
const FLASK = `
import logging
import requests
from flask import Flask, request

app = Flask(__name__)
log = logging.getLogger("shop")

@app.get("/buy/<item>")
def buy(item):
    log.warning("buying %s", item)
    if request.args.get("call"):
        requests.get(request.args["call"])
    return {"item": item}
`;
const DJANGO = `
import logging, os
import requests
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import path

log = logging.getLogger("shop")

def buy(request, item):
    log.warning("buying %s", item)
    if request.GET.get("call"):
        requests.get(request.GET["call"])
    return JsonResponse({"item": item})

urlpatterns = [path("buy/<str:item>", buy)]
settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="k", MIDDLEWARE=[])
app = get_wsgi_application()
`;
const GUNICORN = ["agent:app", "--bind", "127.0.0.1:{port}", "--log-level", "critical"];

interface ServerCase {
  readonly options: PythonOptions;
  /** Name of the server's span. */
  readonly span: string;
  /** Its parent ends it with SIGKILL: what it has to send must have arrived before. */
  readonly isKilled?: true;
}

const CASES: Readonly<Record<string, ServerCase>> = {
  "FastAPI under uvicorn with two workers": {
    options: {
      files: { "agent.py": FASTAPI },
      program: "uvicorn",
      args: ["agent:app", "--port", "{port}", "--workers", "2"],
    },
    span: "GET /buy/{item}",
  },
  "FastAPI under uvicorn --reload": {
    options: {
      files: { "agent.py": FASTAPI },
      program: "uvicorn",
      args: ["agent:app", "--port", "{port}", "--reload"],
    },
    span: "GET /buy/{item}",
  },
  "FastAPI under uvicorn with two workers and --reload, of which it takes the latter": {
    options: {
      files: { "agent.py": FASTAPI },
      program: "python",
      args: ["-m", "uvicorn", "agent:app", "--port", "{port}", "--workers", "2", "--reload"],
    },
    span: "GET /buy/{item}",
  },
  "FastAPI under gunicorn with uvicorn's workers": {
    options: {
      files: { "agent.py": FASTAPI },
      program: "gunicorn",
      args: [...GUNICORN, "--workers", "2", "--worker-class", "uvicorn.workers.UvicornWorker"],
    },
    span: "GET /buy/{item}",
  },
  "FastAPI under gunicorn with its own asynchronous workers": {
    options: {
      files: { "agent.py": FASTAPI },
      program: "gunicorn",
      args: [...GUNICORN, "--workers", "2", "--worker-class", "asgi"],
    },
    span: "GET /buy/{item}",
  },
  "Flask under gunicorn, which forks": {
    options: {
      files: { "agent.py": FLASK },
      program: "gunicorn",
      args: [...GUNICORN, "--workers", "2", "--threads", "2"],
    },
    span: "GET /buy/<item>",
  },
  "Flask under gunicorn, which loads it before it forks": {
    options: {
      files: { "agent.py": FLASK },
      program: "gunicorn",
      args: [...GUNICORN, "--preload", "--workers", "2", "--threads", "2"],
    },
    span: "GET /buy/<item>",
  },
  "flask run": {
    options: {
      files: { "agent.py": FLASK },
      program: "flask",
      args: ["--app", "agent", "run", "--port", "{port}"],
    },
    span: "GET /buy/<item>",
  },
  "flask run --debug, which starts itself again": {
    options: {
      files: { "agent.py": FLASK },
      program: "python",
      args: ["-m", "flask", "--app", "agent", "run", "--debug", "--port", "{port}"],
    },
    span: "GET /buy/<item>",
    isKilled: true,
  },
  "Django under gunicorn": {
    options: { files: { "agent.py": DJANGO }, program: "gunicorn", args: [...GUNICORN, "--threads", "2"] },
    span: "GET buy/<str:item>",
  },
};
const REQUESTS = 10;

for (const [name, { options, span: spanName, isKilled }] of Object.entries(CASES)) {
  test(`${name}: every request is a trace of three spans, every line has its ids`, { skip }, async () => {
    await using service = await PythonService.start({ ...options, clewRun: [] });
    const traces = Array.from({ length: REQUESTS }, (_, index) => `${"a".repeat(30)}${index + 10}`);
    for (const trace of traces) {
      const answer = await fetch(`${service.url}/buy/a?call=${encodeURIComponent(`${service.url}/buy/b`)}`, {
        headers: { traceparent: `00-${trace}-${"b".repeat(16)}-01`, baggage: `session.id=${trace}` },
      });
      assert.equal(answer.status, 200);
      await answer.arrayBuffer();
    }
    const isOurs = ({ traceId }: { traceId?: string }) => traces.includes(traceId ?? "");
    const arrived = () =>
      service.spans.filter(isOurs).length === 3 * REQUESTS &&
      service.collector.logs.filter((line) => isOurs(line) && line.scope === "shop").length === 2 * REQUESTS;
    if (isKilled) await until("all spans and lines", arrived);
    const { stderr } = await service.stop();
    const {
      spans,
      collector: { logs },
    } = service;
    for (const trace of traces) {
      const own = spans.filter(({ traceId }) => traceId === trace);
      assert.deepEqual(own.map((span) => span.name).sort(), ["GET", spanName, spanName], stderr);
      assert.ok(own.every(({ attributes }) => attributes["session.id"] === trace));
      const first = own.find(({ parentSpanId }) => parentSpanId === "b".repeat(16));
      const request = own.find(({ parentSpanId }) => parentSpanId === first?.spanId);
      const second = own.find(({ parentSpanId }) => parentSpanId === request?.spanId);
      assert.equal(second?.kind, 2);
      const lines = logs.filter(({ traceId, scope }) => traceId === trace && scope === "shop");
      assert.deepEqual(lines.map(({ body }) => body).sort(), ["buying a", "buying b"]);
      assert.deepEqual(new Set(lines.map(({ spanId }) => spanId)), new Set([first?.spanId, second?.spanId]));
    }
    assert.deepEqual(
      logs.filter(({ attributes }) => "clew.fault.name" in attributes),
      [],
    );
  });
}

const RELOADING: Readonly<Record<string, PythonOptions>> = {
  uvicorn: {
    files: { "agent.py": FASTAPI },
    program: "uvicorn",
    args: ["agent:app", "--port", "{port}", "--reload", "--log-level", "error"],
  },
  flask: {
    files: { "agent.py": FLASK },
    program: "flask",
    args: ["--app", "agent", "run", "--debug", "--port", "{port}"],
  },
  gunicorn: {
    files: { "agent.py": FLASK },
    program: "gunicorn",
    args: [...GUNICORN, "--reload", "--threads", "2"],
  },
};

for (const [name, options] of Object.entries(RELOADING)) {
  test(`${name} --reload: what a program sent before and after it was changed is there`, {
    skip,
  }, async () => {
    await using service = await PythonService.start({ ...options, clewRun: ["--session", "s1"] });
    const ask = async (trace: string) => {
      const headers = { traceparent: `00-${trace}-${"b".repeat(16)}-01` };
      return await (await fetch(`${service.url}/buy/a`, { headers })).text();
    };
    const [before, after] = ["1".repeat(32), "2".repeat(32)];
    assert.equal(JSON.parse(await ask(before)).item, "a");
    const [source = ""] = Object.values(options.files);
    service.write("agent.py", source.replace('{"item": item}', '{"item": item, "changed": True}'));
    await until("the changed program", async () => (await ask(after)).includes("changed"));
    const byTrace = (trace: string) => service.spans.filter(({ traceId }) => traceId === trace);
    await until("its span", () => byTrace(after).length > 0);
    await service.stop();
    assert.equal(byTrace(before).length, 1);
    const instances = [before, after].map((trace) => byTrace(trace).at(-1));
    assert.ok(instances.every((span) => span?.kind === 2 && span.attributes["session.id"] === "s1"));
  });
}
