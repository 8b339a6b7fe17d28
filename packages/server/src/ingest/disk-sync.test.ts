import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { DiskSync } from "./disk-sync.ts";

test("a folder is flushed as often as asked, in order", async () => {
  const sync = new DiskSync(tmpdir());
  await Promise.all([sync.flush(), sync.flush()]);
  await sync.flush();
  sync.close();
});

test("a folder that is not there is an error, not a success", async () => {
  const sync = new DiskSync("/nowhere/at/all");
  if (process.platform === "linux") await assert.rejects(sync.flush(), /sync failed/);
  sync.close();
});

test("a flush after the end is refused", async () => {
  const sync = new DiskSync(tmpdir());
  await sync.flush();
  sync.close();
  await assert.rejects(async () => {
    for (let i = 0; i < 200; i++) {
      await sync.flush();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }, /ended/);
});
