import assert from "node:assert/strict";
import { test } from "node:test";
import { runPython } from "../harness/python-agent.ts";
import { noPython } from "../harness/python-environment.ts";

const skip = (await noPython()) ?? false;

const SLOW = `
import time
from opentelemetry import trace
tracer = trace.get_tracer("agent")
slow = tracer.start_span("slow", attributes={"step": 1})
tracer.start_span("quick").end()
`;

function told(spans: Awaited<ReturnType<typeof runPython>>["spans"]) {
  return spans.map(({ name, endTimeUnixNano, attributes }) => [
    name,
    endTimeUnixNano !== undefined,
    attributes["clew.running"],
  ]);
}

test("a span that takes seconds is told once while it runs, also when the program is killed then", {
  skip,
}, async () => {
  const run = await runPython({
    files: {
      "agent.py": `${SLOW}slow.set_attribute("later", 2)\ntime.sleep(5)\nprint("late", flush=True)\ntime.sleep(30)`,
    },
    env: { CLEW_SESSION_ID: "s1" },
    onOutput: (child) => child.kill("SIGKILL"),
  });
  assert.equal(run.signal, "SIGKILL");
  assert.deepEqual(told(run.received), [
    ["quick", true, undefined],
    ["slow", false, true],
  ]);
  const { attributes } = run.received[1]!;
  assert.deepEqual([attributes.step, attributes.later, attributes["session.id"]], [1, 2, "s1"]);
});

test("the end of a span that was told follows under the same id, without the mark", { skip }, async () => {
  const run = await runPython({ files: { "agent.py": `${SLOW}time.sleep(4)\nslow.end()` } });
  assert.equal(run.code, 0, run.stderr);
  assert.deepEqual(told(run.received), [
    ["quick", true, undefined],
    ["slow", false, true],
    ["slow", true, undefined],
  ]);
  assert.equal(run.received[1]?.spanId, run.received[2]?.spanId);
  assert.equal(run.received[1]?.startTimeUnixNano, run.received[2]?.startTimeUnixNano);
});

test("what is open at the end of a process is told, however it ends", { skip }, async () => {
  const ends = {
    return: "",
    error: "raise ValueError()",
    sigterm: "print('ready', flush=True)\ntime.sleep(30)",
  };
  for (const [name, end] of Object.entries(ends)) {
    const run = await runPython({
      files: { "agent.py": `${SLOW}${end}` },
      onOutput: (child) => child.kill("SIGTERM"),
    });
    assert.deepEqual(
      told(run.received),
      [
        ["quick", true, undefined],
        ["slow", false, true],
      ],
      name,
    );
  }
});

test("what the parent has open is not the forked child's to tell", { skip }, async () => {
  const source = `${SLOW}
import os, sys
if os.fork() == 0:
    tracer.start_span("child").end()
    time.sleep(5)
    os.kill(os.getpid(), 15)
os.wait()
slow.end()
`;
  const run = await runPython({ files: { "agent.py": source } });
  assert.equal(run.received.filter(({ attributes }) => attributes["clew.running"]).length, 1);
  assert.deepEqual(run.received.map(({ name }) => name).sort(), ["child", "quick", "slow", "slow"]);
});

test("SIGTERM ends a process that was interrupted while it held a span's lock", { skip }, async () => {
  const source = `${SLOW}
with slow._lock, slow._attributes._lock:
    print("ready", flush=True)
    time.sleep(30)
`;
  const run = await runPython({
    files: { "agent.py": source },
    onOutput: (child) => child.kill("SIGTERM"),
  });
  assert.equal(run.signal, "SIGTERM");
  assert.ok(run.ms < 15_000);
});
