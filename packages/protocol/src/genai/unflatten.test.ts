import assert from "node:assert/strict";
import { test } from "node:test";
import { Attributes } from "./plain-value.ts";
import { unflatten } from "./unflatten.ts";

function attributes(entries: Record<string, string>): Attributes {
  return new Attributes(
    Object.entries(entries).map(([key, stringValue]) => ({ key, value: { stringValue } })),
  );
}

test("numbered keys become arrays in numeric order, whatever the order they came in", () => {
  const list = unflatten(attributes({ "m.10.role": "c", "m.2.role": "b", "m.0.role": "a" }), "m");
  assert.deepEqual(JSON.parse(JSON.stringify(list)), [{ role: "a" }, { role: "b" }, { role: "c" }]);
});

test("an enormous index takes one place and no memory", () => {
  const list = unflatten(attributes({ "m.4294967295.x": "1", "m.99999999999999.x": "2" }), "m");
  assert.deepEqual(JSON.parse(JSON.stringify(list)), { 4294967295: { x: "1" }, 99999999999999: { x: "2" } });
  assert.equal((unflatten(attributes({ "m.4000000000.x": "1" }), "m") as unknown[]).length, 1);
});

test("keys that name parts of JavaScript's objects are left out", () => {
  const list = unflatten(
    attributes({ "m.0.__proto__.polluted": "1", "m.0.constructor.prototype.polluted": "1", "m.0.ok": "1" }),
    "m",
  );
  assert.deepEqual(JSON.parse(JSON.stringify(list)), [{ ok: "1" }]);
  assert.equal(({} as { polluted?: string }).polluted, undefined);
});

test("a place keeps what stands there first, value or branch", () => {
  assert.deepEqual(JSON.parse(JSON.stringify(unflatten(attributes({ "m.a": "1", "m.a.b": "2" }), "m"))), {
    a: "1",
  });
  assert.deepEqual(JSON.parse(JSON.stringify(unflatten(attributes({ "m.a.b": "2", "m.a": "1" }), "m"))), {
    a: { b: "2" },
  });
});

test("a hundred thousand keys are cut off at the budget", () => {
  const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`m.${i}`, "x"]));
  assert.equal((unflatten(attributes(many), "m") as unknown[]).length, 20_000);
});

test("keys deeper than sixteen steps and keys with empty steps are left out", () => {
  const deep = `m.${Array.from({ length: 17 }, () => "a").join(".")}`;
  assert.equal(unflatten(attributes({ [deep]: "1", "m..a": "1", other: "1" }), "m"), undefined);
});
