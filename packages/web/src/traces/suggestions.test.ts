import assert from "node:assert/strict";
import { test } from "node:test";
import { isTraceQl } from "../search/is-traceql.ts";
import { suggestionsFor } from "./suggestions.ts";

test("an empty box offers conditions and, last, to begin a query", () => {
  const suggestions = suggestionsFor("", []);
  assert.equal(suggestions[0]?.text, "text:");
  assert.equal(isTraceQl(suggestions.at(-1)?.text ?? ""), true);
});

test("what has begun is completed, and what stands before it stays", () => {
  assert.deepEqual(
    suggestionsFor("late fee mo", []).map(({ text }) => text),
    ["late fee model:"],
  );
});
