import assert from "node:assert/strict";
import { test } from "node:test";
import { runAgent } from "../harness/agent-process.ts";

const SOURCE = {
  esm: `import express from "express";
import { get } from "node:http";`,
  cjs: `const express = require("express");
const { get } = require("node:http");`,
} as const;

const SERVE = `
const app = express();
app.get("/items/:id", (request, response) => response.send("ok"));
const server = app.listen(0, "127.0.0.1", () => {
  get({ port: server.address().port, host: "127.0.0.1", path: "/items/7" }, (response) => {
    response.resume().on("end", () => {
      console.log("served");
      server.close();
      server.closeAllConnections();
    });
  });
});`;

/** Has the process say that it is another Node. */
function node(version: string): Record<string, string> {
  const code = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } })`;
  return { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(code)}` };
}

for (const kind of ["esm", "cjs"] as const) {
  test(`a Node without synchronous hooks is traced by way of the asynchronous one, ${kind}`, async () => {
    const { code, stderr, spans } = await runAgent({
      kind,
      source: SOURCE[kind] + SERVE,
      env: node("24.11.0"),
    });
    assert.deepEqual([code, stderr], [0, ""]);
    assert.deepEqual(spans.map((span) => span.name).sort(), ["GET", "GET /items/:id"]);
  });

  test(`a Node that is too old says so in one line and runs the program as without us, ${kind}`, async () => {
    const { code, stdout, stderr, spans } = await runAgent({
      kind,
      source: SOURCE[kind] + SERVE,
      env: node("20.20.2"),
    });
    assert.deepEqual([code, stdout, spans.length], [0, "served\n", 0]);
    assert.match(stderr, /^clew: Node 20\.20\.2 is not traced, [^\n]+\n$/);
  });
}
