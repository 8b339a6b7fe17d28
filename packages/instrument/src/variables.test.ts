import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const SOURCES = ["packages/instrument/src/**/*settings.ts", "packages/protocol/src/context/correlation.ts"];
const PAGE = "docs/guide/instrument/settings.md";

function variablesIn(text: string): string[] {
  return text.match(/\b(?:CLEW|OTEL)_[A-Z_]*[A-Z]\b|\bTRACEPARENT\b|\bTRACESTATE\b|\bBAGGAGE\b/g) ?? [];
}

test("the guide tells every variable that the preload reads, and no other", () => {
  const read = globSync(SOURCES, { cwd: ROOT })
    .map((file) =>
      readFileSync(`${ROOT}${file}`, "utf8").replaceAll("OTEL_EXPORTER_OTLP_$" + "{signal}", "_"),
    )
    .flatMap(variablesIn);
  const perSignal = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"];
  const told = variablesIn(readFileSync(`${ROOT}${PAGE}`, "utf8"));
  assert.deepEqual([...new Set(told)].sort(), [...new Set([...read, ...perSignal])].sort());
});
