import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { Places } from "./places.ts";

const NEVER = new AbortController().signal;

test("who comes when all places are taken waits for the first that is given back", async () => {
  const places = new Places(1);
  const giveBack = await places.take(NEVER);
  const order: number[] = [];
  const second = places.take(NEVER).then((back) => {
    order.push(2);
    return back;
  });
  const third = places.take(NEVER).then(() => order.push(3));
  await setImmediate();
  assert.deepEqual(order, []);
  giveBack();
  giveBack();
  await setImmediate();
  assert.deepEqual(order, [2]);
  (await second)();
  await third;
  assert.deepEqual(order, [2, 3]);
});

test("who no longer waits gets no place", async () => {
  const places = new Places(1);
  const giveBack = await places.take(NEVER);
  const leaving = new AbortController();
  const left = places.take(leaving.signal);
  leaving.abort(new Error("enough"));
  await assert.rejects(left, /enough/);
  await assert.rejects(places.take(leaving.signal), /enough/);
  giveBack();
  await places.take(NEVER);
});
