import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { INTRINSICS } from "./intrinsics.ts";
import { parse } from "./parse.ts";

const guide = readFileSync(new URL("../../../../docs/guide/traceql.md", import.meta.url), "utf8");
const examples = [...guide.matchAll(/```traceql\n([\s\S]*?)```/g)].flatMap(([, block]) =>
  block!.trim().split("\n"),
);

test("the guide has examples of searches and of series", () => {
  const kinds = new Set(examples.map((example) => parse(example).kind));
  assert.deepEqual(kinds, new Set(["search", "metrics"]));
});

for (const example of examples) {
  test(`the guide's example is understood: ${example}`, () => assert.ok(parse(example).end > 0));
}

test("the guide names every field of agent:", () => {
  const row = guide.split("\n").find((line) => line.startsWith("| `agent:`"))!;
  const named = [...row.matchAll(/`(\w+)`/g)].map(([, name]) => `agent:${name}`);
  const known = Object.keys(INTRINSICS).filter((name) => name.startsWith("agent:"));
  assert.deepEqual(named.toSorted(), known.toSorted());
});
