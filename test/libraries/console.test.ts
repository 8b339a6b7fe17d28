import assert from "node:assert/strict";
import { test } from "node:test";
import { runAgent } from "../harness/agent-process.ts";
import { runLoggingAgent, summary } from "../harness/logging-agent.ts";

const IMPORTS = { esm: "", cjs: "" };
const INSIDE = `
  console.log("hello %s", "you", { a: [1] });
  console.info("\\u001b[31mred\\u001b[0m");
  console.debug(new Map([["k", 1]]));
  class Shape {
    sides = 4;
    [Symbol.for("nodejs.util.inspect.custom")]() { console.log("from inside"); return "inspected"; }
  }
  console.log(new Shape());`;
const OUTPUT =
  "hello you { a: [ 1 ] }\n\u001b[31mred\u001b[0m\nMap(1) { 'k' => 1 }\nfrom inside\ninspected\n";

for (const kind of ["esm", "cjs"] as const) {
  test(`the console is sent where asked, and prints what it always prints, ${kind}`, async () => {
    const { stdout, logs, ids } = await runLoggingAgent({
      ...IMPORTS,
      kind,
      inside: INSIDE,
      env: { CLEW_CONSOLE_LOGS: "on" },
    });
    assert.equal(stdout, OUTPUT);
    const session = { "session.id": "s1" };
    assert.deepEqual(
      logs.map((log) => summary(log, ids)),
      [
        [9, "log", true, "hello you { a: [ 1 ] }", session],
        [9, "info", true, "red", session],
        [5, "debug", true, "Map(1) { 'k' => 1 }", session],
        [9, "log", true, "Shape { sides: 4 }", session],
        [9, "log", true, "from inside", session],
      ],
    );
  });
}

test("the console is sent unasked only where all content is", async () => {
  const source = 'console.error("failed"); console.warn("careful");';
  for (const [CLEW_CONTENT, sent] of [
    ["full", [17, 13]],
    ["off", []],
    ["metadata", []],
  ] as const) {
    const { stderr, logs } = await runAgent({ kind: "esm", source, env: { CLEW_CONTENT } });
    assert.equal(stderr, "failed\ncareful\n");
    assert.deepEqual(new Set(logs.map(({ severityNumber }) => severityNumber)), new Set(sent));
  }
});
