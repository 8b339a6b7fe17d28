import assert from "node:assert/strict";
import { test } from "node:test";
import { sqlOperation, sqlWithoutValues } from "./sql-text.ts";

const POSTGRES: Record<string, string> = {
  "SELECT * FROM t WHERE name = 'O''Brien' AND id = 17": "SELECT * FROM t WHERE name = ? AND id = ?",
  "SELECT $1::int, a1, t2.c3 FROM t2 LIMIT 10": "SELECT $1::int, a1, t2.c3 FROM t2 LIMIT ?",
  "INSERT INTO \"My Table\" VALUES (-1.5e3, .5, 0xFF, E'a\\'b', $$it's$$, $x$y$x$)":
    'INSERT INTO "My Table" VALUES (-?, ?, ?, ?, ?, ?)',
  "SELECT 'a\\' , 'secret'": "SELECT ? , ?",
  "SELECT 1 -- secret\n, 2 /* secret */": "SELECT ? \n, ?",
  "SELECT 'never ends": "SELECT ?",
};

const MYSQL: Record<string, string> = {
  "SELECT * FROM `t1` WHERE a = \"secret \\\" 1\" AND b = 'x\\'y' # secret":
    "SELECT * FROM `t1` WHERE a = ? AND b = ?",
  "SELECT ? -- secret": "SELECT ?",
  "SELECT 5--1": "SELECT ?--?",
};

for (const [dialect, cases] of [
  ["postgresql", POSTGRES],
  ["mysql", MYSQL],
] as const) {
  test(`no value of a statement stays, and no name or placeholder goes: ${dialect}`, () => {
    for (const [sql, expected] of Object.entries(cases))
      assert.equal(sqlWithoutValues(sql, dialect), expected);
  });
}

test("a value that is cut off is masked up to the end", () => {
  const sql = `INSERT INTO t VALUES ('${"s".repeat(10_000)}')`;
  assert.equal(sqlWithoutValues(sql, "postgresql"), "INSERT INTO t VALUES (?");
});

test("an operation is the first word", () => {
  assert.equal(sqlOperation("  /* x */ select 1"), "SELECT");
  assert.equal(sqlOperation("(WITH a AS (SELECT 1) SELECT 2)"), "WITH");
  assert.equal(sqlOperation(""), "");
});
