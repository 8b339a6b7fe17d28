import assert from "node:assert/strict";
import { test } from "node:test";
import { formatTracestate, parseTracestate } from "./tracestate.ts";

function members(count: number): string {
  return Array.from({ length: count }, (_, index) => `vendor${index}=${index}`).join(",");
}

test("members keep their order; spaces around them and empty members do not count", () => {
  const read = parseTracestate("\t rojo=1 \t, ,congo= 2,,\tvendor@tenant=a b\t");
  assert.deepEqual(read, [
    { key: "rojo", value: "1" },
    { key: "congo", value: " 2" },
    { key: "vendor@tenant", value: "a b" },
  ]);
  assert.equal(formatTracestate(read ?? []), "rojo=1,congo= 2,vendor@tenant=a b");
  assert.deepEqual(parseTracestate(""), []);
});

test("one malformed member makes the whole list wrong", () => {
  const wrong = ["a=b=c", "a=", "=1", "a", "A=1", "a.b=1", "a =1", "@a=1", "a=ä", "a=\u007f", "a=b\u0000"];
  for (const text of wrong) assert.equal(parseTracestate(`good=1,${text}`), undefined, text);
});

test("a key may start with a digit and hold any number of at signs", () => {
  for (const key of ["0", "a@", "a@@b", "a@b@c", "a_-*/9"]) {
    assert.deepEqual(parseTracestate(`${key}=1`), [{ key, value: "1" }]);
  }
});

test("keys and values have 256 characters at most, a list 32 members", () => {
  assert.equal(parseTracestate(`${"k".repeat(256)}=${"v".repeat(256)}`)?.length, 1);
  assert.equal(parseTracestate(`${"k".repeat(257)}=1`), undefined);
  assert.equal(parseTracestate(`k=${"v".repeat(257)}`), undefined);
  assert.equal(parseTracestate(members(32))?.length, 32);
  assert.equal(parseTracestate(members(33)), undefined);
});

test("of a key that occurs twice the first holds: it is the newest", () => {
  assert.deepEqual(parseTracestate("a=1,b=2,a=3"), [
    { key: "a", value: "1" },
    { key: "b", value: "2" },
  ]);
});
