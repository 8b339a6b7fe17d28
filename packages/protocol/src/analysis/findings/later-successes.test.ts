import assert from "node:assert/strict";
import { test } from "node:test";
import { analyseTrace } from "../analyse-trace.ts";
import { callKeys } from "../call-keys.ts";
import { spanRoles } from "../span-role.ts";
import { Random } from "../testing/random.ts";
import { randomTrace } from "../testing/random-trace.ts";
import { type Evidence, isError } from "./evidence.ts";
import { LaterSuccesses } from "./later-successes.ts";

/** Looks at all pairs. */
function hasLaterSuccess(evidence: Evidence, row: number): boolean {
  const { tree, clock, keys } = evidence;
  const others = [...tree.order].filter((other) => {
    const isBeside = other !== row && Math.max(-1, tree.parent[other]!) === Math.max(-1, tree.parent[row]!);
    return isBeside && keys[other] === keys[row] && !isError(evidence, other);
  });
  return others.some((other) => clock.start[other]! >= clock.end[row]!);
}

test("a later success is the same call by the same caller, begun after the end, and not the call itself", () => {
  let found = 0;
  for (let seed = 1; seed <= 100; seed++) {
    const random = new Random(seed);
    const trace = randomTrace(random, random.below(80));
    const evidence = { ...analyseTrace(trace), trace, roles: spanRoles(trace), keys: callKeys(trace) };
    const later = new LaterSuccesses(evidence);
    for (let row = 0; row < trace.n; row++) {
      assert.equal(later.has(row), hasLaterSuccess(evidence, row), `seed ${seed}, row ${row}`);
      if (later.has(row)) found++;
    }
  }
  assert.ok(found > 20, `only ${found}`);
});
