import assert from "node:assert/strict";
import { test } from "node:test";
import { withBroker } from "../harness/broker.ts";
import { startMariaDb } from "../harness/brokers.ts";
import { assertQueries } from "../harness/query-spans.ts";
import { runQueueAgent } from "../harness/queue-agent.ts";

test("MySQL", { timeout: 60_000 }, (t) =>
  withBroker(t, startMariaDb, async ({ port }) => {
    for (const kind of ["esm", "cjs"] as const) {
      await t.test(`one span per query inside a trace, without its values, ${kind}`, async () => {
        const { spans, said } = await runQueueAgent({
          kind,
          imports: { callbacks: "mysql2", promises: "mysql2/promise" },
          body: `
const options = { host: "127.0.0.1", port: ${port}, user: "root", database: "test" };
const pool = promises.createPool(options);
await pool.query("SELECT 'idle'");
await traced(async () => {
  say((await pool.query("SELECT 'secret' AS a, ? AS b", ["secret"]))[0]);
  say((await pool.execute("SELECT ? AS c", ["secret"]))[0]);
  const connection = callbacks.createConnection(options);
  const query = Promise.withResolvers();
  connection.query({ sql: "SELECT 3 AS d" }, (error, rows) => query.resolve(rows));
  say(await query.promise);
  connection.destroy();
  await pool.query("SELECT * FROM nothing").catch((error) => say(error.code));
});
await pool.end();`,
        });
        assert.deepEqual(said, [
          [{ a: "secret", b: "secret" }],
          [{ c: "secret" }],
          [{ d: 3 }],
          "ER_NO_SUCH_TABLE",
        ]);
        assertQueries(spans, "mysql", [
          { name: "SELECT test", text: "SELECT ? AS a, ? AS b" },
          { name: "SELECT test", text: "SELECT ? AS c" },
          { name: "SELECT test", text: "SELECT ? AS d" },
          { name: "SELECT test", text: "SELECT * FROM nothing", isError: true },
        ]);
      });
    }
  }),
);
