import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Served, serveApi } from "../../http/testing/serve-api.ts";
import { LiveTraces } from "../../query/live-traces.ts";
import { Queries } from "../../query/queries.ts";
import { insertSpans, spanIdOf, traceIdOf } from "../../query/testing/insert-spans.ts";
import { openTestStore, type TestStore } from "../../query/testing/test-store.ts";
import { openEmbedded } from "../../store/clickhouse-store.ts";
import { clew, type Ran } from "../fixtures/shell.ts";

let opened: TestStore;
let served: Served;

before(async () => {
  opened = await openTestStore(openEmbedded);
  const span = {
    trace_id: traceIdOf("a"),
    start_ns: 1_790_000_000_000_000_000n,
    service_name: "shop",
    span_type: "agent",
  };
  await insertSpans(opened.store, [
    { ...span, span_id: spanIdOf("a"), agent_name: "planner", duration_ns: 90_000_000n },
    {
      ...span,
      span_id: spanIdOf("b"),
      parent_span_id: spanIdOf("a"),
      agent_name: "researcher",
      duration_ns: 50_000_000n,
    },
    {
      ...span,
      span_id: spanIdOf("c"),
      parent_span_id: spanIdOf("b"),
      span_type: "tool",
      tool_name: "search",
      duration_ns: 20_000_000n,
    },
  ]);
  served = await serveApi({ queries: new Queries(opened.store), live: new LiveTraces(opened.store) });
});

after(async () => {
  await served?.close();
  await opened?.close();
});

const run = (...args: string[]): Promise<Ran> =>
  clew(["map", "--since", "2026-09-01", ...args, "--url", served.url], { terminal: { columns: 100 } });

test("agents are shown with whom they call, and with tools when these are asked for", async () => {
  const { exitCode, output, notes } = await run("--tools");
  assert.deepEqual([exitCode, notes], [0, ""]);
  const words = output.trimEnd().split("\n");
  assert.deepEqual(
    words.slice(1).map((line) => line.trim().split(/ {2,}/).slice(0, 3).join("|")),
    [
      "planner|1|90 ms",
      "└▶ researcher|call|1",
      "researcher|1|50 ms",
      "└▶ search|call|1",
      "tool search|1|20 ms",
    ],
  );
});

test("services are one", async () => {
  const { output } = await run("--services");
  assert.match(output, /^WHO CALLS WHOM .*\nshop +1 /);
});

test("the API's answer is printed for programs", async () => {
  const answer = JSON.parse((await run("planner", "--depth", "0", "--json")).output);
  assert.deepEqual(
    [answer.scope, answer.nodes.length, answer.focus],
    ["agents", 1, { keys: ["agent:planner"] }],
  );
});

test("what finds nothing says so and is no failure", async () => {
  const none = await clew(["map", "--url", served.url]);
  assert.deepEqual(none, {
    exitCode: 0,
    output: "",
    notes: "No trace began in this time; --since looks further back.\n",
  });
  const unknown = await run("plannr");
  assert.equal(unknown.notes, 'Nothing in this time is called "plannr"; did you mean planner?\n');
  assert.equal((await run("\u001b[31m")).notes, 'Nothing in this time is called "\\\\u001b[31m".\n');
});

test("a depth that is none is bad usage", async () => {
  for (const depth of ["-1", "x", "21", "1.5"])
    assert.equal((await run("planner", "--depth", depth)).exitCode, 2);
});
