import assert from "node:assert/strict";
import { test } from "node:test";
import type { TraceColumns } from "../../api/trace-columns.ts";
import { analyseTrace } from "../analyse-trace.ts";
import { fleetTrace } from "../fleet-trace.ts";
import { Random } from "../testing/random.ts";
import { junkTrace, randomTrace } from "../testing/random-trace.ts";
import { agent, call, chat, tool } from "../testing/sketches.ts";
import { type Sketch, traceOf } from "../testing/trace-builder.ts";
import { compareTraces, lineDifference } from "./compare-traces.ts";
import { type AnalysedTrace, CHANGE, type TraceComparison } from "./comparison.ts";

const analysed = (trace: TraceColumns): AnalysedTrace => ({ trace, analysis: analyseTrace(trace) });

/** Each line as `+ name`, `- name`, `name → name` or `name`, with its depth as dots and an asterisk where it diverges. */
function compared(
  a: Sketch | readonly Sketch[],
  b: Sketch | readonly Sketch[],
): { lines: string[]; comparison: TraceComparison } {
  const [one, other] = [traceOf(...[a].flat()), traceOf(...[b].flat())];
  const comparison = compareTraces(analysed(one), analysed(other));
  const lines = Array.from({ length: comparison.count }, (_, line) => {
    const [rowA, rowB] = [comparison.a[line]!, comparison.b[line]!];
    const nameA = one.dict.name[one.name[rowA] ?? 0] ?? "";
    const nameB = other.dict.name[other.name[rowB] ?? 0] ?? "";
    const text =
      rowA < 0 ? `+ ${nameB}` : rowB < 0 ? `- ${nameA}` : nameA === nameB ? nameA : `${nameA} → ${nameB}`;
    return `${".".repeat(comparison.depth[line]!)}${text}${line === comparison.firstDivergence ? " *" : ""}`;
  });
  return { lines, comparison };
}

const failed = { error: "timeout" };

test("a trace is the same as itself, whatever its numbers", () => {
  const run = (order: number, slower: number): Sketch =>
    agent("a", 0, 100 * slower, {
      name: `order #${order}`,
      below: [chat(10, 50 * slower, [90, order]), tool("sql", 70 * slower, 5)],
    });
  const { lines, comparison } = compared(run(1001, 1), run(1002, 2));
  assert.deepEqual(lines, ["order #1001 → order #1002", ".chat gpt-5.1", ".execute_tool sql"]);
  assert.equal(comparison.firstDivergence, -1);
  assert.deepEqual([...comparison.changes], [0, 0, 0]);
});

test("what is only in one is added or removed, with what is below it", () => {
  const { lines, comparison } = compared(
    agent("a", 0, 100, {
      below: [chat(1, 10, [1, 1]), tool("old", 20, 10, { below: [{ name: "SELECT", at: 21 }] })],
    }),
    agent("a", 0, 100, { below: [chat(1, 10, [1, 1]), call("/new", "shop", 20, 50), chat(80, 10, [1, 1])] }),
  );
  assert.deepEqual(lines, [
    "invoke_agent a",
    ".chat gpt-5.1",
    ".- execute_tool old *",
    "..- SELECT",
    ".+ POST",
    "..+ POST /new",
    ".+ chat gpt-5.1",
  ]);
  assert.equal(comparison.changesBelow[0], 5);
});

test("another tool in the same place is the same line, renamed", () => {
  const { lines, comparison } = compared(
    agent("a", 0, 100, { below: [chat(1, 10, [1, 1]), tool("sql", 20, 10), chat(40, 10, [1, 1])] }),
    agent("a", 0, 100, { below: [chat(1, 10, [1, 1]), tool("search", 20, 10), chat(40, 10, [1, 1])] }),
  );
  assert.equal(lines[2], ".execute_tool sql → execute_tool search *");
  assert.equal(comparison.changes[2], CHANGE.renamed);
});

test("another model is a change, another version of it is none", () => {
  const asking = (model: string): Sketch =>
    agent("a", 0, 100, { below: [chat(1, 10, [1, 1], { name: "chat", model })] });
  assert.equal(compared(asking("gpt-5.1"), asking("gpt-5.1-2026-10-01")).comparison.firstDivergence, -1);
  assert.equal(compared(asking("gpt-5.1"), asking("claude-sonnet-5")).comparison.changes[1], CHANGE.model);
});

test("a failure diverges where it began, not where it was carried to", () => {
  const run = (more: Partial<Sketch>): Sketch => ({
    name: "root",
    took: 100,
    ...more,
    below: [chat(1, 10, [1, 1]), call("/a", "a", 20, 60, { ...more, below: [tool("sql", 30, 20, more)] })],
  });
  const { lines, comparison } = compared(run({}), run(failed));
  assert.equal(
    lines.find((line) => line.endsWith("*")),
    "...execute_tool sql *",
  );
  assert.deepEqual(
    [...comparison.changes].map((bits) => bits & CHANGE.outcome),
    [16, 0, 16, 16, 16],
  );
});

test("what happens earlier goes before, also when it is a failure", () => {
  const { lines } = compared(
    agent("a", 0, 100, { below: [tool("x", 1, 10), chat(20, 10, [1, 1])] }),
    agent("a", 0, 100, { below: [tool("x", 1, 10, failed), tool("x", 12, 5), chat(20, 10, [1, 1])] }),
  );
  assert.deepEqual(lines, ["invoke_agent a", ".+ execute_tool x *", ".execute_tool x", ".chat gpt-5.1"]);
});

test("what failed is aligned with what failed, and with what did not where there is nothing else", () => {
  const steps = (...errors: boolean[]): Sketch =>
    agent("a", 0, 100, { below: errors.map((error, at) => tool("x", 10 * at, 5, error ? failed : {})) });
  assert.deepEqual(compared(steps(true, true, false), steps(false)).lines, [
    "invoke_agent a",
    ".- execute_tool x *",
    ".- execute_tool x",
    ".execute_tool x",
  ]);
  const { lines, comparison } = compared(steps(false, false, false), steps(false, true, false));
  assert.deepEqual(lines, ["invoke_agent a", ".execute_tool x", ".execute_tool x *", ".execute_tool x"]);
  assert.equal(comparison.changes[2], CHANGE.outcome);
});

test("single tops are the same whatever they are called, several are aligned", () => {
  assert.deepEqual(compared({ name: "x" }, { name: "y" }).lines, ["x → y *"]);
  assert.deepEqual(compared([{ name: "x" }, { name: "z", at: 1 }], [{ name: "z" }]).lines, ["- x *", "z"]);
});

test("most of the difference in time is found below", () => {
  const run = (slow: number): Sketch =>
    agent("a", 0, 100 + slow, {
      below: [
        chat(10, 20, [1, 1]),
        tool("sql", 40, 50 + slow, { below: [{ name: "SELECT", at: 41, took: 40 + slow }] }),
      ],
    });
  const { lines, comparison } = compared(run(0), run(900));
  assert.equal(lines[comparison.timeDifference], "..SELECT");
  assert.equal(compared(run(0), run(4)).comparison.timeDifference, -1);
});

test("a line's difference counts everything below it", () => {
  const a = analysed(traceOf(agent("a", 0, 100, { below: [chat(1, 10, [100, 10], { costMicro: 5 })] })));
  const b = analysed(
    traceOf(agent("a", 0, 130, { below: [chat(1, 10, [150, 10], { costMicro: 9 }), chat(50, 10, [30, 3])] })),
  );
  const comparison = compareTraces(a, b);
  assert.deepEqual(lineDifference(a, b, comparison, 0), {
    durationUs: 30_000,
    inputTokens: 80,
    outputTokens: 3,
    costMicro: 4,
  });
  assert.deepEqual(lineDifference(a, b, comparison, 2), {
    durationUs: 10_000,
    inputTokens: 30,
    outputTokens: 3,
    costMicro: 0,
  });
  assert.deepEqual([comparison.totals[0].modelCalls, comparison.totals[1].modelCalls], [1, 2]);
});

test("each span of either is in one line, below the line of its parent", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = new Random(seed);
    const make = seed % 4 === 0 ? junkTrace : randomTrace;
    const [a, b] = [analysed(make(random, random.below(50))), analysed(make(random, random.below(50)))];
    const comparison = compareTraces(a, b);
    for (const [side, rows] of [
      [a, comparison.a],
      [b, comparison.b],
    ] as const) {
      const seen = [...rows].filter((row) => row >= 0).sort((one, other) => one - other);
      assert.deepEqual(seen, [...Array(side.trace.n).keys()], `seed ${seed}`);
      for (const [line, row] of rows.entries()) {
        const parent = comparison.parent[line]!;
        if (row >= 0)
          assert.equal(parent < 0 ? -1 : rows[parent], Math.max(-1, side.analysis.tree.parent[row]!));
      }
    }
    assert.equal(compareTraces(a, a).firstDivergence, -1);
  }
});

test("very many calls that are unlike are all told of, those that rise together as the same", () => {
  const count = 20_000;
  const job = (name: (at: number) => string): Sketch => ({
    name: "job",
    took: count,
    below: Array.from({ length: count }, (_, at) => ({ name: name(at), at, took: 1 })),
  });
  const letters = (at: number): string =>
    at.toString(26).replace(/\d/g, (digit) => "qrstuvwxyz"[Number(digit)]!);
  const [a, b] = [job(letters), job((at) => letters((at * 7919) % count))].map((top) =>
    analysed(traceOf(top)),
  );
  const { count: lines, changes, changesBelow } = compareTraces(a!, b!);
  const same = changes.filter((change) => change === 0).length;
  assert.ok(same > 100 && same < count);
  assert.equal(lines, 2 * count + 1 - (same - 1));
  assert.equal(changesBelow[0], lines - same);
});

test("two long traces are compared, and a deep one with itself", () => {
  const [a, b] = [analysed(fleetTrace(30_000)), analysed(fleetTrace(31_000))];
  const { count, changesBelow } = compareTraces(a, b);
  assert.equal(count, b.trace.n);
  assert.equal(changesBelow[0], b.trace.n - a.trace.n);
  let deep: Sketch = { name: "end" };
  for (let level = 0; level < 50_000; level++) deep = { name: "level", took: 5, below: [deep] };
  const chain = analysed(traceOf(deep));
  assert.equal(compareTraces(chain, chain).changesBelow[0], 0);
});
