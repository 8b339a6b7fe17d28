import assert from "node:assert/strict";
import { test } from "node:test";
import { withBroker } from "../harness/broker.ts";
import { startPostgres } from "../harness/brokers.ts";
import { assertQueries } from "../harness/query-spans.ts";
import { runQueueAgent } from "../harness/queue-agent.ts";

test("PostgreSQL", { timeout: 60_000 }, (t) =>
  withBroker(t, startPostgres, async ({ port }) => {
    for (const kind of ["esm", "cjs"] as const) {
      await t.test(`one span per query inside a trace, without its values, ${kind}`, async () => {
        const { spans, said } = await runQueueAgent({
          kind,
          imports: { pg: "pg" },
          body: `
const pool = new pg.Pool({ host: "127.0.0.1", port: ${port}, user: "postgres", database: "postgres", max: 2 });
await pool.query("SELECT 'idle'");
await traced(async () => {
  say((await pool.query("SELECT 'secret' AS a, $1::int AS b", [7])).rows);
  const client = await pool.connect();
  const query = Promise.withResolvers();
  client.query("SELECT 3 AS c", (error, result) => query.resolve(result.rows));
  say(await query.promise);
  client.release();
  say((await pool.query({ text: "SELECT 'secret' AS a", rowMode: "array" })).rows);
  await pool.query("SELECT * FROM nothing").catch((error) => say([error.code, error instanceof Error]));
});
await pool.end();`,
        });
        assert.deepEqual(said, [[{ a: "secret", b: 7 }], [{ c: 3 }], [["secret"]], ["42P01", true]]);
        assertQueries(spans, "postgresql", [
          { name: "SELECT postgres", text: "SELECT ? AS a, $1::int AS b" },
          { name: "SELECT postgres", text: "SELECT ? AS c" },
          { name: "SELECT postgres", text: "SELECT ? AS a" },
          { name: "SELECT postgres", text: "SELECT * FROM nothing", isError: true },
        ]);
      });
    }
  }),
);
