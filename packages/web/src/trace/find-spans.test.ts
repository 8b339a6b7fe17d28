import assert from "node:assert/strict";
import { test } from "node:test";
import { findSpans } from "./find-spans.ts";
import { columns } from "./testing/columns.ts";

const trace = columns([
  { parent: -1, name: "POST /chat" },
  { parent: 0, name: "chat gpt-5", err: "Timeout" },
  { parent: 0, name: "execute_tool search" },
]);

test("words are found in names and errors, in any case, and all must fit", () => {
  assert.deepEqual([...(findSpans(trace, "CHAT") ?? [])], [1, 1, 0]);
  assert.deepEqual([...(findSpans(trace, "chat timeout") ?? [])], [0, 1, 0]);
  assert.deepEqual([...(findSpans(trace, "nothing") ?? [])], [0, 0, 0]);
});

test("the beginning of an id finds its span", () => {
  assert.deepEqual([...(findSpans(trace, "0000000000000003") ?? [])], [0, 0, 1]);
});

test("nothing is looked for without words", () => {
  assert.equal(findSpans(trace, "  "), undefined);
});
