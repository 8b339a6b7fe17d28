import assert from "node:assert/strict";
import type { ReceivedSpan } from "./otlp-collector.ts";
import { assertOneTrace, CLIENT } from "./queue-agent.ts";

export interface ExpectedQuery {
  readonly name: string;
  readonly text: string;
  readonly isError?: true;
}

/** Asserts one CLIENT span for each query that was made inside a trace, none for any other, and no value in them. */
export function assertQueries(
  spans: readonly ReceivedSpan[],
  system: string,
  expected: readonly ExpectedQuery[],
): void {
  assertOneTrace(spans);
  const clients = spans.filter(({ kind }) => kind === CLIENT);
  const seen = clients.map(({ name = "", attributes, status }) => ({
    name,
    text: attributes["db.query.text"],
    ...(status?.code === 2 ? { isError: true } : {}),
  }));
  // Those of one moment arrive in any order.
  assert.deepEqual(sorted(seen), sorted(expected));
  for (const { attributes } of clients) {
    assert.equal(attributes["db.system.name"], system);
    assert.doesNotMatch(JSON.stringify(attributes), /secret/);
  }
}

function sorted<Value>(values: readonly Value[]): Value[] {
  return values.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
