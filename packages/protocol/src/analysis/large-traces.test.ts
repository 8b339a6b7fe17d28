import assert from "node:assert/strict";
import { test } from "node:test";
import type { TraceColumns } from "../api/trace-columns.ts";
import { analyseTrace } from "./analyse-trace.ts";
import { fleetTrace } from "./fleet-trace.ts";

const MANY = 100_000;

/** The columns of spans that differ in parent, start, service and agent only. */
function wide(
  spans: { parent: number; us: number; took: number; service: number; agent: number }[],
): TraceColumns {
  const small = fleetTrace(1);
  const zeros = spans.map(() => 0);
  return {
    ...small,
    n: spans.length,
    dict: { ...small.dict, service: ["", "a", "b"], agent: ["", "x", "y"], type: ["", "agent"] },
    id: spans.map((_, row) => row.toString(16).padStart(16, "0")),
    parent: spans.map(({ parent }) => parent),
    start: spans.map(({ us }) => us),
    dur: spans.map(({ took }) => took),
    service: spans.map(({ service }) => service),
    agent: spans.map(({ agent }) => agent),
    type: spans.map(({ agent }) => (agent > 0 ? 1 : 0)),
    ...{ name: zeros, kind: zeros, model: zeros, tool: zeros, status: zeros, err: zeros, flags: zeros },
    ...{ tokIn: zeros, tokOut: zeros, tokCacheR: zeros, costMicro: zeros, links: [] },
  };
}

function list<Item>(make: (at: number) => Item): Item[] {
  return Array.from({ length: MANY }, (_, at) => make(at));
}

const SHAPES: Record<string, () => TraceColumns> = {
  "one line of descent": () =>
    wide(list((at) => ({ parent: at - 1, us: at, took: 2 * MANY - 2 * at, service: 1, agent: 0 }))),
  "one line of descent through two services": () =>
    wide(
      list((at) => ({ parent: at - 1, us: at, took: 2 * MANY - 2 * at, service: 1 + (at % 2), agent: 0 })),
    ),
  "one line of agents, each called by the other": () =>
    wide(
      list((at) => ({ parent: at - 1, us: at, took: 2 * MANY - 2 * at, service: 1, agent: 1 + (at % 2) })),
    ),
  "one line that starts deeper each time than its caller ended": () =>
    wide(list((at) => ({ parent: at - 1, us: 10 * at, took: 5, service: 1, agent: 0 }))),
  "side by side, at once": () =>
    wide(
      list((at) => ({ parent: at === 0 ? -1 : 0, us: 0, took: MANY, service: 1, agent: at === 0 ? 1 : 2 })),
    ),
  "side by side, in turn": () =>
    wide(
      list((at) => ({ parent: at === 0 ? -1 : 0, us: 10 * at, took: 8, service: 1, agent: 1 + (at % 2) })),
    ),
  "all without a parent": () =>
    wide(list((at) => ({ parent: at % 2 ? -1 : -2, us: at, took: 50, service: 1, agent: 0 }))),
  "one ring": () => wide(list((at) => ({ parent: (at + 1) % MANY, us: at, took: 50, service: 1, agent: 0 }))),
  "all failed, in one line": () => {
    const chain = wide(
      list((at) => ({ parent: at - 1, us: at, took: 2 * MANY - 2 * at, service: 1, agent: 0 })),
    );
    return { ...chain, status: chain.status.map(() => 2) };
  },
  "all failed, side by side": () => {
    const fan = wide(
      list((at) => ({ parent: at === 0 ? -1 : 0, us: 10 * at, took: 8, service: 1, agent: 0 })),
    );
    return { ...fan, status: fan.status.map(() => 2) };
  },
};

/** What could have each span look at all others. */
const CROWDED_SHAPES: Record<string, () => TraceColumns> = {
  "side by side, each with an error of its own": () => {
    const fan = wide(
      list((at) => ({ parent: at === 0 ? -1 : 0, us: 10 * at, took: 8, service: 1, agent: 0 })),
    );
    const err = fan.id.map((_, row) => row);
    return { ...fan, dict: { ...fan.dict, err: ["", ...fan.id.slice(1)] }, err, status: err.map(() => 2) };
  },
  "one agent, again and again, that hands over each time": () => {
    const runs = wide(
      list((at) =>
        at % 2 === 1
          ? { parent: 0, us: 20 * at, took: 30, service: 1, agent: 1 }
          : { parent: at - 1, us: 20 * at - 19, took: 2, service: 1, agent: at === 0 ? 2 : 0 },
      ),
    );
    const name = runs.id.map((_, row) => (row % 2 === 0 ? 1 : 0));
    return { ...runs, dict: { ...runs.dict, name: ["", "handoff"] }, name };
  },
  "a batch of messages from all others": () => {
    const fan = wide(
      list((at) => ({ parent: at === 0 ? -1 : 0, us: at, took: MANY, service: 1 + (at % 2), agent: 0 })),
    );
    return { ...fan, links: fan.id.map((id) => [MANY - 1, fan.traceId, id] as const) };
  },
  "in disorder, and two clocks": () =>
    wide(
      list((at) => ({
        parent: at === 0 ? -1 : 0,
        us: ((at * 7919) % MANY) - (at % 2 === 0 ? 0 : 5_000_000),
        took: 5,
        service: 1 + (at % 2),
        agent: 0,
      })),
    ),
};

for (const [shape, make] of Object.entries({ ...SHAPES, ...CROWDED_SHAPES })) {
  test(`${MANY} spans, ${shape}`, () => {
    const trace = make();
    const { tree, criticalPath, clock } = analyseTrace(trace);
    assert.equal(tree.order.length, MANY);
    const sum = Object.values(criticalPath.totals).reduce((all, us) => all + us, 0);
    assert.ok(Math.abs(sum - (clock.toUs - clock.fromUs)) < 1);
  });
}

test("agents that take turns deeper and deeper, then with very many, are told of once", () => {
  const deep = MANY / 2;
  const trace = wide(
    list((at) => ({
      parent: Math.min(at, deep) - 1,
      us: at,
      took: 2 * MANY - Math.min(at, deep),
      service: 1,
      agent: 1 + (Math.min(at, deep) % 2),
    })),
  );
  const [pingPong, ...others] = analyseTrace(trace).findings.filter(({ kind }) => kind === "ping-pong");
  assert.equal(pingPong?.spans.length, deep + 1);
  assert.deepEqual(others, []);
});

test("a fleet's trace has the agents it was made of, and each finds what was put into it", () => {
  const { lanes, findings } = analyseTrace(fleetTrace(2_000));
  const agents = new Set(lanes.lanes.map(({ agent }) => agent));
  assert.deepEqual([...agents].sort(), ["coder", "orchestrator", "planner", "researcher"]);
  assert.ok(findings.some(({ kind }) => kind === "error"));
});
