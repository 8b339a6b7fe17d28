import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { DiskSync } from "./disk-sync.ts";

/** Processes that this one started, ended ones that nobody waited for left out. */
function childrenOfThis(): number[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,stat="], { encoding: "utf8" }).split("\n");
  const rows = lines.map((line) => line.trim().split(/\s+/));
  return rows
    .filter(([, ppid, stat]) => Number(ppid) === process.pid && stat?.[0] !== "Z")
    .map(([pid]) => Number(pid));
}

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

test("a shell that somebody ended is started again", async () => {
  const before = childrenOfThis();
  const sync = new DiskSync(tmpdir());
  await sync.flush();
  const [shell] = childrenOfThis().filter((pid) => !before.includes(pid));
  assert.ok(shell);
  process.kill(shell, "SIGKILL");
  while (childrenOfThis().includes(shell)) await new Promise((resolve) => setTimeout(resolve, 10));
  // By this one the process may learn that it has ended.
  await sync.flush().catch(() => undefined);
  await sync.flush();
  sync.close();
});

test("a flush after the end is refused", async () => {
  const sync = new DiskSync(tmpdir());
  await sync.flush();
  sync.close();
  await assert.rejects(sync.flush(), /ended/);
});
