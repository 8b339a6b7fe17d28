import assert from "node:assert/strict";
import { test } from "node:test";
import { observeIterator } from "./observe-iterator.ts";

async function* numbers(failAt = 99) {
  for (let number = 1; number <= 3; number++) {
    if (number === failAt) throw new Error("broken");
    yield number;
  }
}

function recorder() {
  const told: unknown[] = [];
  const observer = {
    item: (value: unknown) => told.push(value),
    done: () => told.push("done"),
    failed: (error: unknown) => told.push(String(error)),
    abandoned: () => told.push("abandoned"),
  };
  return { told, observer };
}

test("a reader gets the same iterator and every item, and the end is told once", async () => {
  const { told, observer } = recorder();
  const iterator = numbers();
  const prototype = Object.getPrototypeOf(iterator);
  assert.equal(observeIterator(iterator, observer), iterator);
  assert.equal(Object.getPrototypeOf(iterator), prototype);
  assert.deepEqual(Object.keys(iterator), []);
  const read: number[] = [];
  for await (const number of iterator) read.push(number);
  await iterator.next();
  await iterator.return(undefined);
  assert.deepEqual(read, [1, 2, 3]);
  assert.deepEqual(told, [1, 2, 3, "done"]);
});

test("a reader that leaves abandons it", async () => {
  const { told, observer } = recorder();
  for await (const number of observeIterator(numbers(), observer)) if (number === 2) break;
  assert.deepEqual(told, [1, 2, "abandoned"]);
});

test("an error reaches the reader and is told", async () => {
  const { told, observer } = recorder();
  await assert.rejects(async () => {
    for await (const _ of observeIterator(numbers(2), observer));
  }, /broken/);
  assert.deepEqual(told, [1, "Error: broken"]);
});

test("what the observer throws does not reach the reader", async () => {
  const fail = () => {
    throw new Error("ours");
  };
  const observer = { item: fail, done: fail, failed: fail, abandoned: fail };
  const read: number[] = [];
  for await (const number of observeIterator(numbers(), observer)) read.push(number);
  assert.deepEqual(read, [1, 2, 3]);
});

test("a synchronous iterator is observed too", () => {
  const { told, observer } = recorder();
  assert.deepEqual([...observeIterator([7, 8].values(), observer)], [7, 8]);
  assert.deepEqual(told, [7, 8, "done"]);
});
