import assert from "node:assert/strict";
import { test } from "node:test";
import { RequestQueue } from "./request-queue.ts";

const never = new AbortController().signal;

test("no more than so many run at once, in the order they came", async () => {
  const queue = new RequestQueue(2);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const all = [0, 1, 2, 3].map((index) =>
    queue.run(never, () => {
      begun.push(index);
      return new Promise<number>((resolve) => ends.push(() => resolve(index)));
    }),
  );
  await Promise.resolve();
  assert.deepEqual(begun, [0, 1]);
  ends[1]!();
  assert.equal(await all[1], 1);
  assert.deepEqual(begun, [0, 1, 2]);
  ends[0]!();
  await all[0];
  for (const end of ends) end();
  await all[2];
  for (const end of ends) end();
  assert.deepEqual(await Promise.all(all), [0, 1, 2, 3]);
});

test("what is no longer wanted never begins, and what fails makes room", async () => {
  const queue = new RequestQueue(1);
  const left = new AbortController();
  let fail = (_: Error): void => {};
  const first = queue.run(never, () => new Promise((_, reject) => (fail = reject)));
  const second = queue.run(left.signal, () => assert.fail("it began"));
  const third = queue.run(never, () => Promise.resolve("third"));
  left.abort(new Error("left"));
  await assert.rejects(second, /left/);
  fail(new Error("failed"));
  await assert.rejects(first, /failed/);
  assert.equal(await third, "third");
  await assert.rejects(
    queue.run(left.signal, () => assert.fail("it began")),
    /left/,
  );
});
