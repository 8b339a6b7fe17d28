import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { LOG_INTRINSIC_ENTRIES } from "./log-field.ts";
import { parseLogFilter } from "./parse-log-filter.ts";

const guide = readFileSync(new URL("../../../../docs/guide/logs.md", import.meta.url), "utf8");
const examples = [
  ...[...guide.matchAll(/```traceql\n([\s\S]*?)```/g)].flatMap(([, block]) => block!.trim().split("\n")),
  ...[...guide.matchAll(/clew logs '([^']*)'/g)].map(([, filter]) => filter!),
];

for (const example of examples) {
  test(`the guide's filter is understood: ${example}`, () => {
    const condition = parseLogFilter(example);
    assert.equal(condition === undefined, example === "{ }");
  });
}

test("the guide names every field, and no other", () => {
  const table = guide.split("\n").filter((line) => line.startsWith("| `"));
  const named = table.flatMap((line) => [...line.matchAll(/`((?:log|agent|instrumentation):\w+)`/g)]);
  assert.deepEqual(
    named.map(([, name]) => name!).toSorted(),
    LOG_INTRINSIC_ENTRIES.map(([name]) => name).toSorted(),
  );
});
