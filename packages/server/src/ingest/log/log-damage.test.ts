import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { DurableLog } from "./durable-log.ts";
import type { LogDamage } from "./log-reader.ts";
import { LogReader } from "./log-reader.ts";
import { segmentPath } from "./segment.ts";

const BODIES = ["first record", "second, a longer record", "third"];

function temporaryDir(t: { after(fn: () => void): void }): string {
  const dir = mkdtempSync(join(tmpdir(), "clew-damage-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A log of three records in one segment, and the offsets at which they end. */
async function smallLog(dir: string): Promise<number[]> {
  const log = await DurableLog.open({ dir, sync: false });
  const ends: number[] = [];
  for (const body of BODIES) {
    await log.append("traces", Buffer.from(body));
    ends.push(log.committed.load().offset);
  }
  await log.close();
  return ends;
}

async function read(
  dir: string,
  to = { segment: 2 ** 31, offset: 0 },
): Promise<{ bodies: string[]; damage: LogDamage[] }> {
  const reader = new LogReader({ dir });
  const bodies: string[] = [];
  const damage: LogDamage[] = [];
  for await (const batch of reader.read({ segment: 0, offset: 0 }, to)) {
    bodies.push(...batch.records.map((record) => String(record.body)));
    damage.push(...batch.damage);
  }
  await reader.close();
  return { bodies, damage };
}

test("a tail torn at any byte is cut, and the log goes on behind the last whole record", async (t) => {
  const dir = temporaryDir(t);
  const ends = await smallLog(join(dir, "whole"));
  const bytes = readFileSync(segmentPath(join(dir, "whole"), 1));
  for (let length = 0; length <= bytes.length; length++) {
    for (const tail of ["", "garbage behind a torn tail, longer than a record's header"]) {
      const torn = join(dir, `${length}-${tail.length}`);
      mkdirSync(torn);
      writeFileSync(segmentPath(torn, 1), Buffer.concat([bytes.subarray(0, length), Buffer.from(tail)]));
      const log = await DurableLog.open({ dir: torn, sync: false });
      const whole = ends.filter((end) => end <= length).length;
      // A file without a readable header is set aside as a whole. The header's last 12 bytes are filler.
      assert.deepEqual(
        log.damage.map((each) => each.reason),
        length < 20 && tail !== "" ? ["bad segment"] : [],
      );
      await log.append("traces", Buffer.from("new"));
      const { bodies, damage } = await read(torn, log.committed.load());
      assert.deepEqual(bodies, [...BODIES.slice(0, whole), "new"], `cut at ${length}`);
      assert.deepEqual(damage, []);
      await log.close();
      rmSync(torn, { recursive: true });
    }
  }
});

test("a wrong byte anywhere in an older segment costs that record, is reported, and stops nobody", async (t) => {
  const dir = temporaryDir(t);
  await smallLog(join(dir, "whole"));
  const bytes = readFileSync(segmentPath(join(dir, "whole"), 1));
  const broken = join(dir, "broken");
  mkdirSync(broken);
  const next = await DurableLog.open({ dir: broken, sync: false, after: { segment: 1, offset: 0 } });
  await next.append("logs", Buffer.from("later"));
  await next.close();
  for (let at = 0; at < bytes.length; at++) {
    const copy = Buffer.from(bytes);
    copy[at] = copy[at]! ^ 0x41;
    writeFileSync(segmentPath(broken, 1), copy);
    const log = await DurableLog.open({ dir: broken, sync: false });
    const { bodies, damage } = await read(broken, log.committed.load());
    assert.equal(bodies.at(-1), "later");
    // The header's last 12 bytes are filler.
    if (at >= 20 && at < 32) {
      assert.deepEqual(bodies.slice(0, -1), BODIES);
    } else {
      assert.equal(damage.length, 1, `byte ${at}`);
      assert.equal(damage[0]!.position.segment, 1);
      const lost = at < 32 ? BODIES : BODIES.filter((body) => !bodies.includes(body));
      assert.equal(lost.length, at < 32 ? 3 : 1, `byte ${at}`);
    }
    await log.close();
  }
});

test("damage inside the last segment is reported when the log is opened, and what follows it is kept", async (t) => {
  const dir = temporaryDir(t);
  const ends = await smallLog(dir);
  const path = segmentPath(dir, 1);
  const bytes = readFileSync(path);
  bytes[ends[0]! + 30]! ^= 1;
  writeFileSync(path, bytes);
  const log = await DurableLog.open({ dir, sync: false });
  assert.deepEqual(log.damage, [
    { position: { segment: 1, offset: ends[0] }, bytes: ends[1]! - ends[0]!, reason: "bad record" },
  ]);
  assert.deepEqual((await read(dir, log.committed.load())).bodies, [BODIES[0], BODIES[2]]);
  await log.close();
});

test("damage longer than the reader's buffer is skipped as one piece", async (t) => {
  const dir = temporaryDir(t);
  const log = await DurableLog.open({ dir, sync: false });
  const first = await log.append("traces", Buffer.alloc(5_000, "a"));
  await log.append("traces", Buffer.alloc(5_000, "Rec0"));
  const last = await log.append("traces", Buffer.from("last"));
  const path = segmentPath(dir, 1);
  const bytes = readFileSync(path);
  bytes.fill(0, first.offset, first.offset + 24);
  bytes.fill("Rec0", first.offset + 5_000, first.offset + 5_060);
  writeFileSync(path, bytes);
  const reader = new LogReader({ dir, batchBytes: 300 });
  const damage: LogDamage[] = [];
  const bodies: string[] = [];
  for await (const batch of reader.read(first, log.committed.load())) {
    damage.push(...batch.damage);
    bodies.push(...batch.records.map((record) => String(record.body)));
  }
  await reader.close();
  assert.deepEqual(damage, [{ position: first, bytes: last.offset - first.offset, reason: "bad record" }]);
  assert.deepEqual(bodies, ["last"]);
  await log.close();
});

test("a body that looks like a record is never taken for one", async (t) => {
  const dir = temporaryDir(t);
  await smallLog(join(dir, "other"));
  const forged = readFileSync(segmentPath(join(dir, "other"), 1)).subarray(32);
  const log = await DurableLog.open({ dir: join(dir, "log"), sync: false });
  const position = await log.append("traces", forged);
  const end = log.committed.load();
  await log.close();
  const path = segmentPath(join(dir, "log"), 1);
  const bytes = readFileSync(path);
  bytes[position.offset + 4]! ^= 1;
  writeFileSync(path, bytes);
  const { bodies, damage } = await read(join(dir, "log"), end);
  assert.deepEqual(bodies, []);
  assert.equal(damage.length, 1);
});

test("a segment that is gone or belongs to another place is reported", async (t) => {
  const dir = temporaryDir(t);
  const log = await DurableLog.open({ dir, sync: false, segmentBytes: 60 });
  const positions = [];
  for (const body of ["a", "b", "c", "d"]) positions.push(await log.append("traces", Buffer.from(body)));
  const end = log.committed.load();
  await log.close();
  copyFileSync(segmentPath(dir, 1), segmentPath(dir, 2));
  rmSync(segmentPath(dir, 1));
  const reader = new LogReader({ dir });
  const damage: LogDamage[] = [];
  const bodies: string[] = [];
  for await (const batch of reader.read(positions[0]!, end)) {
    damage.push(...batch.damage);
    bodies.push(...batch.records.map((record) => String(record.body)));
  }
  await reader.close();
  assert.deepEqual(
    damage.map((each) => each.reason),
    ["missing segment", "bad segment"],
  );
  assert.deepEqual(bodies, ["c", "d"]);
});
