import assert from "node:assert/strict";
import { test } from "node:test";
import type { TraceColumns } from "../api/trace-columns.ts";
import { correctedClock, sentClock } from "./clock.ts";
import { call } from "./testing/sketches.ts";
import { rowOf, type Sketch, traceOf } from "./testing/trace-builder.ts";
import { buildTree } from "./tree.ts";

function clockOf(trace: TraceColumns) {
  const sent = sentClock(trace);
  return correctedClock(trace, buildTree(trace, sent.start), sent);
}

/** A client span and its server, whose clock is ahead by `ahead` ms. */
function pair(
  service: string,
  at: number,
  took: number,
  ahead: number,
  below: readonly Sketch[] = [],
): Sketch {
  const server: Sketch = {
    name: `serve ${service}`,
    service,
    kind: "server",
    at: at + 5 + ahead,
    took: took - 10,
    below,
  };
  return { name: "call", kind: "client", at, took, below: [server] };
}

test("clocks that agree are left alone", () => {
  const trace = traceOf({
    name: "root",
    service: "a",
    took: 200,
    below: [pair("b", 10, 100, 0), pair("c", 120, 50, 0)],
  });
  const sent = sentClock(trace);
  assert.equal(correctedClock(trace, buildTree(trace), sent), sent);
});

test("a service whose clock is behind is moved halfway between what is possible, with all below it", () => {
  const inner: Sketch = { name: "inner", at: 10 + 20 - 300, took: 10 };
  const trace = traceOf({
    name: "root",
    service: "a",
    took: 200,
    below: [pair("b", 10, 100, -300, [inner])],
  });
  const clock = clockOf(trace);
  const b = trace.dict.service.indexOf("b");
  assert.deepEqual(clock.skews, [{ service: b, aheadUs: -300_000, spans: 2 }]);
  assert.equal(clock.start[rowOf(trace, "serve b")], 15_000);
  assert.equal(clock.start[rowOf(trace, "inner")], 30_000);
  assert.equal(clock.end[rowOf(trace, "serve b")]! - clock.start[rowOf(trace, "serve b")]!, 90_000);
});

test("a server that starts after its caller has the answer has a clock that is ahead", () => {
  const trace = traceOf({ name: "root", service: "a", took: 500, below: [pair("b", 10, 100, 400)] });
  const clock = clockOf(trace);
  assert.equal(clock.skews[0]?.aheadUs, 400_000);
  assert.equal(clock.start[rowOf(trace, "serve b")], 15_000);
});

test("a server that ends a little after its caller, or that its caller gave up on, is no skew", () => {
  const late: Sketch = { name: "serve b", service: "b", kind: "server", at: 20, took: 120 };
  const given: Sketch = { name: "serve c", service: "c", kind: "server", at: 400, took: 10 };
  const trace = traceOf({
    name: "root",
    service: "a",
    took: 500,
    below: [
      { name: "call", kind: "client", at: 10, took: 110, below: [late] },
      { name: "call", kind: "client", at: 200, took: 100, error: "timeout", below: [given] },
    ],
  });
  assert.deepEqual(clockOf(trace).skews, []);
});

test("times that are cut to the millisecond are no skew", () => {
  const trace = traceOf({
    name: "root",
    service: "a",
    at: 1,
    took: 50,
    below: [{ name: "b", service: "b", at: 0, took: 9 }],
  });
  assert.deepEqual(clockOf(trace).skews, []);
});

test("a service behind a skewed one is judged by its caller's corrected clock", () => {
  const inner = pair("c", 20 - 300, 50, 300);
  const trace = traceOf({
    name: "root",
    service: "a",
    took: 200,
    below: [pair("b", 10, 100, -300, [inner])],
  });
  const clock = clockOf(trace);
  assert.deepEqual(
    clock.skews.map(({ service, spans }) => [trace.dict.service[service], spans]),
    [["b", 2]],
  );
});

test("a message may be received long after it was sent, but not before", () => {
  const send = (ahead: number): Sketch => ({
    name: "send",
    kind: "producer",
    at: 10,
    took: 1,
    below: [{ name: "receive", service: "b", kind: "consumer", at: 10 + ahead, took: 5 }],
  });
  const skewsOf = (ahead: number) =>
    clockOf(traceOf({ name: "root", service: "a", took: 20, below: [send(ahead)] })).skews;
  assert.deepEqual(skewsOf(90_000), []);
  assert.equal(skewsOf(-50)[0]?.aheadUs, -50_000);
});

test("where calls of a service contradict each other each visit is moved by itself", () => {
  const trace = traceOf({
    name: "root",
    service: "a",
    took: 900,
    below: [pair("b", 10, 100, -300), pair("b", 200, 100, 0), pair("b", 400, 100, 300)],
  });
  const clock = clockOf(trace);
  const start = (nth: number) => clock.start[rowOf(trace, "serve b", nth)]!;
  assert.deepEqual([start(0), start(1)], [10_000, 205_000]);
});

test("what is running goes on to the end, what ends before it starts has no length, nonsense is zero", () => {
  const trace = traceOf(
    { name: "open", running: true, at: 1 },
    { name: "backwards", at: 2, took: -5 },
    { name: "done", at: 3, took: 7 },
  );
  const clock = clockOf({ ...trace, start: [1000, Number.NaN, 3000] });
  assert.deepEqual([...clock.end], [10_000, 0, 10_000]);
  assert.deepEqual([clock.fromUs, clock.toUs], [0, 10_000]);
});

test("calls between services that agree are not moved by the sketch of a call either", () => {
  const trace = traceOf({ name: "root", service: "a", took: 100, below: [call("/x", "b", 10, 50)] });
  assert.deepEqual(clockOf(trace).skews, []);
});
