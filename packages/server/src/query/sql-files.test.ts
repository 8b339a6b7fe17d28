import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { andAll, anyOf, fragment, Parameters, statement } from "./sql.ts";

const FOLDER = new URL("../../sql/queries/", import.meta.url).pathname;
const SOURCES = new URL("./", import.meta.url).pathname;

test("every file of sql/queries is used, and every one that is used is there", () => {
  const files = globSync("*.sql", { cwd: FOLDER }).map((name) => name.replace(/\.sql$/, ""));
  const code = globSync("**/*.ts", { cwd: SOURCES, exclude: (name) => String(name).endsWith(".test.ts") })
    .map((path) => readFileSync(SOURCES + path, "utf8"))
    .join("\n");
  for (const name of files) assert.ok(code.includes(`"${name}"`), `${name}.sql is used nowhere`);
  for (const [, name] of code.matchAll(/statement\("([^"]+)"/g))
    assert.ok(files.includes(name!), `${name}.sql is missing`);
});

test("a file says what goes in or comes out", () => {
  for (const path of globSync("*.sql", { cwd: FOLDER })) {
    assert.match(readFileSync(FOLDER + path, "utf8"), /^-- [\s\S]*?\n-- (in|out): /, path);
  }
});

test("a value becomes a parameter and never text", () => {
  const parameters = new Parameters();
  const condition = fragment`name = ${parameters.bind("String", "'; DROP TABLE spans")}`;
  assert.equal(condition, "name = {bound_1:String}");
  assert.deepEqual(parameters.values, { bound_1: "'; DROP TABLE spans" });
  assert.equal(
    andAll([condition, condition]),
    " AND (name = {bound_1:String}) AND (name = {bound_1:String})",
  );
  assert.equal(andAll([]), "");
  assert.equal(anyOf([]), "false");
});

test("a slot that a statement does not have is a mistake", () => {
  assert.throws(() => statement("any-trace", { conditions: fragment`true` }), /has no slot conditions/);
});
