import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ROUTES } from "@clew/protocol/api/routes";
import { parse } from "@clew/protocol/traceql/parse";
import { INVALID_QUERIES } from "@clew/protocol/traceql/testing/invalid-queries";
import { VALID_QUERIES } from "@clew/protocol/traceql/testing/valid-queries";
import { LiveTraces } from "../query/live-traces.ts";
import { Queries } from "../query/queries.ts";
import { openTestStore, type TestStore } from "../query/testing/test-store.ts";
import { openEmbedded } from "../store/clickhouse-store.ts";
import { raw, type Served, serveApi } from "./testing/serve-api.ts";

let opened: TestStore;
let served: Served;

before(async () => {
  opened = await openTestStore(openEmbedded);
  served = await serveApi({ queries: new Queries(opened.store), live: new LiveTraces(opened.store) });
});

after(async () => {
  await served?.close();
  await opened?.close();
});

/** Queries with a known fault, and good ones that break off. */
function malformed(): readonly string[] {
  const cut = VALID_QUERIES.flatMap((query) =>
    [0.3, 0.6, 0.9].map((share) => query.slice(0, Math.floor(query.length * share)).trimEnd()),
  );
  return [...new Set([...INVALID_QUERIES.map(([query]) => query), ...cut.filter(isRefused)])];
}

function isRefused(query: string): boolean {
  try {
    parse(query);
    return false;
  } catch {
    return true;
  }
}

for (const route of [ROUTES.search, ROUTES.metricsQuery]) {
  test(`${route} answers 300 malformed queries with where and what, and never with a stack`, async () => {
    const queries = malformed();
    assert.ok(queries.length >= 300, `only ${queries.length}`);
    for (const query of queries) {
      const { status, body } = await raw(`${served.url}${route}?q=${encodeURIComponent(query)}`);
      const text = String(body);
      const told = `${JSON.stringify(query)}: ${text}`;
      assert.equal(status, 400, told);
      const { error } = JSON.parse(text);
      assert.equal(error.code, "invalid_query", told);
      const { offset, length } = error.position;
      assert.ok(offset >= 0 && length >= 0 && offset + length <= query.length, told);
      assert.ok(error.message.length > 0, told);
      assert.doesNotMatch(text, /\.ts\b|\.js\b|\bat \S+ \(|DB::Exception/, told);
    }
  });
}
