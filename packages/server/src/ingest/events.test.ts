import assert from "node:assert/strict";
import { test } from "node:test";
import type { IngestEvent } from "./events.ts";
import { IngestEvents } from "./events.ts";
import type { Source } from "./intake.ts";

const SOURCE: Source = {
  protocol: "http/json",
  peer: "10.0.0.7:5000",
  userAgent: "test",
  path: "/v1/traces",
};
const TYPE = "application/json";

function accepted(service: string, records = 1, rejected = 0, message = "") {
  return { records, rejected, message, service };
}

/** Events under a clock that stands until it is moved. */
function atRest() {
  const clock = { ms: 1_784_600_000_000 };
  const events = new IngestEvents(() => clock.ms);
  const seen: IngestEvent[] = [];
  events.subscribe((event) => seen.push(event));
  return { clock, events, seen };
}

test("accepted requests are counted per signal and per service", () => {
  const { events, clock } = atRest();
  events.accepted("traces", 700, SOURCE, TYPE, accepted("planner", 3));
  clock.ms += 1_000;
  events.accepted("traces", 900, SOURCE, TYPE, accepted("coder", 4, 2, "zero ids"));
  clock.ms += 1_000;
  events.accepted("logs", 10, SOURCE, TYPE, accepted("planner", 5));
  const counters = events.counters();
  assert.deepEqual(counters.signals.traces, { requests: 2, records: 7, rejected: 2, bytes: 1_600 });
  assert.deepEqual(counters.signals.logs, { requests: 1, records: 5, rejected: 0, bytes: 10 });
  assert.deepEqual(
    counters.sources.map(({ service, records, rejected }) => [service, records, rejected]),
    [
      ["planner", 8, 0],
      ["coder", 4, 2],
    ],
  );
});

test("the first request of a service is told at once, the next ones summed up in one event", () => {
  const { events, seen } = atRest();
  for (let i = 0; i < 100; i++) events.accepted("traces", 10, SOURCE, TYPE, accepted("planner", 3));
  events.accepted("logs", 10, SOURCE, TYPE, accepted("planner", 9));
  events.accepted("traces", 10, SOURCE, TYPE, accepted("coder", 1));
  assert.deepEqual(
    seen.map(({ service, signal, requests, records }) => [service, signal, requests, records]),
    [
      ["planner", "traces", 1, 3],
      ["planner", "logs", 1, 9],
      ["coder", "traces", 1, 1],
    ],
  );
  events.flush();
  assert.equal(seen.length, 4);
  assert.deepEqual([seen[3]!.requests, seen[3]!.records, seen[3]!.seq], [99, 297, 4]);
});

test("summed up events are emitted without a further request", async () => {
  const { events, seen } = atRest();
  events.accepted("traces", 10, SOURCE, TYPE, accepted("planner"));
  events.accepted("traces", 10, SOURCE, TYPE, accepted("planner"));
  const alive = setInterval(() => undefined, 1_000);
  await new Promise<void>((resolve) => events.subscribe(() => resolve()));
  clearInterval(alive);
  assert.equal(seen.length, 2);
});

test("refusals are grouped by reason, address and hint, with the latest message", () => {
  const { events, clock, seen } = atRest();
  const refusal = {
    source: SOURCE,
    code: 404,
    reason: "unknown_path",
    message: "no /traces",
    hint: "use /v1/traces",
  };
  events.refused(refusal);
  events.refused({ ...refusal, source: { ...SOURCE, peer: "10.0.0.7:5001" }, message: "no /trace" });
  clock.ms += 1_000;
  events.refused({ ...refusal, source: { ...SOURCE, peer: "10.0.0.8:5001" } });
  const counters = events.counters();
  assert.equal(counters.refused, 3);
  assert.deepEqual(
    counters.refusals.map(({ peer, count, message }) => [peer, count, message]),
    [
      ["10.0.0.8:5001", 1, "no /traces"],
      ["10.0.0.7:5001", 2, "no /trace"],
    ],
  );
  events.flush();
  assert.deepEqual(
    seen.map((event) => [event.ok, event.hint, event.requests]),
    [
      [false, "use /v1/traces", 1],
      [false, "use /v1/traces", 1],
      [false, "use /v1/traces", 1],
    ],
  );
});

test("memory is bounded whatever names and addresses are sent", () => {
  const { events, clock } = atRest();
  for (let i = 0; i < 3_000; i++) {
    clock.ms += 1;
    events.accepted("traces", 1, SOURCE, TYPE, accepted(`service ${i}`));
    const source = { ...SOURCE, peer: `10.0.${i >> 8}.${i & 255}:1` };
    events.refused({ source, code: 400, reason: "malformed_otlp", message: "", hint: "" });
  }
  const counters = events.counters();
  assert.equal(counters.sources.length, 1_000);
  assert.equal(counters.sources[0]!.service, "service 2999");
  assert.equal(counters.refusals.length, 200);
  assert.equal(events.recent().length, 500);
});

test("a listener that left hears nothing, and what it missed can be asked for", () => {
  const { events, clock } = atRest();
  const heard: number[] = [];
  const leave = events.subscribe((event) => heard.push(event.seq));
  for (let i = 0; i < 4; i++) {
    if (i === 2) leave();
    clock.ms += 1_000;
    events.accepted("metrics", 1, SOURCE, TYPE, accepted("planner"));
  }
  assert.deepEqual(heard, [1, 2]);
  assert.deepEqual(
    events.recent(2).map((event) => event.seq),
    [3, 4],
  );
});
