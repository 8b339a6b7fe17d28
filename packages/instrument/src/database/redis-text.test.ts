import assert from "node:assert/strict";
import { test } from "node:test";
import { redisSpanName, redisWithoutValues } from "./redis-text.ts";

test("a command keeps its key and loses its values", () => {
  assert.equal(redisWithoutValues("set", ["k", "secret"]), "SET k [1 other arguments]");
  assert.equal(redisWithoutValues("GET", [Buffer.from("k")]), "GET k");
  assert.equal(redisWithoutValues("PING", []), "PING");
  for (const name of ["auth", "ECHO", "eval", "EVAL_RO", "hello"]) {
    assert.doesNotMatch(redisWithoutValues(name, ["secret", "secret"]), /secret/);
  }
});

test("what sets up a connection and what waits for messages is no query", () => {
  assert.equal(redisSpanName("get"), "GET");
  for (const name of ["connect", "HELLO", "auth", "XREADGROUP"]) assert.equal(redisSpanName(name), undefined);
});
