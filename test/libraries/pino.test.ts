import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { runLoggingAgent, summary } from "../harness/logging-agent.ts";

const IMPORTS = { esm: 'import pino from "pino";', cjs: 'const { pino } = require("pino");' };

const linesOf = (text: string) => text.trimEnd().split("\n");

const VERSIONS = { "10": {}, "9": { pino: "pino-9" }, "8": { pino: "pino-8" }, "7": { pino: "pino-7" } };

for (const kind of ["esm", "cjs"] as const) {
  for (const [version, versions] of Object.entries(VERSIONS)) {
    test(`pino ${version}'s lines get ids at their end and are sent after redaction, ${kind}`, async () => {
      const { stdout, logs, ids } = await runLoggingAgent({
        ...IMPORTS,
        kind,
        versions,
        before: `
          const log = pino({ base: null, timestamp: false, redact: ["secret"], mixin: () => ({ mixed: 1 }) });
          const other = pino({ base: null, timestamp: false, messageKey: "text", formatters: { level: (level) => ({ level }), log: (o) => ({ o }) }, nestedKey: "n" });
          log.warn("outside");`,
        inside: `
          log.info({ secret: "x", list: [1.5, "a"] }, "hello %s", "you");
          log.child({ part: "c" }).error(new TypeError("boom"));
          log.debug("too low");
          log.info({ trace_id: "mine" });
          other.info({ a: 1 }, "formatted");`,
      });
      const end = `,${JSON.stringify(ids).slice(1)}`;
      const lines = linesOf(stdout);
      // Each logger has a stream of its own.
      const [formatted, ...others] = lines.filter((line) => line.includes("formatted"));
      const [outside, hello, error, mine, ...more] = lines.filter((line) => !line.includes("formatted"));
      assert.equal(outside, '{"level":40,"mixed":1,"msg":"outside"}');
      assert.equal(
        hello,
        `{"level":30,"mixed":1,"secret":"[Redacted]","list":[1.5,"a"],"msg":"hello you"${end}`,
      );
      assert.match(error!, /^\{"level":50,"part":"c","mixed":1,"err":\{"type":"TypeError",/);
      assert.ok(error?.endsWith(`,"msg":"boom"${end}`));
      const { trace_id: _, ...rest } = ids;
      assert.equal(mine, `{"level":30,"mixed":1,"trace_id":"mine",${JSON.stringify(rest).slice(1)}`);
      assert.equal(formatted, `{"level":"info","n":{"o":{"a":1}},"text":"formatted"${end}`);
      assert.deepEqual([...more, ...others], []);

      const session = { "session.id": "s1" };
      const exception = { "exception.type": "TypeError", "exception.message": "boom" };
      assert.deepEqual(
        logs.map((log) => summary(log, ids)),
        [
          [13, "warn", false, "outside", { mixed: 1 }],
          [9, "info", true, "hello you", { mixed: 1, secret: "[Redacted]", list: [1.5, "a"], ...session }],
          [17, "error", true, "boom", { part: "c", mixed: 1, ...session, ...exception }],
          [9, "info", true, null, { mixed: 1, ...session }],
          [9, "info", true, "formatted", { n: { o: { a: 1 } }, ...session }],
        ],
      );
    });
  }
}

test("a transport of pino in a worker thread goes on, and flush waits for it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "clew-pino-"));
  try {
    const file = join(folder, "log");
    const { logs, ids, stdout } = await runLoggingAgent({
      ...IMPORTS,
      kind: "esm",
      before: `
        import { readFileSync } from "node:fs";
        const transport = pino.transport({ target: "pino/file", options: { destination: ${JSON.stringify(file)} } });
        const log = pino({ base: null, timestamp: false }, transport);
        await new Promise((resolve) => transport.once("ready", resolve));`,
      inside: 'log.info("through a worker");',
      after: `
        await new Promise((resolve, reject) => log.flush((error) => error ? reject(error) : resolve()));
        console.log(readFileSync(${JSON.stringify(file)}, "utf8").trim());`,
    });
    const line = `{"level":30,"msg":"through a worker",${JSON.stringify(ids).slice(1)}\n`;
    assert.equal(stdout, line);
    assert.equal(readFileSync(file, "utf8"), line);
    assert.deepEqual(
      logs.map(({ body }) => body),
      ["through a worker"],
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("what pino's hook takes out of a line is not sent, and the hook runs once a line", async () => {
  const { stdout, logs } = await runLoggingAgent({
    ...IMPORTS,
    kind: "cjs",
    before: `
      let calls = 0;
      const streamWrite = (line) => { calls++; return line.replace("password", "***"); };
      const log = pino({ base: null, timestamp: false, hooks: { streamWrite } });
      log.info("password 1"); log.child({ a: 1 }).info("password 2"); console.log(calls);`,
    inside: "",
  });
  assert.deepEqual(
    linesOf(stdout).toSorted(),
    ["2", '{"level":30,"a":1,"msg":"*** 2"}', '{"level":30,"msg":"*** 1"}'].toSorted(),
  );
  assert.deepEqual(
    logs.map(({ body }) => body),
    ["*** 1", "*** 2"],
  );
});

test("with CLEW_LOG_IDS=off lines stay as they are and are sent all the same", async () => {
  const { stdout, logs, ids } = await runLoggingAgent({
    ...IMPORTS,
    kind: "esm",
    before: "const log = pino({ base: null, timestamp: false });",
    inside: 'log.info("plain");',
    env: { CLEW_LOG_IDS: "off" },
  });
  assert.equal(stdout, '{"level":30,"msg":"plain"}\n');
  assert.deepEqual(
    logs.map((log) => summary(log, ids)),
    [[9, "info", true, "plain", { "session.id": "s1" }]],
  );
});

test("an agent whose own instrumentation sends pino's lines does not have them sent twice", async () => {
  const { stdout, logs, ids } = await runLoggingAgent({
    kind: "cjs",
    esm: "",
    cjs: `
      const { NodeSDK } = require("@opentelemetry/sdk-node");
      const { getNodeAutoInstrumentations } = require("@opentelemetry/auto-instrumentations-node");
      const sdk = new NodeSDK({ instrumentations: [getNodeAutoInstrumentations()] });
      sdk.start();
      const log = require("pino")({ base: null, timestamp: false });`,
    inside: 'log.info("once");',
    after: "sdk.shutdown();",
    env: { OTEL_TRACES_EXPORTER: "otlp", OTEL_LOGS_EXPORTER: "otlp", OTEL_METRICS_EXPORTER: "none" },
  });
  assert.deepEqual(JSON.parse(stdout), { level: 30, msg: "once", ...ids });
  assert.deepEqual(
    logs.map(({ body }) => body),
    ["once"],
  );
});
