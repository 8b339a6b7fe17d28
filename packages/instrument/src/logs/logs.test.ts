import assert from "node:assert/strict";
import { test } from "node:test";
import { withIds } from "./json-line.ts";
import { logTime } from "./log-time.ts";
import { severityOfName, severityOfNumber } from "./severity.ts";

test("ids go to the end of a line, also of an empty one, and never twice", () => {
  const ids = { trace_id: "ab", "session.id": 'a "b"' };
  assert.equal(withIds('{"msg":"}"}\n', ids), '{"msg":"}","trace_id":"ab","session.id":"a \\"b\\""}\n');
  assert.equal(withIds("{}\r\n", ids), '{"trace_id":"ab","session.id":"a \\"b\\""}\r\n');
  assert.equal(
    withIds('{"trace_id":"mine","nested":{}}', { trace_id: "ab" }),
    '{"trace_id":"mine","nested":{}}',
  );
  assert.equal(withIds("no object", ids), "no object");
});

test("levels between those that have a name keep their place", () => {
  const levels = [1, 10, 20, 30, 35, 40, 50, 60, 1000];
  assert.deepEqual(levels.map(severityOfNumber), [1, 1, 5, 9, 11, 13, 17, 21, 24]);
  const names = ["silly", "verbose", "http", "INFO", "warning", "crit", "emerg", "mine"];
  assert.deepEqual(names.map(severityOfName), [1, 6, 7, 9, 13, 18, 21, 0]);
});

test("lines of one millisecond keep their order", () => {
  const nanos = Array.from({ length: 500 }, () => logTime()).map(
    ([s, ns]) => BigInt(s) * 1_000_000_000n + BigInt(ns),
  );
  assert.deepEqual(
    [...nanos].sort((a, b) => Number(a - b)),
    nanos,
  );
  assert.equal(new Set(nanos).size, nanos.length);
});
