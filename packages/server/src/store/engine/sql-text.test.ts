import assert from "node:assert/strict";
import { test } from "node:test";
import { blankOpaque, describeStatement, quote } from "./sql-text.ts";

test("literals, quoted names and comments are blanked, and nothing moves", () => {
  const sql = `SELECT 'a;''\\'b' AS \`x;\`, "y;" /* ; */ FROM t -- ; c\nWHERE 1 # ;`;
  const code = blankOpaque(sql);
  assert.equal(code.length, sql.length);
  assert.equal(code.includes(";"), false);
  assert.equal(code.indexOf("FROM"), sql.indexOf("FROM"));
  assert.equal(code.indexOf("WHERE"), sql.indexOf("WHERE"));
});

test("statements that change nothing are reads, also behind a comment", () => {
  for (const sql of [
    "SELECT 1",
    "-- head\nwith 1 AS x SELECT x",
    "(SELECT 1)",
    "SHOW TABLES",
    "EXPLAIN SELECT 1",
  ]) {
    assert.equal(describeStatement(sql).kind, "read", sql);
  }
  for (const sql of [
    "INSERT INTO t SELECT 1",
    "ALTER TABLE t DROP COLUMN x",
    "/* SELECT */ OPTIMIZE TABLE t",
    "",
  ]) {
    assert.equal(describeStatement(sql).kind, "write", sql);
  }
});

test("a result is streamed unless something has to be computed before it", () => {
  for (const sql of [
    "SELECT 1",
    "WITH x AS (SELECT 1) SELECT * FROM x",
    "SELECT * FROM (SELECT 1) WHERE y IN (SELECT 2) UNION ALL (SELECT 3)",
    "SELECT '(SELECT 1)'",
  ]) {
    assert.equal(describeStatement(sql).streams, true, sql);
  }
  for (const sql of [
    "SELECT (SELECT 1)",
    "SELECT 1 WHERE 2 = ( ( SELECT 3))",
    "WITH (SELECT 1) AS x SELECT x",
    "SHOW TABLES",
  ]) {
    assert.equal(describeStatement(sql).streams, false, sql);
  }
});

test("an INSERT whose rows follow ends with its format", () => {
  const sql = "INSERT INTO t (a, `format`) FORMAT Native ";
  assert.deepEqual(describeStatement(sql).insertFormat, {
    start: sql.indexOf("FORMAT Native"),
    name: "Native",
  });
  assert.equal(describeStatement("INSERT INTO t VALUES (' FORMAT Native')").insertFormat, undefined);
  assert.equal(describeStatement("INSERT INTO t SELECT 1").insertFormat, undefined);
});

test("parameters are found, in literals and comments there are none", () => {
  const { parameters } = describeStatement(
    "SELECT {a:String}, { b : Array(UInt8) }, '{c:String}' -- {d:String}",
  );
  assert.deepEqual([...parameters], ["a", "b"]);
});

test("a second statement is noticed, an ending semicolon is none", () => {
  assert.equal(describeStatement("SELECT 1; SELECT 2").multiple, true);
  assert.equal(describeStatement("SELECT 1; -- done").multiple, false);
  assert.equal(describeStatement("SELECT ';' AS x;\n").multiple, false);
});

test("a quoted text has no way out", () => {
  assert.equal(quote("a'b\\c\0d"), "'a\\'b\\\\c\\0d'");
});
