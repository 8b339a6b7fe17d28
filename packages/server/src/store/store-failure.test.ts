import assert from "node:assert/strict";
import { test } from "node:test";
import { ClickHouseError } from "@clickhouse/client";
import { QueryTimeout, QueryTooLarge, StoreRefused, StoreUnavailable } from "./store-errors.ts";
import { storeFailure } from "./store-failure.ts";

const away = (cause: unknown) => new StoreUnavailable("away", 1, { cause });

function said(code: string): unknown {
  return storeFailure(new ClickHouseError({ code, message: "the database's words", type: "X" }), away);
}

function thrown(code: string): unknown {
  return storeFailure(Object.assign(new Error("write failed"), { code }), away);
}

test("what the database says decides what its callers can do", () => {
  assert.ok(said("159") instanceof QueryTimeout);
  assert.ok(said("241") instanceof QueryTooLarge);
  assert.ok(said("252") instanceof StoreUnavailable);
  const refused = said("60");
  assert.ok(refused instanceof StoreRefused);
  assert.deepEqual([refused.clickhouseCode, refused.message], [60, "the database's words"]);
});

test("a full disk is told apart from a database that is away", () => {
  assert.match((thrown("ENOSPC") as Error).message, /write failed/);
  assert.equal((thrown("ECONNREFUSED") as Error).message, "away");
});

test("a bug stays what it is", () => {
  const bug = new TypeError("x is not a function");
  assert.equal(storeFailure(bug, away), bug);
});
