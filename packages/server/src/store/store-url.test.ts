import assert from "node:assert/strict";
import { test } from "node:test";
import { parseStoreUrl } from "./store-url.ts";

test("a store URL names host, port, database and user", () => {
  const store = parseStoreUrl("clickhouse://clew:s%40crt%2F@db.internal:8124/traces");
  assert.equal(store.url.href, "http://db.internal:8124/");
  assert.equal(store.database, "traces");
  assert.equal(store.username, "clew");
  assert.equal(store.password, "s@crt/");
});

test("everything but the host has a default", () => {
  const store = parseStoreUrl("clickhouse://db");
  assert.equal(store.url.href, "http://db:8123/");
  assert.deepEqual([store.database, store.username, store.password], ["default", "default", ""]);
});

test("clickhouses is TLS on its own port", () => {
  assert.equal(parseStoreUrl("clickhouses://db").url.href, "https://db:8443/");
});

test("the location shows no password", () => {
  assert.equal(parseStoreUrl("clickhouse://u:hidden@db/x").location, "clickhouse://db:8123/x");
});

test("a URL of another kind is refused without repeating it", () => {
  for (const text of ["http://u:hidden@db:8123", "clickhouse:db", "nonsense hidden"]) {
    assert.throws(
      () => parseStoreUrl(text),
      (error: Error) => error instanceof TypeError && !error.message.includes("hidden"),
    );
  }
});
