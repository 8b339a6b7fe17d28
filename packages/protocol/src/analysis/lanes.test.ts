import assert from "node:assert/strict";
import { test } from "node:test";
import type { TraceColumns } from "../api/trace-columns.ts";
import { analyseTrace } from "./analyse-trace.ts";
import { agent, call, chat, tool } from "./testing/sketches.ts";
import { rowOf, type Sketch, traceOf } from "./testing/trace-builder.ts";

function lanesOf(...tops: Sketch[]): { labels: string[]; laneOf: (name: string, nth?: number) => string } {
  const trace: TraceColumns = traceOf(...tops);
  const { lanes } = analyseTrace(trace);
  return {
    labels: lanes.lanes.map(({ label }) => label),
    laneOf: (name, nth) => lanes.lanes[lanes.laneOf[rowOf(trace, name, nth)]!]!.label,
  };
}

function edgesOf(...tops: Sketch[]): string[] {
  const { edges, lanes } = analyseTrace(traceOf(...tops));
  return edges.map(({ type, fromLane, toLane, queueUs }) => {
    const [from, to] = [lanes.lanes[fromLane]!.label, lanes.lanes[toLane]!.label];
    return `${type} ${from} > ${to} ${queueUs / 1000}`;
  });
}

test("spans without an agent belong to the nearest agent above, in other services too", () => {
  const { labels, laneOf } = lanesOf(
    agent("planner", 0, 100, {
      below: [chat(1, 10, [100, 10]), tool("pay", 20, 50, { below: [call("/pay", "payments", 22, 40)] })],
    }),
  );
  assert.deepEqual(labels, ["planner"]);
  assert.equal(laneOf("POST /pay"), "planner");
});

test("a service that calls models of its own is an agent even if it does not say so", () => {
  const { labels, laneOf } = lanesOf(
    agent("planner", 0, 100, { below: [call("/ask", "helper", 10, 50, { below: [chat(20, 20, [50, 5])] })] }),
  );
  assert.deepEqual(labels, ["planner", "helper"]);
  assert.deepEqual(
    [laneOf("POST"), laneOf("POST /ask"), laneOf("chat gpt-5.1")],
    ["planner", "helper", "helper"],
  );
});

test("where no agent is known each service has a lane", () => {
  const { labels } = lanesOf({
    name: "POST /chat",
    service: "bot",
    took: 100,
    below: [call("/a", "main", 1, 90, { below: [call("/b", "shop", 10, 50)] })],
  });
  assert.deepEqual(labels, ["bot", "main", "shop"]);
});

test("an agent that is called twice in turn has one lane, at once two", () => {
  const run = (at: number, took: number): Sketch =>
    agent("worker", at, took, { below: [chat(at + 1, 2, [9, 1])] });
  const calls = (...below: Sketch[]): string[] => lanesOf(agent("boss", 0, 100, { below })).labels;
  assert.deepEqual(calls(run(1, 10), run(20, 10)), ["boss", "worker"]);
  assert.deepEqual(calls(run(1, 10), run(5, 10)), ["boss", "worker", "worker #2"]);
  assert.deepEqual(calls(run(1, 10), run(5, 10), run(12, 5)), ["boss", "worker", "worker #2"]);
});

test("an agent that is wrapped twice runs once, one that its own tool calls runs twice", () => {
  const wrapped = agent("a", 0, 100, { below: [agent("a", 1, 90, { service: "other" })] });
  assert.deepEqual(lanesOf(wrapped).labels, ["a"]);
  const nested = agent("a", 0, 100, { below: [tool("ask", 1, 90, { below: [agent("a", 2, 80)] })] });
  assert.deepEqual(lanesOf(nested).labels, ["a", "a #2"]);
});

test("agents of one name in two services are told apart by the service", () => {
  const { labels } = lanesOf(
    { name: "job", service: "x", took: 10, below: [] },
    agent("worker", 20, 5, { service: "one" }),
    agent("worker", 30, 5, { service: "two" }),
  );
  assert.deepEqual(labels, ["x", "worker (one)", "worker (two)"]);
});

test("a service all of whose spans that name an agent name the same one is that agent", () => {
  const { labels } = lanesOf({
    name: "POST /run",
    service: "researcher-svc",
    kind: "server",
    took: 50,
    below: [chat(1, 5, [9, 1], { agent: "researcher" }), chat(10, 5, [9, 1], { agent: "researcher" })],
  });
  assert.deepEqual(labels, ["researcher"]);
});

test("a caller that waits calls, one that ends hands over", () => {
  const calls = agent("a", 0, 100, { below: [call("/b", "s", 10, 50, { below: [agent("b", 15, 30)] })] });
  assert.deepEqual(edgesOf(calls), ["call a > b 1"]);
  const leaves = agent("a", 0, 20, { below: [agent("b", 15, 80)] });
  assert.deepEqual(edgesOf(leaves), ["hand-off a > b 0"]);
});

test("an agent that runs another one itself calls it when that one begins", () => {
  const direct = agent("boss", 0, 100, {
    below: [agent("worker", 40, 50, { below: [chat(41, 2, [9, 1])] })],
  });
  assert.deepEqual(edgesOf(direct), ["call boss > worker 0"]);
});

test("a hand-off to an agent that the same caller starts is an edge", () => {
  const workflow: Sketch = {
    name: "workflow",
    type: "workflow",
    took: 100,
    below: [
      agent("triage", 0, 20, { below: [{ name: "handoff", type: "chain", at: 18, took: 1 }] }),
      agent("billing", 25, 60),
      agent("unrelated", 90, 5),
    ],
  };
  assert.ok(edgesOf(workflow).includes("hand-off triage > billing 6"));
  assert.ok(!edgesOf(workflow).some((edge) => edge.includes("> unrelated") && edge.startsWith("hand-off")));
});

test("an agent that runs again before the one it handed over to is no hand-off to itself", () => {
  const workflow: Sketch = {
    name: "workflow",
    type: "workflow",
    took: 100,
    below: [
      agent("triage", 0, 20, { below: [{ name: "handoff", type: "chain", at: 18, took: 1 }] }),
      agent("triage", 30, 10),
      agent("triage", 45, 10),
      agent("billing", 60, 20),
    ],
  };
  const handOffs = edgesOf(workflow).filter((edge) => edge.startsWith("hand-off"));
  assert.deepEqual(handOffs, ["hand-off triage > billing 41"]);
});

test("a message has the time from when it was sent to when it was received, by parent or by link", () => {
  const receive = (more: Partial<Sketch>): Sketch => ({
    name: "process",
    kind: "consumer",
    service: "b",
    at: 50,
    took: 10,
    ...more,
  });
  const send = (below: Sketch[]): Sketch => ({
    name: "send",
    id: "aaaaaaaaaaaaaaaa",
    kind: "producer",
    at: 10,
    took: 2,
    below,
  });
  assert.deepEqual(edgesOf({ name: "root", service: "a", took: 20, below: [send([receive({})])] }), [
    "message a > b 38",
  ]);
  const linked = edgesOf(
    { name: "root", service: "a", took: 20, below: [send([])] },
    receive({ linkedTo: ["aaaaaaaaaaaaaaaa", "ffffffffffffffff"] }),
  );
  assert.deepEqual(linked, ["message a > b 38"]);
});
