import assert from "node:assert/strict";
import { test } from "node:test";
import { analyseTrace } from "@clew/protocol/analysis/analyse-trace";
import { compareTraces } from "@clew/protocol/analysis/comparison/compare-traces";
import { fleetTrace } from "@clew/protocol/analysis/fleet-trace";
import { type Sketch, traceOf } from "@clew/protocol/analysis/testing/trace-builder";
import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { alignedRows, notability, type OpenState, revealed, rowOfLine, UNTOUCHED } from "./aligned-rows.ts";
import type { Compared } from "./compared.ts";

function compared(one: TraceColumns, other: TraceColumns): Compared {
  const a = { trace: one, analysis: analyseTrace(one) };
  const b = { trace: other, analysis: analyseTrace(other) };
  return { a, b, comparison: compareTraces(a, b) };
}

/** `name`, or `3 alike`, indented. */
function shown({ a, b, comparison }: Compared, notable: Int32Array, open: OpenState): string[] {
  return alignedRows(comparison, notable, open).map(({ line, alike }) => {
    const [rowA, rowB] = [comparison.a[line]!, comparison.b[line]!];
    const { trace } = rowB < 0 ? a : b;
    const name = trace.dict.name[trace.name[rowB < 0 ? rowA : rowB]!];
    return ".".repeat(comparison.depth[line]!) + (alike > 0 ? `${alike} alike` : name);
  });
}

const step = (name: string, at: number, took: number, below: readonly Sketch[] = []): Sketch => ({
  ...{ name, at, took, below },
});

/** Alike, alike with something below, slower, new with something below, alike. */
const ONE = compared(
  traceOf(
    step("top", 0, 1000, [
      step("plan", 1, 5),
      step("read", 10, 50, [step("GET", 11, 40)]),
      step("write", 100, 100),
      step("check", 300, 5),
    ]),
  ),
  traceOf(
    step("top", 0, 1900, [
      step("plan", 1, 5),
      step("read", 10, 50, [step("GET", 11, 40)]),
      step("write", 100, 900),
      step("mail", 1200, 5, [step("SMTP", 1201, 2)]),
      step("check", 1300, 5),
    ]),
  ),
);

test("what is alike is one row, what is in one trace only is closed", () => {
  const { notable, differences, most } = notability(ONE);
  assert.deepEqual(shown(ONE, notable, UNTOUCHED), ["top", ".3 alike", ".write", ".mail", ".check"]);
  assert.deepEqual([...differences], [5]);
  assert.equal(most.durationUs, 900_000);
});

test("a run that was opened has a row for each of its lines, still closed", () => {
  const { notable } = notability(ONE);
  const open = { ...UNTOUCHED, runs: new Set([1]) };
  assert.deepEqual(shown(ONE, notable, open), ["top", ".plan", ".read", ".write", ".mail", ".check"]);
  const whole = shown(ONE, notable, { ...UNTOUCHED, isAll: true });
  assert.deepEqual(whole.slice(2, 4), [".read", "..GET"]);
  assert.equal(whole.length, ONE.comparison.count);
});

test("a line that is revealed has a row of its own, whatever hid it", () => {
  const { notable } = notability(ONE);
  for (let line = 0; line < ONE.comparison.count; line++) {
    const rows = alignedRows(ONE.comparison, notable, revealed(ONE.comparison, notable, UNTOUCHED, line));
    assert.deepEqual(rows[rowOfLine(rows, line)], { line, alike: 0 });
  }
  const closedTop: OpenState = { isAll: true, turned: new Set([0]), runs: new Set() };
  assert.deepEqual(shown(ONE, notable, closedTop), ["top"]);
  const rows = alignedRows(ONE.comparison, notable, revealed(ONE.comparison, notable, closedTop, 3));
  assert.deepEqual(rows[rowOfLine(rows, 3)], { line: 3, alike: 0 });
});

test("two that did the same are one row", () => {
  const same = compared(fleetTrace(500), fleetTrace(500));
  const { notable, differences } = notability(same);
  assert.deepEqual(alignedRows(same.comparison, notable, UNTOUCHED), [
    { line: 0, alike: same.comparison.count },
  ]);
  assert.equal(differences.length, 0);
});

test("every line is in one row, its own or one that stands for it, whatever was turned", () => {
  const long = compared(fleetTrace(2000), fleetTrace(2600));
  const { notable } = notability(long);
  const { count, size } = long.comparison;
  for (let seed = 1; seed <= 30; seed++) {
    const picked = (every: number): Set<number> =>
      new Set(
        Array.from({ length: count }, (_, line) => line).filter((line) => (line * 7919 + seed) % every === 0),
      );
    const open = { isAll: seed % 3 === 0, turned: picked(11), runs: picked(3) };
    const rows = alignedRows(long.comparison, notable, open);
    let next = 0;
    for (const { line, alike } of rows) {
      assert.ok(line >= next && line < count);
      if (alike > 0) assert.equal(line, next);
      next = alike > 0 ? line + alike : line + 1;
    }
    assert.ok(
      rows.every(({ line, alike }, at) => {
        const end = alike > 0 ? line + alike : line + size[line]!;
        const following = rows[at + 1]?.line ?? count;
        return following === line + 1 || following === end;
      }),
    );
  }
});
