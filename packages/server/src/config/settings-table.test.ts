import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "yaml";
import { SETTINGS, settingsSchema } from "./settings.ts";
import { settingsTable } from "./settings-table.ts";

const guide = readFileSync(new URL("../../../../docs/guide/configuration.md", import.meta.url), "utf8");

test("the guide's table is the schema's, so every setting is in it and nothing else is", () => {
  assert.ok(
    guide.includes(`\n\n${settingsTable()}\n\n<!-- /settings -->`),
    "run: node scripts/write-docs.ts",
  );
});

test("every setting has a row with its variable, its flag, what it means and what is allowed", () => {
  const rows = settingsTable().split("\n").slice(2);
  assert.equal(rows.length, SETTINGS.length);
  for (const [at, setting] of SETTINGS.entries()) {
    for (const part of [setting.key, setting.variable, setting.flag ?? "none", setting.meaning]) {
      assert.ok(rows[at]?.includes(part), `${setting.key}: ${part}`);
    }
    assert.equal(rows[at]?.match(/\|/g)?.length, 6);
    assert.ok(setting.allowed.length > 0);
    assert.ok(!rows[at]?.includes("undefined"), setting.key);
  }
});

test("the guide's examples are allowed", () => {
  const examples = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)];
  assert.equal(examples.length, 2);
  for (const [, yaml = ""] of examples) settingsSchema.parse(parse(yaml));
});
