import { describe } from "node:test";
import { PythonService } from "../harness/python-agent.ts";
import { noPython } from "../harness/python-environment.ts";
import { contextTests } from "../w3c-context/context-tests.ts";

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

for (const [name, { source, program, args, mostBytes }] of Object.entries(SERVICES)) {
  describe(`W3C context in Python: ${name}`, { skip }, () =>
    contextTests(() => PythonService.start({ files: { "agent.py": source }, program, args }), mostBytes),
  );
}
