import assert from "node:assert/strict";
import { test } from "node:test";
import { Example, spansOf, tracesOf } from "../harness/example.ts";
import { noPython, pythonSetup } from "../harness/python-environment.ts";
import { ServerProcess } from "../harness/server-process.ts";
import { assertTenSpans, SPANS, SPANS_WHEN_FAILING } from "../harness/ten-spans.ts";

const skip = (await noPython()) ?? false;
const PYTHON = ["support-agent", "tech-support"];

test("customer support in Node and Python: the ten spans below each other, the ids on every span", {
  skip,
}, async () => {
  const { bin, packages } = await pythonSetup();
  await using server = await ServerProcess.start();
  await Example.run("customer-support", server, {
    options: ["--session", "mixed", "--test-case", "both-languages"],
    env: { PYTHON: `${bin}/python`, CLEW_PYTHON_PACKAGES: packages, PYTHONDONTWRITEBYTECODE: "1" },
  });
  const traces = await tracesOf(server, { session: "mixed" }, [SPANS, SPANS_WHEN_FAILING]);
  assert.deepEqual(
    traces.map(({ spanCount, status }) => [spanCount, status === "error"]),
    [
      [SPANS, false],
      [SPANS_WHEN_FAILING, true],
    ],
  );
  for (const { traceId } of traces) {
    const spans = await spansOf(server, traceId);
    assertTenSpans(spans);
    for (const { service, name, language, attributes } of spans) {
      assert.equal(language, PYTHON.includes(service) ? "python" : "nodejs", `${service} ${name}`);
      const ids = [attributes["session.id"], attributes["test.case.id"]];
      assert.deepEqual(ids, ["mixed", "both-languages"], `${service} ${name}`);
    }
  }
});
