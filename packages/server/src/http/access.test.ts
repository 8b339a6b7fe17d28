import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiClient } from "@clew/protocol/api/client";
import { LiveTraces } from "../query/live-traces.ts";
import { Queries } from "../query/queries.ts";

import { openTestStore, type TestStore } from "../query/testing/test-store.ts";
import { openEmbedded } from "../store/clickhouse-store.ts";
import type { ApiOptions } from "./api-options.ts";
import { type RawAnswer, raw, refusal, type Served, serveApi } from "./testing/serve-api.ts";

/** Names that look like addresses. */
const NAMESPACE =
  /http:\/\/www\.w3\.org\/(2000\/svg|1999\/xlink|1998\/Math\/MathML|XML\/1998\/namespace)(?!\/)/g;

let opened: TestStore;
let live: LiveTraces;
let served: Served;
const running: Served[] = [];

/** The start page, once a checkout has built it. */
async function builtPage(url: string): Promise<RawAnswer> {
  for (;;) {
    const page = await raw(`${url}/`);
    if (!page.body.includes('http-equiv="refresh"')) return page;
    await sleep(100);
  }
}

async function serve(options: Partial<ApiOptions> = {}): Promise<Served> {
  const started = await serveApi({ queries: new Queries(opened.store), live, ...options });
  running.push(started);
  return started;
}

before(async () => {
  opened = await openTestStore(openEmbedded);
  live = new LiveTraces(opened.store);
  served = await serve();
});

after(async () => {
  for (const one of running) await one.close();
  await opened?.close();
});

test("a token is asked for where there is one, except for the page and the probes", async () => {
  const locked = await serve({ token: "correct-horse" });
  assert.deepEqual((await locked.client.traces()).items, []);
  const without = await refusal(new ApiClient({ baseUrl: locked.url }).traces());
  assert.equal(without.status, 401);
  assert.equal(without.code, "unauthorized");
  assert.equal((await refusal(new ApiClient({ baseUrl: locked.url, token: "wrong" }).status())).status, 401);
  const answer = await raw(`${locked.url}/api/v1/setup`);
  assert.equal(answer.headers["www-authenticate"], "Bearer");
  for (const path of ["/", "/healthz", "/readyz"])
    assert.equal((await raw(locked.url + path)).status, 200, path);
});

test("a browser that was led here by a foreign name or page is refused", async () => {
  const url = `${served.url}/api/v1/setup`;
  const rebound = await raw(url, { host: "evil.example:4319" });
  assert.equal(rebound.status, 403);
  assert.equal(JSON.parse(rebound.body.toString()).error.code, "host_not_allowed");
  assert.equal((await raw(`${served.url}/`, { host: "evil.example" })).status, 403);
  const foreign = await raw(url, { origin: "https://evil.example" });
  assert.equal(foreign.status, 403);
  assert.equal(JSON.parse(foreign.body.toString()).error.code, "origin_not_allowed");
  assert.equal((await raw(url, { origin: "null" })).status, 403);
  const own = await raw(url, { origin: served.url });
  assert.equal(own.status, 200);
  assert.equal(own.headers["access-control-allow-origin"], undefined);
});

test("a page of an allowed origin may ask", async () => {
  const open = await serve({ corsOrigins: ["https://App.Example"] });
  const headers = { origin: "https://app.example" };
  const preflight = await raw(`${open.url}/api/v1/traces`, headers, "OPTIONS");
  assert.equal(preflight.status, 204);
  assert.equal(
    preflight.headers["access-control-allow-headers"],
    "Authorization, If-None-Match, Last-Event-ID",
  );
  const answer = await raw(`${open.url}/api/v1/traces`, headers);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers["access-control-allow-origin"], "https://app.example");
  assert.match(String(answer.headers.vary), /Origin/);
});

test("the page needs nothing from elsewhere and forbids what it does not need", async () => {
  const page = await builtPage(served.url);
  assert.equal(page.status, 200);
  assert.match(String(page.headers["content-type"]), /^text\/html/);
  assert.match(String(page.headers["content-security-policy"]), /default-src 'self'.*frame-ancestors 'none'/);
  assert.equal(page.headers["x-content-type-options"], "nosniff");
  const linked = [...page.body.toString().matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!);
  assert.ok(linked.length >= 3);
  for (const path of linked) {
    assert.ok(path.startsWith("/"), path);
    const file = await raw(served.url + path);
    assert.equal(file.status, 200, path);
    const [address] = /https?:\/\/.{0,40}/.exec(file.body.toString().replaceAll(NAMESPACE, "")) ?? [];
    assert.equal(address, undefined, path);
  }
  assert.equal(
    (await raw(`${served.url}/traces/0123`)).headers["content-type"],
    page.headers["content-type"],
  );
  for (const path of ["/missing.js", "/../package.json", "/%2e%2e/package.json", "/index.html/x.css"]) {
    assert.equal((await raw(served.url + path)).status, 404, path);
  }
});
