import assert from "node:assert/strict";
import { test } from "node:test";
import { InvalidQuery } from "./invalid-query.ts";
import { readSearch } from "./read-search.ts";

function fault(query: string): InvalidQuery {
  try {
    readSearch(query);
  } catch (error) {
    assert.ok(error instanceof InvalidQuery, String(error));
    return error;
  }
  return assert.fail(`${query} is taken`);
}

test("a fault has a position and the nearest word", () => {
  const { position, hint, message, status, code } = fault("{ status = eror }");
  assert.deepEqual(
    [position, hint, status, code],
    [{ offset: 11, length: 4 }, "Did you mean error?", 400, "invalid_query"],
  );
  assert.match(message, /found "eror"/);
});

test("a query that asks for series is no search", () => {
  assert.match(fault("{ } | rate()").message, /asks for series/);
});

test("a query may have sixteen filters, wherever they stand", () => {
  const filters = (count: number) => Array.from({ length: count }, () => "{ .a = 1 }").join(" >> ");
  assert.equal(readSearch(filters(16)).kind, "search");
  const { position } = fault(`${filters(16)} | ({ .b = 2 } | count()) > 1`);
  assert.deepEqual(position, { offset: filters(16).length + 4, length: 10 });
});

test("a query may be long, but not deep", () => {
  const chain = Array.from({ length: 900 }, (_, at) => `.a = ${at}`).join(" || ");
  assert.equal(readSearch(`{ ${chain} }`).kind, "search");
  const mixed = Array.from({ length: 200 }, (_, at) => `.a = ${at} ${at % 2 === 0 ? "&&" : "||"}`).join(" ");
  const stages = Array.from({ length: 101 }, () => "coalesce()").join(" | ");
  assert.match(fault(`{ } | ${stages}`).message, /100 stages/);
  assert.match(fault(`{ ${mixed} .b }`).message, /levels/);
  assert.match(fault(`{ .a = "${"x".repeat(70_000)}" }`).message, /65536 characters/);
});
