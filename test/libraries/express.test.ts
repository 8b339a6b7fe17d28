import assert from "node:assert/strict";
import { test } from "node:test";
import { runAgent } from "../harness/agent-process.ts";
import { CLIENT, checkWebFramework } from "../harness/web-framework.ts";

const BODY = `
const app = express();
app.use(express.json());
app.use(async (request, response, next) => { await null; next(); });
app.get("/orders/:id", async (request, response) => { await inner(); response.send(request.params.id); });
app.post("/orders", async (request, response) => { await inner(); response.send(String(request.body.id)); });
app.get("/inner", (request, response) => { response.end("inner"); });
app.get("/stream", (request, response) => {
  const pieces = ["a", "b", "c"];
  const timer = setInterval(() => {
    if (pieces.length > 0) response.write(pieces.shift());
    else { clearInterval(timer); response.end(); }
  }, 20);
});
app.get("/fails", () => { throw new Error("out of stock"); });
app.get("/denied", (request, response, next) => next(Object.assign(new Error("not yours"), { status: 403 })));
const items = express.Router();
items.get("/items/:item", (request, response) => { response.send(request.params.item); });
app.use("/api", items);
const server = app.listen(0, "127.0.0.1", () => drive(server.address().port).then(() => server.close()));
`;

const HEADS = {
  esm: 'import express from "express";',
  cjs: 'const express = require("express");',
};

for (const kind of ["esm", "cjs"] as const) {
  for (const versions of [{ express: "express" }, { express: "express-4" }]) {
    test(`a request to ${versions.express} is one span, ${kind}`, async () => {
      await checkWebFramework({
        kind,
        versions: versions.express === "express" ? {} : versions,
        source: HEADS[kind] + CLIENT + BODY,
        env: { NODE_ENV: "test" },
      });
    });

    test(`an error that a handler of ${versions.express} answers is recorded once, ${kind}`, async () => {
      const source = `${HEADS[kind]}
        const app = express();
        app.get("/fails", (request, response, next) => next(new Error("out of stock")));
        app.use((error, request, response, next) => { response.status(503).end(error.message); });
        const server = app.listen(0, "127.0.0.1", async () => {
          const answer = await fetch("http://127.0.0.1:" + server.address().port + "/fails");
          console.log(answer.status, await answer.text());
          server.close();
        });`;
      const run = await runAgent({
        kind,
        source,
        versions: versions.express === "express" ? {} : versions,
      });
      assert.equal(run.stdout, "503 out of stock\n", run.stderr);
      const server = run.spans.find((span) => span.kind === 2);
      assert.equal(server?.name, "GET /fails");
      assert.deepEqual(
        server?.events?.map(({ name }) => name),
        ["exception"],
      );
    });
  }
}
