import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { loadConfig } from "../../config/load-config.ts";
import { SETTINGS } from "../../config/settings.ts";
import { shownSettings } from "./shown-settings.ts";

const shown = (flags: Record<string, unknown>, env: Record<string, string> = {}) =>
  shownSettings(loadConfig({ flags, env: { HOME: "/home/x", ...env }, cwd: "/" }).config);

test("no secret is shown, but whether there is one", () => {
  const secrets = { CLEW_TOKEN: "hunter2-hunter2", CLEW_STORE: "clickhouse://clew:s3cr3t@db:8123/traces" };
  const answer = shown({}, secrets);
  const text = JSON.stringify(answer);
  assert.doesNotMatch(text, /hunter2|s3cr3t/);
  const shownOf = (key: string) => answer.settings.find((setting) => setting.key === key)?.value;
  assert.equal(shownOf("token"), "set");
  assert.match(shownOf("store") ?? "", /^clickhouse:\/\/.*db:8123/);
  assert.equal(shown({}).settings.find(({ key }) => key === "token")?.value, "not set");
});

test("every setting is shown with its value, and those that somebody set are marked", () => {
  const { settings } = shown({ retentionDays: "7", corsOrigins: "https://a.example,https://b.example" });
  assert.deepEqual(
    settings.map(({ key }) => key),
    SETTINGS.map(({ key }) => key),
  );
  const set = settings.filter(({ isDefault }) => !isDefault).map(({ key, value }) => `${key}=${value}`);
  assert.deepEqual(set, ["cors.origins=https://a.example, https://b.example", "retention.days=7"]);
  assert.equal(settings.find(({ key }) => key === "maxBodyBytes")?.value, "64 MiB");
});

test("prices of the user's file come before the built-in ones", () => {
  const folder = mkdtempSync(join(tmpdir(), "clew-prices-"));
  try {
    const file = join(folder, "prices.json");
    writeFileSync(file, JSON.stringify({ models: [{ match: "^ours-", input: 1, output: 2 }] }));
    const { models, version } = shown({ pricesFile: file }).prices;
    assert.deepEqual(models[0], { match: "^ours-", input: 1, output: 2, isOwn: true });
    assert.equal(models[1]?.isOwn, false);
    assert.match(version, /^\d{4}-\d\d-\d\d$/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
