import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openEmbedded } from "../store/clickhouse-store.ts";
import { hasAttribute } from "./filter.ts";
import { fragment, Parameters } from "./sql.ts";
import { insertSpans, spanIdOf, traceIdOf } from "./testing/insert-spans.ts";
import { openTestStore, type TestStore } from "./testing/test-store.ts";
import { isIndexed } from "./traceql/attribute-sql.ts";

let opened: TestStore;

before(async () => {
  opened = await openTestStore(openEmbedded);
  await insertSpans(
    opened.store,
    Array.from({ length: 20_000 }, (_, at) => ({
      trace_id: traceIdOf(String(at)),
      span_id: spanIdOf(String(at)),
      start_ns: 1_790_000_000_000_000_000n + BigInt(at),
      attributes: { key: `value ${at}` },
    })),
  );
  // Small inserts have no indexes of their own until they are merged.
  await opened.store.command("OPTIMIZE TABLE spans FINAL");
  await opened.store.command(
    "ALTER TABLE spans MATERIALIZE INDEX spans_attribute SETTINGS mutations_sync = 2",
  );
});

after(async () => {
  await opened?.close();
});

for (const [name, condition] of [
  ["a list", (parameters: Parameters) => hasAttribute("key", ["value 7", "value 9"], parameters)],
  ["TraceQL", (parameters: Parameters) => isIndexed("key", ["value 7"], parameters)],
] as const) {
  test(`the condition of ${name} on an attribute lets the index leave out what cannot have it`, async () => {
    const parameters = new Parameters();
    const sql = fragment`EXPLAIN indexes = 1 SELECT span_id FROM spans WHERE ${condition(parameters)}`;
    const rows = await opened.store.query<{ explain: string }>(sql, { parameters: parameters.values });
    const plan = rows.map(({ explain }) => explain).join("\n");
    assert.match(plan, /Name: spans_attribute[\s\S]*?Granules: 1\/3/, plan);
  });
}
