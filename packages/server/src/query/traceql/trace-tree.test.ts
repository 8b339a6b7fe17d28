import assert from "node:assert/strict";
import { test } from "node:test";
import type { StructuralOperator } from "@clew/protocol/traceql/ast";
import type { PlainSpan } from "@clew/protocol/traceql/naive/plain-trace";
import { relatedSpans as naively } from "@clew/protocol/traceql/naive/related-spans";
import { viewTrace } from "@clew/protocol/traceql/naive/trace-view";
import { seededRandom } from "@clew/protocol/traceql/testing/seeded-random";
import { spanOf } from "@clew/protocol/traceql/testing/span-of";
import { relatedSpans } from "./related-spans.ts";
import { NOBODY, TraceTree } from "./trace-tree.ts";

const OPERATORS = [">", ">>", "<", "<<", "~"].flatMap((sign) => [
  sign,
  `!${sign}`,
  `&${sign}`,
]) as StructuralOperator[];

/** Parents may be missing, the span itself, or one below it; ids may come twice. */
function brokenTrace(seed: number): PlainSpan[] {
  const random = seededRandom(seed);
  const count = 1 + random.below(14);
  const id = () => `s${random.below(count + 1)}`;
  return Array.from({ length: count }, (_, at) =>
    spanOf(random.once(9) ? id() : `s${at}`, { parentSpanId: random.once(5) ? "" : id(), start: BigInt(at) }),
  );
}

function treeOf(spans: readonly PlainSpan[]): TraceTree {
  return new TraceTree({
    count: spans.length,
    ids: spans.map(({ spanId }) => spanId),
    parentIds: spans.map(({ parentSpanId }) => parentSpanId),
    starts: spans.map(({ start }) => start),
    durations: spans.map(({ duration }) => duration),
  });
}

test("every operator relates spans of broken traces as the evaluator does", () => {
  for (let seed = 0; seed < 400; seed++) {
    const spans = brokenTrace(seed);
    const random = seededRandom(seed + 1000);
    const [left, right] = [0, 1].map(() => Uint8Array.from(spans, () => Number(random.once(2)))) as [
      Uint8Array,
      Uint8Array,
    ];
    const view = viewTrace({ traceId: "", spans });
    const tree = treeOf(spans);
    for (const operator of OPERATORS) {
      const chosen = (set: Uint8Array) => view.spans.filter((_, at) => set[at] === 1);
      const wanted = new Set(naively(operator, chosen(left), chosen(right)));
      const found = view.spans.filter((_, at) => relatedSpans(operator, left, right, tree)[at] === 1);
      assert.deepEqual(new Set(found), wanted, `${operator} of seed ${seed}`);
    }
  }
});

test("nested sets, children and roots of broken traces are the evaluator's", () => {
  for (let seed = 0; seed < 400; seed++) {
    const spans = brokenTrace(seed);
    const view = viewTrace({ traceId: "", spans });
    const { nestedSets, childCounts, root } = treeOf(spans);
    const mine = spans.map((_, at) => ({
      left: nestedSets.left[at],
      right: nestedSets.right[at],
      parent: nestedSets.parent[at],
    }));
    assert.deepEqual(
      mine,
      view.spans.map(({ nestedSet }) => ({ ...nestedSet })),
      `seed ${seed}`,
    );
    assert.deepEqual(
      [...childCounts],
      view.spans.map(({ children }) => children.length),
    );
    assert.equal(root === NOBODY ? undefined : view.spans[root], view.root);
  }
});

test("a chain of 100,000 spans is no trouble", () => {
  const count = 100_000;
  const spans = Array.from({ length: count }, (_, at) =>
    spanOf(`s${at}`, { parentSpanId: at === 0 ? "" : `s${at - 1}`, start: BigInt(at) }),
  );
  const tree = treeOf(spans);
  const first = new Uint8Array(count);
  first[0] = 1;
  const all = new Uint8Array(count).fill(1);
  assert.equal(relatedSpans(">>", first, all, tree).indexOf(0, 1), -1);
  assert.equal(relatedSpans("&<<", all, first, tree).indexOf(0), -1);
  assert.equal(tree.nestedSets.right[0], 2 * count);
});
