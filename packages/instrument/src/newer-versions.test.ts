import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import {
  InstrumentationBase,
  InstrumentationNodeModuleDefinition,
  InstrumentationNodeModuleFile,
} from "@opentelemetry/instrumentation";
import { onlySince } from "./newer-versions.ts";

class Marking extends InstrumentationBase {
  constructor() {
    super("marking", "1.0.0", {});
  }

  protected override init(): InstrumentationNodeModuleDefinition {
    const mark = (exports: { marks: number }) => {
      exports.marks++;
      return exports;
    };
    const file = new InstrumentationNodeModuleFile("marked/file.js", [">=1 <2", ">=2 <4"], mark, () => {});
    return new InstrumentationNodeModuleDefinition("marked", [">=1 <4"], mark, () => {}, [file]);
  }
}

test("older versions of a package and of its files are left alone", () => {
  const folder = mkdtempSync(join(tmpdir(), "clew-versions-"));
  const instrumentation = onlySince(new Marking(), "marked", "2.1.0");
  try {
    const marks = ["1.9.9", "2.0.9", "2.1.0", "3.5.0", "4.0.0"].map((version) => {
      const at = join(folder, version, "node_modules/marked");
      mkdirSync(at, { recursive: true });
      writeFileSync(join(at, "package.json"), JSON.stringify({ name: "marked", version }));
      for (const file of ["index.js", "file.js"]) writeFileSync(join(at, file), "exports.marks = 0;");
      const load = createRequire(join(folder, version, "agent.js"));
      return ["marked", "marked/file.js"].map((file) => load(file).marks);
    });
    assert.deepEqual(marks, [
      [0, 0],
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ]);
  } finally {
    instrumentation.disable();
    rmSync(folder, { recursive: true, force: true });
  }
});
