import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "@clew/protocol/traceql/parse";
import { VALID_QUERIES } from "@clew/protocol/traceql/testing/valid-queries";
import { isTraceQl } from "./is-traceql.ts";

test("every valid query is told from words", () => {
  for (const query of VALID_QUERIES) {
    parse(query);
    assert.equal(isTraceQl(query), true, query);
  }
});

test("words, conditions, ids and quoted texts are no query", () => {
  for (const text of [
    "",
    "lock timeout",
    "agent:planner status:error",
    "count the cats",
    'text:"{ a }"',
    '"{ a }"',
    "http.route:/chat/{id}",
    "10 - 3",
    "5b8efff798038103d269b633813fc60c",
  ]) {
    assert.equal(isTraceQl(text), false, text);
  }
});

test("a query that has only begun, or is wrong, is one", () => {
  for (const text of ["{", "  { agent:nmae = 1", "({", "count(", "100 * ({"])
    assert.equal(isTraceQl(text), true, text);
});
