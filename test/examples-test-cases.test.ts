import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { Example, spansOf, tracesOf } from "./harness/example.ts";
import { ServerProcess } from "./harness/server-process.ts";
import { assertTenSpans, SPANS, SPANS_WHEN_FAILING } from "./harness/ten-spans.ts";

const CASES = JSON.parse(
  readFileSync(new URL("../examples/parallel-test-cases/cases.json", import.meta.url), "utf8"),
) as { id: string }[];
const FAILING = ["mug-arrives", "unknown-order"];

let server: ServerProcess;

before(async () => {
  server = await ServerProcess.start();
});

after(() => server[Symbol.asyncDispose]());

test("each of the test cases that run in parallel finds its own trace over all agents, and the run finds all", async () => {
  const lines = await Example.run("parallel-test-cases", server);
  const results = lines
    .filter((line) => /^(pass|FAIL)/.test(line))
    .map((line) => line.split("  ").slice(0, 2));
  assert.deepEqual(
    results,
    CASES.map(({ id }) => [FAILING.includes(id) ? "FAIL" : "pass", id]),
  );
  const counts = CASES.map(({ id }) => (FAILING.includes(id) ? SPANS_WHEN_FAILING : SPANS));
  assert.equal((await tracesOf(server, { testRun: "run-1" }, counts)).length, CASES.length);
  for (const [at, { id }] of CASES.entries()) {
    const { items } = await server.api.traces({ testCase: id });
    assert.deepEqual(
      items.map(({ spanCount }) => spanCount),
      [counts[at]],
      id,
    );
    const spans = await spansOf(server, items[0]!.traceId);
    assertTenSpans(spans);
    for (const { service, name, attributes } of spans) {
      const ids = [attributes["test.case.id"], attributes["test.suite.run.id"]];
      assert.deepEqual(ids, [id, "run-1"], `${service} ${name}`);
    }
  }
  const { items } = await server.api.traces({ testRun: "run-1", status: "error" });
  assert.deepEqual(items.map(({ test: { case: of } = {} }) => of?.id).toSorted(), FAILING);
});
