import assert from "node:assert/strict";
import { test } from "node:test";
import { BodyPool } from "./body-pool.ts";

/** A body of `bytes` times `letter`, in two pieces. */
function body(pool: BodyPool, letter: string, bytes: number): Buffer {
  const pieces = [Buffer.alloc(Math.ceil(bytes / 2), letter), Buffer.alloc(Math.floor(bytes / 2), letter)];
  return pool.join(pieces, bytes);
}

test("bodies keep their bytes until they are given back, in whatever order that happens", () => {
  const pool = new BodyPool();
  const held: { bytes: Buffer; copy: string }[] = [];
  for (let i = 0; i < 2_000; i++) {
    const bytes = body(pool, String.fromCharCode(97 + (i % 26)), (i * 7_919) % 200_000);
    held.push({ bytes, copy: String(bytes) });
    if (held.length < 40) continue;
    const [done] = held.splice((i * 31) % held.length, 1);
    assert.equal(String(done!.bytes), done!.copy);
    pool.giveBack(done!.bytes);
  }
  for (const { bytes, copy } of held) assert.equal(String(bytes), copy);
});

test("memory that was given back is used again", () => {
  const pool = new BodyPool();
  const buffers = new Set<ArrayBufferLike>();
  for (let i = 0; i < 200; i++) {
    const bytes = body(pool, "x", 100_000);
    buffers.add(bytes.buffer);
    pool.giveBack(bytes.subarray(5));
  }
  assert.ok(buffers.size <= 2);
});

test("a large body, and memory of others, has nothing to do with the pool", () => {
  const pool = new BodyPool();
  const small = body(pool, "s", 1_000);
  const large = body(pool, "l", 300_000);
  assert.notEqual(large.buffer, small.buffer);
  pool.giveBack(large);
  pool.giveBack(Buffer.from("other"));
  assert.equal(String(small), "s".repeat(1_000));
});
