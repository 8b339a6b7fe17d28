import assert from "node:assert/strict";
import { test } from "node:test";
import { runLoggingAgent, summary } from "../harness/logging-agent.ts";

const IMPORTS = {
  esm: 'import winston, { createLogger, format, transports } from "winston";',
  cjs: 'const winston = require("winston"); const { createLogger, format, transports } = winston;',
};

/** Version 3.2 has no named exports for an ES module. */
const VERSIONS = {
  "3": { versions: {}, esm: IMPORTS.esm },
  "3.2": {
    versions: { winston: "winston-3.2" },
    esm: 'import winston from "winston"; const { createLogger, format, transports } = winston;',
  },
};

for (const kind of ["esm", "cjs"] as const) {
  for (const [version, { versions, esm }] of Object.entries(VERSIONS)) {
    test(`winston ${version}'s records get ids and are sent as its format made them, ${kind}`, async () => {
      const { stdout, logs, ids } = await runLoggingAgent({
        ...IMPORTS,
        esm,
        kind,
        versions,
        before: `
          const hide = format((info) => (info.drop ? false : { ...info, ...(info.secret && { secret: "***" }) }));
          const log = createLogger({
            level: "debug",
            defaultMeta: { app: "a" },
            format: format.combine(format.errors({ stack: true }), format.splat(), hide(), format.json()),
            transports: [new transports.Console()],
          });
          const simple = createLogger({ format: format.simple(), transports: [new transports.Console()] });
          const own = { message: "own" };
          log.warn("outside");`,
        inside: `
          log.info("hello %s", "you", { secret: "x", list: [1.5, "a"] });
          log.child({ part: "c" }).error(new TypeError("boom"));
          log.silly("too low");
          log.info({ message: "dropped", drop: true });
          simple.info(own);`,
        after: "simple.info(own);",
      });
      const [outside, hello, error, inside, after, ...more] = stdout.trimEnd().split("\n");
      assert.equal(outside, '{"app":"a","level":"warn","message":"outside"}');
      assert.deepEqual(JSON.parse(hello!), {
        ...{ app: "a", level: "info", message: "hello you", secret: "***", list: [1.5, "a"] },
        ...ids,
      });
      const { stack, ...failed } = JSON.parse(error!);
      assert.match(stack, /^TypeError: boom\n/);
      assert.deepEqual(failed, { app: "a", level: "error", message: "boom", part: "c", ...ids });
      assert.ok(inside!.startsWith("info: own {"));
      assert.deepEqual(JSON.parse(inside!.slice("info: own ".length)), ids);
      assert.equal(after, "info: own");
      assert.deepEqual(more, []);

      const session = { "session.id": "s1" };
      const exception = { "exception.type": "Error", "exception.message": "boom" };
      assert.deepEqual(
        logs.map((log) => summary(log, ids)),
        [
          [13, "warn", false, "outside", { app: "a" }],
          [9, "info", true, "hello you", { app: "a", secret: "***", list: [1.5, "a"], ...session }],
          [17, "error", true, "boom", { app: "a", part: "c", ...session, ...exception }],
          [9, "info", true, "own", session],
          [9, "info", false, "own", {}],
        ],
      );
    });
  }
}

test("a colourful winston stays so on the terminal and is sent without colours; the default logger counts too", async () => {
  const { stdout, logs, ids } = await runLoggingAgent({
    ...IMPORTS,
    kind: "esm",
    before: `
      const { combine, colorize, printf } = format;
      winston.configure({
        format: combine(colorize({ all: true }), printf(({ level, message }) => level + " " + message)),
        transports: [new transports.Console()],
      });`,
    inside: 'winston.log("warn", "careful");',
  });
  assert.equal(stdout, "\u001b[33mwarn\u001b[39m \u001b[33mcareful\u001b[39m\n");
  assert.deepEqual(
    logs.map((log) => summary(log, ids)),
    [[13, "warn", true, "careful", { "session.id": "s1" }]],
  );
});
