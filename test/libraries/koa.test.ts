import { test } from "node:test";
import { CLIENT, checkWebFramework } from "../harness/web-framework.ts";

const BODY = `
const app = new Koa();
app.silent = true;
const router = new Router();
app.use(async (ctx, next) => { await null; await next(); });
router.get("/orders/:id", async (ctx) => { await inner(); ctx.body = ctx.params.id; });
router.post("/orders", async (ctx) => {
  let text = "";
  for await (const piece of ctx.req) text += piece;
  await inner();
  ctx.body = String(JSON.parse(text).id);
});
router.get("/inner", (ctx) => { ctx.body = "inner"; });
router.get("/stream", (ctx) => {
  ctx.body = Readable.from((async function* () {
    for (const piece of ["a", "b", "c"]) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      yield piece;
    }
  })());
});
router.get("/fails", () => { throw new Error("out of stock"); });
router.get("/denied", (ctx) => ctx.throw(403));
const items = new Router();
items.get("/items/:item", (ctx) => { ctx.body = ctx.params.item; });
router.use("/api", items.routes());
app.use(router.routes());
const server = app.listen(0, "127.0.0.1", () => drive(server.address().port).then(() => server.close()));
`;

const HEADS = {
  esm: 'import { Readable } from "node:stream"; import Koa from "koa"; import Router from "@koa/router";',
  cjs: 'const { Readable } = require("node:stream"); const Koa = require("koa"); const { Router } = require("@koa/router");',
};

const VERSIONS = { "3": {}, "2": { koa: "koa-2" } };

for (const kind of ["esm", "cjs"] as const) {
  for (const [version, versions] of Object.entries(VERSIONS)) {
    test(`a request to koa ${version} is one span, ${kind}`, async () => {
      await checkWebFramework({ kind, versions, source: HEADS[kind] + CLIENT + BODY });
    });
  }
}
