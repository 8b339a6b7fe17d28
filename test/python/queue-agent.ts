import assert from "node:assert/strict";
import { type PythonOptions, type PythonRun, runPython } from "../harness/python-agent.ts";
import { CALLER } from "../harness/queue-agent.ts";

/**
 * What every agent of these tests starts with: `say` prints JSON, `step` makes a span of the agent's own, and work
 * in `with request():` is part of a request of `CALLER`.
 */
const PREAMBLE = `
import json, os, sys, time
from contextlib import contextmanager
from opentelemetry import context, propagate, trace

def say(value):
    print(json.dumps(value), flush=True)

def step(name):
    trace.get_tracer("agent").start_span(name).end()

@contextmanager
def request(headers={"traceparent": "00-${CALLER.traceId}-${CALLER.spanId}-01", "baggage": "session.id=s%201"}):
    kind = trace.SpanKind.SERVER
    token = context.attach(propagate.extract(headers))
    with trace.get_tracer("agent").start_as_current_span("request", kind=kind):
        yield
    context.detach(token)
`;

/** Runs an agent that sends and receives to its end. What it prints as JSON with `say` comes back too. */
export async function runQueueAgent(
  source: string,
  options: Omit<PythonOptions, "files"> = {},
  files: Readonly<Record<string, string>> = {},
): Promise<PythonRun & { said: unknown[] }> {
  const run = await runPython({ ...options, files: { ...files, "agent.py": PREAMBLE + source } });
  assert.equal(run.stderr, "");
  const faults = run.logs.filter(({ attributes }) => "clew.fault.name" in attributes);
  assert.deepEqual([run.code, faults.map(({ body }) => body)], [0, []]);
  const said = run.stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown);
  return { ...run, said };
}
