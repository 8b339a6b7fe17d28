import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const EXAMPLES = fileURLToPath(new URL("../examples/", import.meta.url));
const SCREEN_LINES = 60;

test("no example knows of Clew or of OpenTelemetry: they are traced from outside", () => {
  // Behind a gateway an agent has to send on the headers that it was sent.
  const passesOn = join("gateway", "pass-on.js");
  const files = globSync("**/*.{js,py,txt,json}", { cwd: EXAMPLES }).filter((file) => file !== passesOn);
  assert.ok(files.length > 30);
  for (const file of files) {
    const source = readFileSync(join(EXAMPLES, file), "utf8");
    assert.doesNotMatch(source, /@clew\/|packages\/|CLEW_|opentelemetry|traceparent/i, file);
  }
});

test("every example starts by examples/start and explains itself on one screen", () => {
  const index = readFileSync(join(EXAMPLES, "README.md"), "utf8");
  const folders = globSync("*/start.js", { cwd: EXAMPLES }).map((file) => dirname(file));
  assert.equal(folders.length, 6);
  for (const folder of folders) {
    const readme = readFileSync(join(EXAMPLES, folder, "README.md"), "utf8");
    assert.ok(readme.trimEnd().split("\n").length <= SCREEN_LINES, folder);
    assert.match(readme, new RegExp(`^npm run clew -- run .*-- examples/start ${folder}`, "m"));
    assert.match(readme, /^npm run clew -- traces? /m);
    assert.ok(index.includes(`(${folder}/README.md)`), folder);
  }
});
