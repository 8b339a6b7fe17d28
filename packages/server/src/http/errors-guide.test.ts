import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

const guide = readFileSync(`${ROOT}docs/guide/errors.md`, "utf8");
const documented = new Map(
  [...guide.matchAll(/^\| `(\w+)` \|([^|]*)\|/gm)].map(([, code, status]) => [code!, status!.trim()]),
);

/** Codes of error classes, with their status where it is fixed, and codes that answers are given directly. */
function codesInSource(): Map<string, string> {
  const codes = new Map<string, string>();
  const paths = globSync("packages/*/src/**/*.ts", { cwd: ROOT }).filter(
    (path) => !path.endsWith(".test.ts"),
  );
  for (const path of paths) {
    const text = readFileSync(ROOT + path, "utf8");
    if (!/PublicError|class \w+ extends Error|ErrorBody/.test(text)) continue;
    const classes = /readonly code = "(\w+)";\s*(?:readonly status(?:: ([\d |]+))?(?: = (\d+))?;)?/g;
    for (const [, code, several, one] of text.matchAll(classes)) {
      codes.set(code!, one ?? several?.replace(" | ", " or ") ?? "");
    }
    for (const [, code] of text.matchAll(/error: \{ code: "(\w+)"/g)) {
      codes.set(code!, code === "internal_error" ? "500" : "");
    }
  }
  return codes;
}

test("the guide lists every error code with its status, and no other", () => {
  const source = codesInSource();
  assert.ok(source.size > 25, String(source.size));
  const sorted = (codes: ReadonlyMap<string, string>) => Object.fromEntries([...codes].sort());
  assert.deepEqual(sorted(documented), sorted(source));
});
