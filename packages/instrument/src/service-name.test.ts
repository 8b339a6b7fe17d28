import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { defaultServiceName } from "./service-name.ts";

test("a process is called as the nearest package, else as its file", () => {
  const folder = mkdtempSync(join(tmpdir(), "clew-name-"));
  try {
    mkdirSync(join(folder, "src", "deep"), { recursive: true });
    const script = join(folder, "src", "deep", "planner.mjs");
    writeFileSync(join(folder, "package.json"), `{"name":"@team/planner-app"}`);
    assert.equal(defaultServiceName(script), "@team/planner-app");
    writeFileSync(join(folder, "src", "package.json"), `{"type":"module"}`);
    assert.equal(defaultServiceName(script), "planner");
    writeFileSync(join(folder, "src", "package.json"), "not json");
    assert.equal(defaultServiceName(script), "planner");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a process without a script has Node's default name", () => {
  assert.equal(defaultServiceName(undefined), "unknown_service:node");
  assert.equal(defaultServiceName(""), "unknown_service:node");
});
