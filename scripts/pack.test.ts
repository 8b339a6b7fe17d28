import assert from "node:assert/strict";
import { test } from "node:test";
import { publishedManifest } from "./pack.ts";

test("a published manifest points at compiled files and leaves out what only a checkout needs", () => {
  const manifest = {
    name: "@clew/protocol",
    version: "0.1.0",
    private: true,
    exports: { "./*": "./src/*.ts", "./package.json": "./package.json" },
    devDependencies: { x: "1" },
  };
  assert.deepEqual(publishedManifest(manifest, ["dist"]), {
    name: "@clew/protocol",
    version: "0.1.0",
    exports: {
      "./*": { types: "./dist/*.d.ts", default: "./dist/*.js" },
      "./package.json": "./package.json",
    },
    files: ["dist"],
  });
});
