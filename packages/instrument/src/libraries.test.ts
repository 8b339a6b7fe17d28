import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import type { InstrumentationBase } from "@opentelemetry/instrumentation";
import { LIBRARIES } from "./libraries.ts";
import type { TracedModule } from "./library.ts";
import { settingsFrom } from "./settings.ts";

// In the bundle this is the bundler's.
Object.assign(globalThis, { require: createRequire(import.meta.url) });

test("the list says of each lazy library what its own code says", () => {
  const lazy = LIBRARIES.filter((library) => "load" in library);
  assert.ok(lazy.length > 20);
  for (const { name, scope, modules, load } of lazy) {
    const library = load();
    const instrumentation = library.instrumentation(settingsFrom({}));
    instrumentation.disable();
    assert.deepEqual(
      { name, scope, modules: modules.map(withRanges) },
      { name: library.name, scope: instrumentation.instrumentationName, modules: modulesOf(instrumentation) },
    );
  }
});

function withRanges({ module, versions, files = [] }: TracedModule) {
  const paths = files.map((file) => (typeof file === "string" ? [file, ...versions] : file));
  return { module, versions, files: paths.map(([path, ...own]) => [`${module}/${path}`, ...own]) };
}

function modulesOf(instrumentation: object) {
  const { _modules: own = [] } = instrumentation as {
    _modules?: ReturnType<InstrumentationBase["getModuleDefinitions"]>;
  };
  const definitions = own.length > 0 ? own : (instrumentation as InstrumentationBase).getModuleDefinitions();
  return definitions.map(({ name, supportedVersions, files }) => ({
    module: name,
    versions: supportedVersions,
    files: files.map((file) => [file.name, ...file.supportedVersions]),
  }));
}
