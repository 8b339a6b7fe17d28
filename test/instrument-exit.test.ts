import assert from "node:assert/strict";
import { test } from "node:test";
import { OtlpCollector } from "./harness/otlp-collector.ts";
import { type ProcessOptions, runPreloaded } from "./harness/preloaded-process.ts";

/** Makes one span, of a request to itself, and goes on with `then`. */
function agent(then: string): string {
  return `import { createServer } from "node:http";
const server = createServer((request, response) => response.end("ok")).listen(0, "127.0.0.1", async () => {
  await (await fetch("http://127.0.0.1:" + server.address().port)).text();
  server.close();
  server.closeAllConnections();
  ${then}
});`;
}

async function run(source: string, options: ProcessOptions = {}) {
  await using collector = await OtlpCollector.start();
  const traced = await runPreloaded(source, { ...options, endpoint: collector.endpoint });
  const plain = await runPreloaded(source, options);
  const names = collector.spans.map((span) => span.name).sort();
  return { traced, plain, names, spans: collector.spans };
}

const BOTH = ["GET", "GET"];

test("spans arrive when the program comes to its end by itself", async () => {
  const { traced, names } = await run(agent("process.exitCode = 3;"));
  assert.deepEqual([traced.code, traced.stderr, names], [3, "", BOTH]);
});

test("spans arrive when the program calls process.exit", async () => {
  const { traced, names } = await run(agent("process.exit(4);"));
  assert.deepEqual([traced.code, traced.stderr, names], [4, "", BOTH]);
});

test("spans arrive when an error that nobody catches ends the program, which ends as without us", async () => {
  const { traced, plain, names } = await run(agent("null.boom;"));
  assert.deepEqual([traced.code, names], [1, BOTH]);
  const text = (stderr: string) => stderr.replaceAll(/clew-agent-\w+/g, "folder");
  assert.equal(text(traced.stderr), text(plain.stderr));
});

test("a program's own beforeExit listener runs as often as without us, and spans arrive", async () => {
  const source = `process.on("beforeExit", () => console.log("before"));${agent("")}`;
  const { traced, plain, names } = await run(source);
  assert.equal(traced.stdout, "before\n");
  assert.deepEqual([traced.stdout, traced.code, names], [plain.stdout, plain.code, BOTH]);
});

const WAITING = agent(`setInterval(() => {}, 1000); console.log("ready");`);

for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
  test(`spans arrive when ${signal} ends a program that does not listen to it`, async () => {
    const { traced, names } = await run(WAITING, {
      onOutput: (child) => child.kill(signal),
    });
    assert.deepEqual([traced.signal, traced.stderr, names], [signal, "", BOTH]);
  });
}

test("a program that listens to a signal decides for itself", async () => {
  const source = `process.on("SIGTERM", () => { console.log("bye"); process.exit(7); });${WAITING}`;
  const { traced, names } = await run(source, {
    onOutput: (child, text) => text.includes("ready") && child.kill("SIGTERM"),
  });
  assert.deepEqual([traced.code, traced.stdout, names], [7, "ready\nbye\n", BOTH]);
});

test("a program that listens later, and one that stops listening, are taken as they are then", async () => {
  const later = agent(`
    process.once("SIGTERM", () => console.log("first"));
    setInterval(() => {}, 1000);
    console.log(process.listenerCount("SIGTERM"), process.listeners("SIGINT").length, process.eventNames().includes("SIGHUP"));`);
  const { traced, plain } = await run(later, {
    onOutput: (child) => child.kill("SIGTERM"),
  });
  assert.equal(traced.stdout, "1 0 false\nfirst\n");
  assert.deepEqual([traced.stdout, traced.signal], [plain.stdout, plain.signal]);
});

test("spans that are open when the program ends are told, without an end", async () => {
  const { traced, spans } = await run(
    `import { createServer } from "node:http";
const server = createServer(() => process.exit(0)).listen(0, "127.0.0.1", () => {
  fetch("http://127.0.0.1:" + server.address().port + "/open").catch(() => {});
});`,
  );
  assert.equal(traced.code, 0);
  assert.deepEqual(spans.map(({ kind, endTimeUnixNano }) => [kind, endTimeUnixNano]).sort(), [
    [2, undefined],
    [3, undefined],
  ]);
});
