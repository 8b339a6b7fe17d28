import assert from "node:assert/strict";
import { test } from "node:test";
import { readSpanFilter } from "./span-filter.ts";

const agent = { name: "agent", value: 'say "x"' };

test("a filter and conditions make one condition for a span", () => {
  assert.deepEqual(readSpanFilter("", []), { condition: "", left: [] });
  assert.deepEqual(readSpanFilter("{ }", []), { condition: "", left: [] });
  assert.deepEqual(readSpanFilter("", [agent]), { condition: 'agent:name = "say \\"x\\""', left: [] });
  assert.deepEqual(readSpanFilter("{ .a = 1 || .b }", [agent, { name: "status", value: "ok" }]), {
    condition: '(.a = 1 || .b) && ((agent:name = "say \\"x\\"") && (status != error))',
    left: [],
  });
  assert.deepEqual(readSpanFilter("{ .a }", [{ name: "text", value: "refund" }]), {
    condition: ".a",
    left: [{ name: "text", value: "refund" }],
  });
});

test("what is more than a filter is refused", () => {
  for (const filter of ["{ } | count() > 1", "{ } >> { }", "{ } | rate()", "{ .a = ", "words"]) {
    assert.ok("refused" in readSpanFilter(filter, []), filter);
  }
});
