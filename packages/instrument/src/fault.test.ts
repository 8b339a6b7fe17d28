import assert from "node:assert/strict";
import { test } from "node:test";
import { countFault, takeFaults } from "./fault.ts";

test("faults are counted by name, keep the newest message and are handed out once", () => {
  countFault("openai", new Error("first"));
  countFault("openai", "second");
  countFault("express", null);
  assert.deepEqual(takeFaults(), [
    { name: "openai", count: 2, message: "second" },
    { name: "express", count: 1, message: "null" },
  ]);
  assert.deepEqual(takeFaults(), []);
});

test("a thrown value that cannot be read is counted all the same", () => {
  const hostile = {
    toString() {
      throw new Error("no");
    },
  };
  countFault("hostile", hostile);
  countFault("bare", Object.create(null));
  assert.deepEqual(
    takeFaults().map(({ name, message }) => [name, message]),
    [
      ["hostile", "an error that has no text"],
      ["bare", "an error that has no text"],
    ],
  );
});

test("memory stays bounded however many names and however long the messages", () => {
  for (let index = 0; index < 1000; index++) countFault(`name ${index}`, "x".repeat(10_000));
  const taken = takeFaults();
  assert.equal(taken.length, 100);
  assert.equal(taken[0]?.message.length, 2000);
});
