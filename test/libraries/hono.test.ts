import assert from "node:assert/strict";
import { test } from "node:test";
import { runAgent } from "../harness/agent-process.ts";
import { CLIENT, checkWebFramework } from "../harness/web-framework.ts";

const BODY = `
const app = new Hono();
app.use(async (c, next) => { await next(); });
app.get("/orders/:id", async (c) => { await inner(); return c.text(c.req.param("id")); });
app.post("/orders", async (c) => { await inner(); return c.text(String((await c.req.json()).id)); });
app.get("/inner", (c) => c.text("inner"));
app.get("/stream", (c) => stream(c, async (out) => {
  for (const piece of ["a", "b", "c"]) {
    await out.sleep(20);
    await out.write(piece);
  }
}));
app.onError((error, c) => error instanceof HTTPException ? error.getResponse() : c.text("failed", 500));
app.get("/fails", () => { throw new Error("out of stock"); });
app.get("/denied", () => { throw new HTTPException(403, { message: "not yours" }); });
app.route("/api", new Hono().get("/items/:item", (c) => c.text(c.req.param("item"))));
const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) =>
  drive(port).then(() => server.close()));
`;

const NAMES = {
  "@hono/node-server": "serve",
  hono: "Hono",
  "hono/http-exception": "HTTPException",
  "hono/streaming": "stream",
};

const HEADS = {
  esm: Object.entries(NAMES).map(([from, name]) => `import { ${name} } from "${from}";`),
  cjs: Object.entries(NAMES).map(([from, name]) => `const { ${name} } = require("${from}");`),
};

for (const kind of ["esm", "cjs"] as const) {
  test(`a request to hono 4 is one span, ${kind}`, async () => {
    await checkWebFramework({ kind, source: HEADS[kind].join("\n") + CLIENT + BODY });
  });

  test(`an application of hono looks to its owner as it does without tracing, ${kind}`, async () => {
    const source = `${HEADS[kind].join("\n")}
      class Own extends Hono { own() { return this.get("/own", handler); } }
      const handler = (c) => c.text("own");
      const failing = new Hono();
      failing.onError((error, c) => c.text("failing: " + error.message, 500));
      failing.get("/", () => { throw new Error("inside"); });
      const app = new Own().own();
      app.route("/failing", failing);
      console.log(JSON.stringify([
        app.routes[0].handler === handler,
        app instanceof Hono,
        new Hono().constructor === Hono,
        Object.keys(app),
        Object.keys(app.router),
        handler === app.routes[0].handler,
      ]));
      (async () => console.log(await (await app.request("/own")).text(), await (await app.request("/failing")).text()))();`;
    const traced = await runAgent({ kind, source });
    const plain = await runAgent({ kind, source, env: { CLEW_DISABLED_LIBRARIES: "hono" } });
    assert.equal(plain.code, 0, plain.stderr);
    assert.deepEqual([traced.stdout, traced.stderr], [plain.stdout, plain.stderr]);
  });
}
