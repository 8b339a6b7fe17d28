import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { readSchema, renderCluster, renderLocal, type SchemaFile } from "./schema.ts";

const GOLDEN = new URL("../../sql/golden/", import.meta.url);

/** UPDATE_GOLDEN=1 writes the files instead of comparing with them. */
const isUpdate = process.env.UPDATE_GOLDEN === "1";

for (const [form, render] of [
  ["local", renderLocal],
  ["cluster", renderCluster],
] as const) {
  test(`the ${form} form of the schema is the one in sql/golden/${form}.sql`, () => {
    const text = readSchema()
      .map((file) => `-- ${file.name}\n${render(file).join(";\n\n")};\n`)
      .join("\n");
    const golden = new URL(`${form}.sql`, GOLDEN);
    if (isUpdate) writeFileSync(golden, text);
    assert.equal(text, readFileSync(golden, "utf8"), "run with UPDATE_GOLDEN=1 and look at the difference");
  });
}

function file(sql: string): SchemaFile {
  return { version: 7, name: "0007-x.sql", sql };
}

test("a new column reaches both tables of a cluster", () => {
  assert.deepEqual(renderCluster(file("-- Head.\nALTER TABLE spans ADD COLUMN IF NOT EXISTS x UInt8"), "c"), [
    "ALTER TABLE spans_local ON CLUSTER 'c' ADD COLUMN IF NOT EXISTS x UInt8",
    "ALTER TABLE spans ON CLUSTER 'c' ADD COLUMN IF NOT EXISTS x UInt8",
  ]);
});

test("a new index reaches the table that has the data", () => {
  assert.deepEqual(renderCluster(file("ALTER TABLE spans ADD INDEX IF NOT EXISTS x y TYPE minmax"), "c"), [
    "ALTER TABLE spans_local ON CLUSTER 'c' ADD INDEX IF NOT EXISTS x y TYPE minmax",
  ]);
});

test("a table without a sharding directive cannot be put on a cluster", () => {
  const table = file("CREATE TABLE x (y UInt8) ENGINE = MergeTree ORDER BY y");
  assert.throws(() => renderCluster(table), /0007-x\.sql does not say how/);
});

test("a statement of an unknown kind cannot be put on a cluster", () => {
  assert.throws(() => renderCluster(file("DROP TABLE x")), /0007-x\.sql/);
});

test("a file without a number, and a number twice, are errors", () => {
  const folder = mkdtempSync(join(tmpdir(), "clew-schema-"));
  const url = pathToFileURL(`${folder}/`);
  try {
    writeFileSync(join(folder, "0001-a.sql"), "CREATE TABLE a");
    assert.deepEqual(readSchema(url), [{ version: 1, name: "0001-a.sql", sql: "CREATE TABLE a" }]);
    writeFileSync(join(folder, "0001-b.sql"), "CREATE TABLE b");
    assert.throws(() => readSchema(url), /0001-b\.sql has a number twice/);
    rmSync(join(folder, "0001-b.sql"));
    writeFileSync(join(folder, "extra.sql"), "CREATE TABLE b");
    assert.throws(() => readSchema(url), /extra\.sql is not named/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
