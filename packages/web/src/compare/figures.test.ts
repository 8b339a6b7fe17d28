import assert from "node:assert/strict";
import { test } from "node:test";
import { analyseTrace } from "@clew/protocol/analysis/analyse-trace";
import { agent, call, chat, tool } from "@clew/protocol/analysis/testing/sketches";
import { type Sketch, traceOf } from "@clew/protocol/analysis/testing/trace-builder";
import type { AnalysedTrace } from "../trace/use-analysis.ts";
import { figuresOf } from "./figures.ts";
import { graphDiff } from "./graph-diff.ts";
import { lanePairs } from "./lane-pairs.ts";

const analysed = (top: Sketch): AnalysedTrace => {
  const trace = traceOf(top);
  return { trace, analysis: analyseTrace(trace) };
};

/** B asks a critic in place of the coder, with another model, and its tool takes longer and fails. */
const A = analysed(
  agent("planner", 0, 1000, {
    below: [
      chat(10, 100, [100, 10], { model: "gpt-5.1", costMicro: 500 }),
      tool("sql", 200, 100),
      call("/code", "coder", 400, 300, { below: [agent("coder", 410, 280)] }),
    ],
  }),
);
const B = analysed(
  agent("planner", 0, 1600, {
    below: [
      chat(10, 100, [100, 10], { model: "claude-sonnet-5", costMicro: 900 }),
      tool("sql", 200, 700, { error: "timeout" }),
      call("/check", "critic", 1000, 300, { below: [agent("critic", 1010, 280)] }),
    ],
  }),
);

test("lanes are paired by who they are, and the time that differs most is told first", () => {
  const pairs = lanePairs({ a: A, b: B });
  const planner = pairs.find(({ label }) => label === "planner")!;
  assert.deepEqual([planner.usA, planner.usB], [1_000_000, 1_600_000]);
  assert.deepEqual(planner.parts[0], { kind: "tool", text: "tool sql", usA: 100_000, usB: 700_000 });
  for (const { usA, usB, parts } of pairs) {
    const sum = (side: "usA" | "usB"): number => parts.reduce((all, part) => all + part[side], 0);
    assert.deepEqual([sum("usA"), sum("usB")].map(Math.round), [usA, usB].map(Math.round));
  }
  const alone = pairs.filter(({ a, b }) => a < 0 || b < 0).map(({ label }) => label);
  assert.deepEqual(alone.toSorted(), ["coder", "critic"]);
});

test("agents, models and tools are told with what they add up to in both", () => {
  const { agents, models, tools } = figuresOf({ a: A, b: B });
  assert.deepEqual(
    models.map(({ name, a, b }) => [name, a.calls, b.calls, a.costMicro, b.costMicro]).toSorted(),
    [
      ["claude-sonnet-5", 0, 1, 0, 900],
      ["gpt-5.1", 1, 0, 500, 0],
    ],
  );
  assert.deepEqual(
    tools.map(({ name, a, b }) => [name, a.us, b.us, a.errors, b.errors]),
    [["sql", 100_000, 700_000, 0, 1]],
  );
  const planner = agents.find(({ name }) => name === "planner");
  assert.deepEqual([planner?.a.calls, planner?.a.tokens, planner?.b.errors], [1, 110, 1]);
});

test("agents and calls that only one trace has are marked", () => {
  const { nodes, edges, leftOut } = graphDiff({ a: A, b: B });
  const marks = Object.fromEntries(nodes.map(({ name, mark }) => [name, mark]));
  assert.deepEqual(marks, { planner: "both", coder: "only-a", critic: "only-b" });
  assert.deepEqual(
    edges.map(({ from, to, mark }) => `${nodes[from]!.name} ${nodes[to]!.name} ${mark}`).toSorted(),
    ["planner coder only-a", "planner critic only-b"],
  );
  assert.equal(leftOut, 0);
});

test("who began before the first that both have stands before it", () => {
  const behindGate = analysed({
    ...{ name: "GET /", service: "gate", kind: "server", took: 1000 },
    below: [call("/plan", "planner", 10, 900, { below: [agent("planner", 20, 800)] })],
  });
  const { nodes } = graphDiff({ a: A, b: behindGate });
  assert.deepEqual(
    nodes.map(({ name, mark }) => `${name} ${mark}`),
    ["gate only-b", "planner both", "coder only-a"],
  );
});

test("an agent that has moved to another service is the same lane", () => {
  const moved = analysed(agent("planner", 0, 500, { service: "elsewhere" }));
  assert.deepEqual(
    lanePairs({ a: A, b: moved }).map(({ label, a, b }) => [label, a >= 0, b >= 0]),
    [
      ["planner", true, true],
      ["coder", true, false],
    ],
  );
});
