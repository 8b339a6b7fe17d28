import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { DiskFull, LogWriteFailed, Overloaded } from "../errors.ts";
import type { DurableLogOptions } from "./durable-log.ts";
import { DurableLog } from "./durable-log.ts";
import { LogReader } from "./log-reader.ts";
import { comparePositions } from "./position.ts";

const DURABLE_LOG = JSON.stringify(new URL("./durable-log.ts", import.meta.url).href);

/** Appends to the log in argv[1] until it is killed, and prints the name of every record that is durable. */
const WRITER = `
  import { writeSync } from "node:fs";
  import { DurableLog } from ${DURABLE_LOG};
  const [, dir, round] = process.argv;
  const log = await DurableLog.open({ dir, segmentBytes: 256 * 1024 });
  for (let i = 0; ; ) {
    await Promise.all(Array.from({ length: 7 }, async () => {
      const name = round + "-" + i++;
      await log.append("traces", Buffer.from(name + " " + "q".repeat((i * 997) % 9000)));
      writeSync(1, name + "\\n");
    }));
  }`;
const START = { segment: 0, offset: 0 };

function temporaryDir(t: { after(fn: () => void): void }): string {
  const dir = mkdtempSync(join(tmpdir(), "clew-log-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

function openLog(dir: string, options: Partial<DurableLogOptions> = {}): Promise<DurableLog> {
  return DurableLog.open({ dir, sync: false, ...options });
}

async function readAll(dir: string, to = { segment: 2 ** 31, offset: 0 }, from = START): Promise<string[]> {
  const reader = new LogReader({ dir });
  const bodies: string[] = [];
  try {
    for await (const batch of reader.read(from, to)) {
      bodies.push(...batch.records.map((record) => `${record.signal} ${record.body}`));
    }
  } finally {
    await reader.close();
  }
  return bodies;
}

test("what was appended is read back in order, with its signal and the time it was appended", async (t) => {
  const dir = temporaryDir(t);
  const log = await openLog(dir, { nowMs: () => 1_784_600_000_123 });
  const positions = await Promise.all([
    log.append("traces", Buffer.from("one")),
    log.append("logs", Buffer.alloc(0)),
    log.append("metrics", Buffer.from("three")),
  ]);
  const records = [];
  const reader = new LogReader({ dir });
  for await (const batch of reader.read(START, log.committed.load())) records.push(...batch.records);
  assert.deepEqual(
    records.map(({ signal, body, position, appendedMs }) => [signal, String(body), position, appendedMs]),
    [
      ["traces", "one", positions[0], 1_784_600_000_123],
      ["logs", "", positions[1], 1_784_600_000_123],
      ["metrics", "three", positions[2], 1_784_600_000_123],
    ],
  );
  assert.deepEqual(records[0]!.next, positions[1]);
  assert.ok(comparePositions(positions[0]!, positions[2]!) < 0);
  await reader.close();
  await log.close();
});

test("a log goes on where it ended, also when it is opened after a clean close", async (t) => {
  const dir = temporaryDir(t);
  for (const body of ["a", "b", "c"]) {
    const log = await openLog(dir);
    await log.append("traces", Buffer.from(body));
    await log.close();
  }
  assert.deepEqual(await readAll(dir), ["traces a", "traces b", "traces c"]);
  assert.deepEqual(readdirSync(dir), ["0000000001.log"]);
});

test("appends beyond the size of a segment go on in a new one, and reading crosses over", async (t) => {
  const dir = temporaryDir(t);
  const log = await openLog(dir, { segmentBytes: 400 });
  const bodies = Array.from({ length: 20 }, (_, i) => String(i).repeat(50));
  for (const body of bodies) await log.append("traces", Buffer.from(body));
  await log.append("traces", Buffer.alloc(1000, "x"));
  assert.ok(readdirSync(dir).length >= 4);
  const read = await readAll(dir, log.committed.load());
  assert.deepEqual(
    read.slice(0, -1),
    bodies.map((body) => `traces ${body}`),
  );
  assert.equal(read.at(-1), `traces ${"x".repeat(1000)}`);
  await log.close();
});

test("reading starts at any position and ends before the committed end it is told", async (t) => {
  const dir = temporaryDir(t);
  const log = await openLog(dir, { segmentBytes: 100 });
  const positions = [];
  for (const body of "abcdefgh") positions.push(await log.append("logs", Buffer.from(body)));
  assert.deepEqual(await readAll(dir, positions[6]!, positions[2]!), [
    "logs c",
    "logs d",
    "logs e",
    "logs f",
  ]);
  assert.deepEqual(await readAll(dir, positions[2]!, positions[2]!), []);
  await log.close();
});

test("a record larger than the reader's buffer is read whole", async (t) => {
  const dir = temporaryDir(t);
  const log = await openLog(dir);
  const bodies = [10, 5_000, 100, 70_000, 3].map((size) => Buffer.alloc(size, size));
  for (const body of bodies) await log.append("traces", body);
  const reader = new LogReader({ dir, batchBytes: 512 });
  let i = 0;
  for await (const batch of reader.read(START, log.committed.load())) {
    for (const record of batch.records) assert.deepEqual(record.body, bodies[i++]);
  }
  assert.equal(i, bodies.length);
  await reader.close();
  await log.close();
});

test("behind every body there is room to read it in words of eight, however large it is", async (t) => {
  const dir = temporaryDir(t);
  const log = await openLog(dir);
  for (const size of [0, 300, 500, 512, 5000]) await log.append("traces", Buffer.alloc(size, "x"));
  await log.close();
  const reader = new LogReader({ dir, batchBytes: 512 });
  t.after(() => reader.close());
  const rooms: number[] = [];
  for await (const { records } of reader.read(START, { segment: 2 ** 31, offset: 0 })) {
    for (const { body } of records) rooms.push(body.buffer.byteLength - body.byteOffset - body.length);
  }
  assert.equal(rooms.length, 5);
  assert.ok(Math.min(...rooms) >= 8, `${rooms}`);
});

test("released segments leave the disk, or become new ones in which nothing old can be read", async (t) => {
  const dir = temporaryDir(t);
  const log = await openLog(dir, { segmentBytes: 1000 });
  const write = async (text: string) => {
    for (let i = 0; i < 40; i++) await log.append("traces", Buffer.from(`${text} ${i} ${"-".repeat(80)}`));
  };
  await write("old");
  const before = log.bytes;
  await log.release(log.committed.load());
  assert.ok(log.bytes < before / 3);
  assert.equal(readdirSync(dir).filter((name) => name.startsWith("spare-")).length, 2);
  const mark = log.committed.load();
  await write("new");
  assert.ok(readdirSync(dir).every((name) => !name.startsWith("spare-")));
  for (const read of [await readAll(dir, log.committed.load(), mark), await readAll(dir, undefined, mark)]) {
    assert.deepEqual(
      read.map((body) => body.slice(0, 11)),
      Array.from({ length: 40 }, (_, i) => `traces new ${i}`.slice(0, 11)),
    );
  }

  // A crash here leaves the last file with the rest of its former life behind the end.
  await log.release(log.committed.load());
  await log.append("traces", Buffer.alloc(700, "y"));
  await log.append("traces", Buffer.from("last"));
  const crashed = temporaryDir(t);
  cpSync(dir, crashed, { recursive: true });
  const active = readdirSync(crashed)
    .filter((name) => name.startsWith("0"))
    .at(-1)!;
  assert.ok(statSync(join(crashed, active)).size > log.committed.load().offset);
  const again = await openLog(crashed);
  assert.deepEqual(again.committed.load(), log.committed.load());
  assert.deepEqual((await readAll(crashed)).at(-1), "traces last");
  assert.ok(readdirSync(crashed).every((name) => !name.startsWith("spare-")));
  await again.close();
  await log.close();
});

test("what was consumed makes room although its segment is kept, also after the limit was lowered", async (t) => {
  const dir = temporaryDir(t);
  const body = Buffer.alloc(200);
  const first = await openLog(dir, { segmentBytes: 5000, maxBytes: 5000 });
  const fill = async (log: DurableLog) => {
    for (;;) await log.append("traces", body);
  };
  await assert.rejects(fill(first), Overloaded);
  await assert.rejects(first.append("traces", body), Overloaded);
  first.consumed(first.committed.load());
  await first.append("traces", body);
  await assert.rejects(fill(first), Overloaded);
  const end = first.committed.load();
  await first.close();
  const second = await openLog(dir, { segmentBytes: 5000, maxBytes: 1000, after: end });
  await second.append("traces", body);
  await second.release({ segment: end.segment - 1, offset: 0 });
  await second.append("traces", body);
  await assert.rejects(fill(second), Overloaded);
  await second.close();
});

test("at its size limit the log refuses with a time to come again, until segments are released", async (t) => {
  const dir = temporaryDir(t);
  const log = await openLog(dir, { segmentBytes: 1000, maxBytes: 5000 });
  const body = Buffer.alloc(200);
  let taken = 0;
  const refused = await (async () => {
    for (;;) {
      try {
        await log.append("traces", body);
        taken++;
      } catch (error) {
        return error;
      }
    }
  })();
  assert.ok(refused instanceof Overloaded && refused.status === 503 && refused.retryAfterMs > 0);
  assert.ok(taken > 15);
  await log.release(log.committed.load());
  await log.append("traces", body);
  await log.close();
});

test("what waits in memory is bounded, yet one body larger than the bound is taken", async (t) => {
  const log = await openLog(temporaryDir(t), { maxPendingBytes: 10_000 });
  const large = log.append("traces", Buffer.alloc(20_000));
  await assert.rejects(
    log.append("traces", Buffer.alloc(1)),
    (error) => error instanceof Overloaded && error.status === 429,
  );
  await large;
  assert.equal(log.pendingBytes, 0);
  await log.append("traces", Buffer.alloc(1));
  await log.close();
});

test("a closed log has written everything and takes no more", async (t) => {
  const dir = temporaryDir(t);
  const log = await openLog(dir, { sync: true });
  const appended = Array.from({ length: 50 }, (_, i) => log.append("logs", Buffer.from(String(i))));
  await log.close();
  await Promise.all(appended);
  await assert.rejects(log.append("logs", Buffer.alloc(1)), Overloaded);
  assert.equal((await readAll(dir)).length, 50);
});

test("positions are never given out twice, even when the log is gone but a consumer remembers it", async (t) => {
  const dir = temporaryDir(t);
  const after = { segment: 7, offset: 5000 };
  const log = await openLog(dir, { after });
  assert.ok(comparePositions(await log.append("traces", Buffer.from("x")), after) > 0);
  await log.close();
  const again = await openLog(dir, { after: { segment: 8, offset: 1_000_000 } });
  assert.equal((await again.append("traces", Buffer.from("y"))).segment, 9);
  assert.deepEqual(await readAll(dir, again.committed.load(), after), ["traces x", "traces y"]);
  await again.close();
});

test("a writer that is killed at any moment loses nothing it had reported as durable", async (t) => {
  const dir = temporaryDir(t);
  const acknowledged: string[] = [];
  for (let round = 0; round < 4; round++) {
    const child = spawn(process.execPath, ["--input-type=module", "-e", WRITER, dir, String(round)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let lines = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged.push(line);
      if (++lines === 150 + 70 * round) child.kill("SIGKILL");
    }
    assert.ok(lines >= 150);
  }
  const log = await openLog(dir);
  assert.deepEqual(log.damage, []);
  const stored = new Set(await readAll(dir, log.committed.load()));
  const lost = acknowledged.filter((name) => ![...stored].some((body) => body.startsWith(`traces ${name} `)));
  assert.deepEqual(lost, []);
  await log.close();
});

test("a full disk refuses appends, spoils nothing, and takes them again once there is room", async (t) => {
  const dir = mkdtempSync(join(tmpdir(), "clew-full-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", dir], { stdio: "ignore" });
    t.after(() => execFileSync("umount", [dir]));
  } catch {
    return t.skip("a small file system cannot be mounted here");
  } finally {
    t.after(() => rmSync(dir, { recursive: true, force: true }));
  }
  const logDir = join(dir, "log");
  const log = await openLog(logDir, { sync: true, segmentBytes: 512 * 1024 });
  const appended: string[] = [];
  const fill = async (name: string) => {
    for (let i = 0; ; i++) {
      const body = `${name}-${i} ${"z".repeat(60_000)}`;
      try {
        await log.append("traces", Buffer.from(body));
      } catch (error) {
        return error;
      }
      appended.push(body);
    }
  };
  assert.ok((await fill("first")) instanceof DiskFull);
  assert.ok(appended.length > 25);
  // Several at once fail as one, and small ones still find room.
  const many = await Promise.allSettled(
    [70_000, 80_000, 90_000].map((size) => log.append("logs", Buffer.alloc(size))),
  );
  assert.ok(many.every((each) => each.status === "rejected" && each.reason instanceof DiskFull));
  assert.deepEqual(
    await readAll(logDir, log.committed.load()),
    appended.map((body) => `traces ${body}`),
  );

  const kept = log.committed.load();
  await log.release(kept);
  assert.ok((await fill("second")) instanceof DiskFull);
  assert.ok(appended.length > 40);
  const second = appended.filter((body) => body.startsWith("second")).map((body) => `traces ${body}`);
  assert.deepEqual(await readAll(logDir, log.committed.load(), kept), second);
  await log.close();
});

test("after any other write error the log goes on in a new segment, without the bytes that failed", async (t) => {
  const dir = temporaryDir(t);
  // No file may grow beyond 64 KiB, which is an EFBIG for who tries.
  const script = `
    import { DurableLog } from ${DURABLE_LOG};
    process.on("SIGXFSZ", () => {});
    const log = await DurableLog.open({ dir: process.argv[1] });
    for (let i = 0; i < 20; i++) {
      await log.append("traces", Buffer.from(i + " " + "w".repeat(10_000))).then(() => console.log("ok " + i), (error) => console.log(error.name + " " + i));
    }
    await log.close();`;
  const output = execFileSync(
    "bash",
    ["-c", 'ulimit -f 64; exec "$0" --input-type=module -e "$1" "$2"', process.execPath, script, dir],
    { encoding: "utf8" },
  );
  const lines = output.trim().split("\n");
  assert.ok(lines.filter((line) => line.startsWith(`${LogWriteFailed.name} `)).length >= 2);
  const ok = lines.filter((line) => line.startsWith("ok ")).map((line) => line.slice(3));
  assert.ok(ok.length >= 15);
  const log = await openLog(dir);
  assert.deepEqual(log.damage, []);
  assert.deepEqual(
    (await readAll(dir, log.committed.load())).map((body) => body.split(" ")[1]),
    ok,
  );
  await log.close();
});

test("a folder that cannot be written is an error that says so", async (t) => {
  const dir = temporaryDir(t);
  const log = await openLog(join(dir, "log"));
  await log.append("traces", Buffer.from("x"));
  await log.close();
  await assert.rejects(openLog(join(dir, "log", "0000000001.log")), (error) => {
    return error instanceof LogWriteFailed && error.message.includes("0000000001.log");
  });
});
