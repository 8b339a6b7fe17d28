import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { DemoStatus } from "@clew/protocol/api/demo";
import { LiveTraces } from "../../query/live-traces.ts";
import { Queries } from "../../query/queries.ts";
import { openTestStore, type TestStore } from "../../query/testing/test-store.ts";
import { openEmbedded } from "../../store/clickhouse-store.ts";
import type { Demo } from "../api-options.ts";
import { raw, refusal, type Served, serveApi } from "../testing/serve-api.ts";

class Counted implements Demo {
  starts = 0;
  status: DemoStatus = { state: "idle", lines: [], traces: [] };

  start(): DemoStatus {
    this.starts += 1;
    this.status = { ...this.status, state: "running" };
    return this.status;
  }
}

const demo = new Counted();
let opened: TestStore;
let served: Served;

before(async () => {
  opened = await openTestStore(openEmbedded);
  const live = new LiveTraces(opened.store);
  served = await serveApi({
    queries: new Queries(opened.store),
    live,
    demo,
    corsOrigins: ["https://a.example"],
  });
});

after(async () => {
  await served.close();
  await opened.close();
});

test("the demonstration is started by a request that means to, and told of afterwards", async () => {
  assert.equal((await served.client.demo()).state, "idle");
  assert.equal(demo.starts, 0);
  assert.equal((await served.client.startDemo()).state, "running");
  assert.equal((await served.client.demo()).state, "running");
  assert.equal(demo.starts, 1);
});

test("a page of another origin starts nothing, even one that may read", async () => {
  const starts = demo.starts;
  for (const origin of ["https://a.example", "https://evil.example", "null"]) {
    const answer = await raw(`${served.url}/api/v1/demo`, { origin }, "POST");
    assert.equal(answer.status, 403, origin);
  }
  assert.equal(demo.starts, starts);
  assert.equal((await raw(`${served.url}/api/v1/demo`, { origin: served.url }, "POST")).status, 200);
});

test("an id that is missing or endless is refused with what is allowed", async () => {
  const missing = await raw(`${served.url}/api/v1/resolve`);
  assert.equal(missing.status, 400);
  const endless = await refusal(served.client.resolve("x".repeat(2000)));
  assert.equal(endless.code, "invalid_parameter");
  assert.deepEqual((await served.client.resolve("nobody")).items, []);
});
