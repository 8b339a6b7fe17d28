import { test } from "node:test";
import { CLIENT, checkWebFramework } from "../harness/web-framework.ts";

const BODY = `
const app = fastify();
app.addHook("preHandler", async () => {});
app.get("/orders/:id", async (request) => { await inner(); return request.params.id; });
app.post("/orders", async (request) => { await inner(); return String(request.body.id); });
app.get("/inner", async () => "inner");
app.get("/stream", (request, reply) => {
  reply.send(Readable.from((async function* () {
    for (const piece of ["a", "b", "c"]) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      yield piece;
    }
  })()));
});
app.get("/fails", async () => { throw new Error("out of stock"); });
app.get("/denied", async () => { throw Object.assign(new Error("not yours"), { statusCode: 403 }); });
app.register(async (items) => {
  items.get("/items/:item", async (request) => request.params.item);
}, { prefix: "/api" });
app.listen({ port: 0, host: "127.0.0.1" })
  .then(() => drive(app.server.address().port))
  .then(() => app.close());
`;

const HEADS = {
  esm: 'import { Readable } from "node:stream"; import fastify from "fastify";',
  cjs: 'const { Readable } = require("node:stream"); const fastify = require("fastify");',
};

const VERSIONS = { "5": {}, "4": { fastify: "fastify-4" } };

for (const kind of ["esm", "cjs"] as const) {
  for (const [version, versions] of Object.entries(VERSIONS)) {
    test(`a request to fastify ${version} is one span, ${kind}`, async () => {
      await checkWebFramework({ kind, versions, source: HEADS[kind] + CLIENT + BODY });
    });
  }
}
