import assert from "node:assert/strict";
import { test } from "node:test";
import { W3cTraceState } from "./w3c-trace-state.ts";

const STATE = new W3cTraceState([
  { key: "a", value: "1" },
  { key: "b", value: "2" },
]);

test("a member that is set comes first, and the list it is set in stays", () => {
  assert.equal(STATE.set("c", "3").serialize(), "c=3,a=1,b=2");
  assert.equal(STATE.set("b", "3").serialize(), "b=3,a=1");
  assert.equal(STATE.unset("a").serialize(), "b=2");
  assert.equal(STATE.serialize(), "a=1,b=2");
  assert.deepEqual([STATE.get("b"), STATE.get("c")], ["2", undefined]);
});

test("what must not be in a header is not set", () => {
  for (const [key, value] of [
    ["B", "1"],
    ["@b", "1"],
    ["b", "x,y"],
    ["b", "x=y"],
    ["b", ""],
    ["b", "x\r\ny"],
  ] as const) {
    assert.equal(STATE.set(key, value), STATE);
  }
});

test("of 33 members the last goes", () => {
  const members = Array.from({ length: 32 }, (_, index) => ({ key: `k${index}`, value: "v" }));
  const text = new W3cTraceState(members).set("new", "1").serialize();
  assert.equal(text.split(",").length, 32);
  assert.ok(text.startsWith("new=1,k0=v,") && text.endsWith(",k30=v"));
});
