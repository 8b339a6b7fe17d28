import assert from "node:assert/strict";
import { test } from "node:test";
import { buildTree } from "@clew/protocol/analysis/tree";
import { HEAT_STEPS, HEATS, heatOf, heatStep, heatText, nextHeat, readHeat } from "./heat.ts";
import { shownTree } from "./shown-tree.ts";
import { columns } from "./testing/columns.ts";
import { randomSpans } from "./testing/random-spans.ts";

const trace = columns([
  { parent: -1, start: 0, dur: 100 },
  { parent: 0, start: 10, dur: 60, tokens: 900 },
  { parent: 0, start: 70, dur: 20, tokens: 100 },
]);
const times = { start: trace.start, end: trace.start.map((at, row) => at + trace.dur[row]!) };
const tree = shownTree(buildTree(trace));

test("the key goes through all heats and then to none; the address says which", () => {
  let heat = nextHeat(undefined);
  const seen = [heat];
  while (heat !== undefined) seen.push((heat = nextHeat(heat)));
  assert.deepEqual(seen, [...HEATS.map(({ name }) => name), undefined]);
  assert.equal(readHeat("self"), "self");
  assert.equal(readHeat("rainbow"), undefined);
  assert.equal(readHeat(null), undefined);
});

test("a span has what it took itself", () => {
  assert.deepEqual([...heatOf("self", trace, tree, times).amounts], [20, 60, 20]);
  assert.deepEqual([...heatOf("tokens", trace, tree, times).amounts], [0, 900, 100]);
  assert.deepEqual([...heatOf("duration", trace, tree, times).amounts], [100, 60, 20]);
});

test("what is left out warms the span above that is shown", () => {
  const brief = shownTree(buildTree(trace), Uint8Array.of(0, 0, 1));
  assert.deepEqual([...heatOf("tokens", trace, brief, times).amounts], [100, 900, 0]);
  assert.deepEqual([...heatOf("self", trace, brief, times).amounts], [40, 60, 0]);
});

test("the largest is the hottest, nothing is cold, and more is never colder", () => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = randomSpans(seed);
    const ends = random.start.map((at, row) => at + random.dur[row]!);
    const heat = heatOf("duration", random, shownTree(buildTree(random)), { start: random.start, end: ends });
    const sorted = [...heat.amounts].sort((a, b) => a - b);
    const steps = sorted.map((amount) => heatStep(heat, amount));
    assert.deepEqual(steps, steps.toSorted());
    assert.equal(steps.at(-1), sorted.at(-1)! > 0 ? HEAT_STEPS : 0);
  }
  assert.equal(heatStep({ most: 0 }, 0), 0);
});

test("the value is there in words", () => {
  assert.equal(heatText("self", 1_250_000), "1.25 s");
  assert.equal(heatText("tokens", 12_300), "12.3K tok");
  assert.equal(heatText("cost", 2_500_000), "$2.50");
  assert.equal(heatText("cost", 0), "–");
});
