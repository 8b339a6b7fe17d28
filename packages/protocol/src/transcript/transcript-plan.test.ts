import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../analysis/testing/random.ts";
import { junkTrace, randomTrace } from "../analysis/testing/random-trace.ts";
import { agent, chat, tool } from "../analysis/testing/sketches.ts";
import { traceOf } from "../analysis/testing/trace-builder.ts";
import type { TraceColumns } from "../api/trace-columns.ts";
import { transcriptPlan } from "./transcript-plan.ts";

const TRACES = 200;

/** Each step as its depth, what it is and whose. */
function lines(trace: TraceColumns): string[] {
  const { steps, runs } = transcriptPlan(trace);
  const depth = (run: number): number => (run < 0 ? -1 : 1 + depth(runs[run]!.caller));
  return steps.map(({ type, run }) => `${"  ".repeat(depth(run))}${type} ${runs[run]?.label}`);
}

test("a run comes with all it called before what its caller did next; who calls nobody and tells nothing is passed through", () => {
  const trace = traceOf({
    name: "POST /",
    at: 0,
    took: 100,
    service: "web",
    below: [
      agent("boss", 1, 98, {
        below: [
          chat(2, 5, [10, 1]),
          tool("ask", 10, 20, {
            below: [agent("clerk", 11, 18, { service: "desk", below: [chat(12, 5, [10, 1])] })],
          }),
          chat(40, 5, [10, 1]),
        ],
      }),
    ],
  });
  assert.deepEqual(lines(trace), [
    "run boss",
    "model boss",
    "tool boss",
    "  run clerk",
    "  model clerk",
    "model boss",
  ]);
});

test("whatever a trace holds, callers come before what they call, and no span is told twice", () => {
  for (let seed = 1; seed <= TRACES; seed++) {
    const random = new Random(seed);
    const trace = (seed % 3 === 0 ? junkTrace : randomTrace)(random, random.below(60));
    const { steps, runs } = transcriptPlan(trace);
    const begun = new Set<number>();
    for (const { type, run } of steps) {
      assert.ok(begun.has(runs[run]!.caller) || runs[run]!.caller === -1, `seed ${seed}`);
      if (type === "run") begun.add(run);
      else assert.ok(begun.has(run), `seed ${seed}`);
    }
    assert.equal(begun.size, runs.length, `seed ${seed}`);
    const told = steps.filter(({ type }) => type !== "run").map(({ row }) => row);
    assert.equal(new Set(told).size, told.length, `seed ${seed}`);
  }
});

test("of a call that is wrapped in spans of its kind one is told", () => {
  const trace = traceOf(
    agent("a", 0, 100, {
      below: [
        tool("sql", 1, 10, { below: [tool("sql", 2, 8, {})] }),
        chat(20, 10, [1, 1], { below: [chat(21, 8, [1, 1])] }),
      ],
    }),
  );
  assert.deepEqual(
    transcriptPlan(trace).steps.map(({ type }) => type),
    ["run", "tool", "model"],
  );
});
