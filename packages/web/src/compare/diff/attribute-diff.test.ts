import assert from "node:assert/strict";
import { test } from "node:test";
import { attributeDiff } from "./attribute-diff.ts";

test("attributes that differ are told, with those that only one has; the others are counted", () => {
  const diff = attributeDiff(
    [
      { key: "model", value: { stringValue: "a" } },
      { key: "tries", value: { intValue: "3" } },
      { key: "old", value: { boolValue: true } },
    ],
    [
      { key: "tries", value: { intValue: "3" } },
      { key: "new", value: { stringValue: "" } },
      { key: "model", value: { stringValue: "b" } },
    ],
  );
  assert.deepEqual(diff, {
    different: [
      { key: "model", a: "a", b: "b" },
      { key: "old", a: "true", b: undefined },
      { key: "new", a: undefined, b: "" },
    ],
    same: 1,
  });
});
