import assert from "node:assert/strict";
import { test } from "node:test";
import { runLoggingAgent, summary } from "../harness/logging-agent.ts";

const IMPORTS = {
  esm: 'import bunyan, { createLogger } from "bunyan";',
  cjs: 'const bunyan = require("bunyan"); const { createLogger } = bunyan;',
};

const VERSIONS = { "2": {}, "1": { bunyan: "bunyan-1" } };

for (const kind of ["esm", "cjs"] as const) {
  for (const [version, versions] of Object.entries(VERSIONS)) {
    test(`bunyan ${version}'s records get ids, raw streams included, and are sent as they are written, ${kind}`, async () => {
      const { stdout, logs, ids } = await runLoggingAgent({
        ...IMPORTS,
        kind,
        versions,
        before: `
          const raw = [];
          const toRaw = { type: "raw", stream: { write: (record) => raw.push(record) } };
          const log = bunyan.createLogger({
            name: "app",
            serializers: { ...bunyan.stdSerializers, secret: () => "***" },
            streams: [{ stream: process.stdout }, { ...toRaw, level: "error" }],
          });
          const second = createLogger({ name: "second", streams: [toRaw] });
          log.warn("outside");`,
        inside: `
          log.info({ secret: "x", list: [1.5, "a"] }, "hello %s", "you");
          new bunyan(log, { part: "c" }).error(new TypeError("boom"));
          log.debug("too low");
          second.info({ at: new Date(0), trace_id: "mine" }, "raw");`,
        after: "console.log(JSON.stringify(raw.map(({ msg, trace_id }) => [msg, trace_id])));",
      });
      const lines = stdout.trimEnd().split("\n");
      const records = lines.map((line) => JSON.parse(line));
      const { time: _, hostname: __, pid: ___, ...hello } = records[1];
      assert.deepEqual(hello, {
        ...{ name: "app", level: 30, secret: "***", list: [1.5, "a"], msg: "hello you", v: 0 },
        ...ids,
      });
      assert.ok(lines[1]?.endsWith(`,"v":0,${JSON.stringify(ids).slice(1)}`));
      assert.equal("trace_id" in records[0], false);
      assert.deepEqual([records[2].msg, records[2].part, records[2].trace_id], ["boom", "c", ids.trace_id]);
      assert.deepEqual(records[3], [
        ["boom", ids.trace_id],
        ["raw", "mine"],
      ]);

      const session = { "session.id": "s1" };
      const exception = { "exception.type": "TypeError", "exception.message": "boom" };
      assert.deepEqual(
        logs.map((log) => summary(log, ids)),
        [
          [13, "warn", false, "outside", { name: "app" }],
          [9, "info", true, "hello you", { name: "app", secret: "***", list: [1.5, "a"], ...session }],
          [17, "error", true, "boom", { name: "app", part: "c", ...session, ...exception }],
          [9, "info", true, "raw", { name: "second", at: "1970-01-01T00:00:00.000Z", ...session }],
        ],
      );
    });
  }
}
