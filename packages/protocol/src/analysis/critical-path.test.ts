import assert from "node:assert/strict";
import { test } from "node:test";
import { analyseTrace } from "./analyse-trace.ts";
import { TIME_KINDS } from "./analysis.ts";
import { agent, call, chat, tool } from "./testing/sketches.ts";
import { type Sketch, traceOf } from "./testing/trace-builder.ts";

/** Each segment as `kind name from-to`, in milliseconds. */
function pathOf(...tops: Sketch[]): string[] {
  const trace = traceOf(...tops);
  const { criticalPath: path, lanes } = analyseTrace(trace);
  return Array.from({ length: path.count }, (_, at) => {
    const row = path.span[at]!;
    const name = row < 0 ? "-" : trace.dict.name[trace.name[row]!];
    const on = path.onLane[at]! >= 0 ? ` on ${lanes.lanes[path.onLane[at]!]!.label}` : "";
    return `${TIME_KINDS[path.kind[at]!]} ${name}${on} ${path.fromUs[at]! / 1000}-${path.toUs[at]! / 1000}`;
  });
}

function waitsOf(...tops: Sketch[]): string[] {
  const { waits, lanes } = analyseTrace(traceOf(...tops));
  return waits.map(({ lane, kind, on, us }) =>
    [lanes.lanes[lane]!.label, kind, on, us / 1000].filter(Boolean).join(" "),
  );
}

test("of calls at once the one that ended last is on the path, of calls in turn each", () => {
  const path = pathOf({
    name: "root",
    took: 100,
    below: [
      { name: "a", at: 10, took: 30 },
      { name: "short", at: 12, took: 10 },
      { name: "b", at: 50, took: 40 },
    ],
  });
  assert.deepEqual(path, [
    "self root 0-10",
    "self a 10-40",
    "self root 40-50",
    "self b 50-90",
    "self root 90-100",
  ]);
});

test("a call that its caller did not wait for is not on the path while the caller goes on", () => {
  const path = pathOf({
    name: "root",
    took: 50,
    below: [
      { name: "forgotten", at: 10, took: 90, below: [] },
      { name: "work", at: 20, took: 25 },
    ],
  });
  assert.deepEqual(path, ["self root 0-10", "self forgotten 10-100"]);
  const within = pathOf({
    name: "root",
    took: 50,
    below: [
      {
        name: "log",
        kind: "producer",
        at: 10,
        took: 1,
        below: [{ name: "write", kind: "consumer", service: "logs", at: 12, took: 20 }],
      },
      { name: "work", at: 15, took: 30 },
    ],
  });
  assert.deepEqual(within, [
    "self root 0-10",
    "self log 10-11",
    "self root 11-15",
    "self work 15-45",
    "self root 45-50",
  ]);
});

test("model calls, tools and calls of others are told apart, with what carries them out", () => {
  const path = pathOf(
    agent("a", 0, 100, {
      below: [
        chat(10, 20, [1, 1], { below: [{ name: "POST", kind: "client", at: 12, took: 10 }] }),
        tool("t", 40, 10),
        { name: "GET", kind: "client", at: 60, took: 20 },
      ],
    }),
  );
  assert.deepEqual(path, [
    "self invoke_agent a 0-10",
    "model chat gpt-5.1 10-12",
    "model POST 12-22",
    "model chat gpt-5.1 22-30",
    "self invoke_agent a 30-40",
    "tool execute_tool t 40-50",
    "self invoke_agent a 50-60",
    "waiting GET 60-80",
    "self invoke_agent a 80-100",
  ]);
});

test("the way to another lane and back is waiting for it", () => {
  const path = pathOf(
    agent("a", 0, 100, { below: [call("/b", "s", 10, 80, { below: [agent("b", 20, 50)] })] }),
  );
  assert.equal(path[1], "waiting POST on b 10-11");
  assert.equal(path.at(-2), "waiting POST on b 89-90");
});

test("between sending and receiving is queue, between things that have nothing to do with each other idle", () => {
  const path = pathOf(
    {
      name: "root",
      took: 20,
      below: [
        {
          name: "send",
          kind: "producer",
          at: 10,
          took: 2,
          below: [{ name: "process", kind: "consumer", service: "b", at: 50, took: 10 }],
        },
      ],
    },
    { name: "later", at: 90, took: 10 },
  );
  assert.deepEqual(path, [
    "self root 0-10",
    "self send 10-12",
    "queue process 12-50",
    "self process 50-60",
    "idle later 60-90",
    "self later 90-100",
  ]);
});

test("what a link says was sent is followed", () => {
  const path = pathOf(
    {
      name: "root",
      service: "a",
      took: 12,
      below: [{ name: "send", id: "aaaaaaaaaaaaaaaa", kind: "producer", at: 10, took: 2 }],
    },
    { name: "process", service: "b", kind: "consumer", at: 50, took: 10, linkedTo: ["aaaaaaaaaaaaaaaa"] },
  );
  assert.deepEqual(path, ["self root 0-10", "self send 10-12", "queue process 12-50", "self process 50-60"]);
});

test("an answer over a queue is waited for", () => {
  const tree: Sketch = {
    name: "root",
    service: "a",
    took: 100,
    below: [
      {
        name: "ask",
        kind: "producer",
        at: 5,
        took: 1,
        below: [
          {
            name: "work",
            service: "b",
            kind: "consumer",
            at: 10,
            took: 70,
            below: [
              {
                name: "answer",
                kind: "producer",
                at: 79,
                took: 1,
                below: [{ name: "receive", service: "a", kind: "consumer", at: 82, took: 1 }],
              },
            ],
          },
        ],
      },
    ],
  };
  assert.deepEqual(pathOf(tree), [
    "self root 0-5",
    "self ask 5-6",
    "queue work 6-10",
    "self work 10-79",
    "self answer 79-80",
    "queue receive 80-82",
    "self receive 82-83",
    "self root 83-100",
  ]);
  assert.ok(waitsOf(tree).includes("a waiting b 73"));
});

test("a path needs no root, and goes through all that is there", () => {
  assert.deepEqual(
    pathOf({ name: "x", at: 5, took: 5, orphan: true }, { name: "y", at: 8, took: 10, orphan: true }),
    ["self x 5-8", "self y 8-18"],
  );
  assert.deepEqual(pathOf(), []);
});

test("a lane's row says whom it waited for and for how long, all lanes have one", () => {
  const trace = agent("boss", 0, 100, {
    below: [
      chat(0, 20, [9, 9]),
      agent("left", 20, 50, { below: [chat(25, 40, [9, 9])] }),
      agent("right", 20, 70, { below: [tool("dig", 20, 60)] }),
    ],
  });
  assert.deepEqual(waitsOf(trace), [
    "boss waiting right 70",
    "boss model gpt-5.1 20",
    "boss self 10",
    "left model gpt-5.1 40",
    "left self 10",
    "right tool dig 60",
    "right self 10",
  ]);
});
