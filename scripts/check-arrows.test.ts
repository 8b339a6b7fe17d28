import assert from "node:assert/strict";
import { test } from "node:test";
import { violations, withoutComments } from "./check-arrows.ts";

const arrows = {
  "protocol/src": [],
  "server/src/store": ["protocol/src"],
  "server/src/http": ["protocol/src"],
};
const none = new Set<string>();
const store = { path: "server/src/store/store.ts", text: "" };
const protocol = { path: "protocol/src/ids.ts", text: "" };
const http = (text: string) => ({ path: "server/src/http/api.ts", text });

test("an import along an arrow, inside a folder or from npm is allowed", () => {
  const text = `import { a } from "@clew/protocol/ids";\nimport "./other.ts";\nimport { z } from "zod";`;
  assert.deepEqual(violations([protocol, store, http(text)], arrows, none), []);
});

test("an import against an arrow is reported, static or dynamic, of types or over several lines", () => {
  const forms = [
    'import { open } from "../store/store.ts";',
    'import type {\n  Store,\n} from "../store/store.ts";',
    'export { open } from "../store/store.ts";',
    'const open = await import("../store/store.ts");',
    'import "../store/store.ts";',
  ];
  for (const text of forms) {
    assert.deepEqual(violations([protocol, store, http(text)], arrows, none), [
      "packages/server/src/http/api.ts: server/src/http may not import server/src/store",
    ]);
  }
});

test("only tests may import what helps tests", () => {
  assert.deepEqual(
    violations([protocol, store, http('import { serve } from "./testing/serve.ts";')], arrows, none),
    ["packages/server/src/http/api.ts: only tests may import server/src/http/testing/serve.ts"],
  );
});

test("an import in a comment is none", () => {
  const text = '// import { open } from "../store/store.ts";\n/* import "../store/store.ts" */';
  assert.deepEqual(violations([protocol, store, http(text)], arrows, none), []);
});

test("a folder without an entry and an entry without a file are reported", () => {
  const stray = { path: "server/src/misc/x.ts", text: "" };
  assert.deepEqual(violations([protocol, store, stray], arrows, none), [
    "packages/server/src/misc/x.ts: its folder has no entry in scripts/check-arrows.ts",
    "scripts/check-arrows.ts: server/src/http matches no file",
  ]);
});

test("a planned folder needs no file, and is planned no longer once it has one", () => {
  const planned = new Set(["server/src/http"]);
  assert.deepEqual(violations([protocol, store], arrows, planned), []);
  assert.equal(violations([protocol, store, http("")], arrows, planned).length, 1);
});

test("only store/ names the database, except in comments and as the scheme of a URL", () => {
  const text =
    '// ClickHouse\nconst url = "clickhouse://host";\nimport { createClient } from "@clickhouse/client";';
  assert.deepEqual(violations([protocol, store, http(text)], arrows, none), [
    "packages/server/src/http/api.ts:3: names clickhouse, which only store/ may",
  ]);
  assert.deepEqual(violations([protocol, { ...store, text }, http("")], arrows, none), []);
});

test("comments are blanked and strings are not", () => {
  const text = "const a = \"// no\"; // yes\nconst b = `/* no */`; /* yes\nyes */ const c = '//';";
  assert.equal(
    withoutComments(text),
    "const a = \"// no\";       \nconst b = `/* no */`;       \n       const c = '//';",
  );
});
