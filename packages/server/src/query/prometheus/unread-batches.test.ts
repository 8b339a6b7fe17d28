import assert from "node:assert/strict";
import { test } from "node:test";
import { UnreadBatches } from "./unread-batches.ts";

function stored(batchId: number, spans: number, day = 20_000) {
  return { batchId: BigInt(batchId), day, spans, logs: 0, metricPoints: 0 };
}

test("small batches become one range, which is taken once", () => {
  const unread = new UnreadBatches();
  unread.stored(stored(7, 10, 20_001));
  unread.stored(stored(8, 20, 20_000));
  assert.equal(unread.spans, 30);
  assert.deepEqual(unread.take(), { after: 6n, through: 8n, spans: 30, fromDay: 20_000 });
  assert.equal(unread.take(), undefined);
  unread.stored(stored(9, 1));
  assert.deepEqual(unread.take(), { after: 8n, through: 9n, spans: 1, fromDay: 20_000 });
});

test("large batches become ranges of a quarter of a million spans, the oldest first", () => {
  const unread = new UnreadBatches();
  for (let batch = 1; batch <= 4; batch++) unread.stored(stored(batch, 150_000));
  const first = unread.take();
  assert.deepEqual([first?.after, first?.through, first?.spans], [0n, 2n, 300_000]);
  unread.giveBack(first!);
  assert.equal(unread.take(), first);
  assert.deepEqual(unread.take(), { after: 2n, through: 4n, spans: 300_000, fromDay: 20_000 });
});

test("of many spans the oldest are skipped", () => {
  const unread = new UnreadBatches();
  for (let batch = 1; batch <= 1000; batch++) unread.stored(stored(batch, 125_000));
  assert.equal(unread.spans, 10_000_000);
  assert.equal(unread.skippedSpans, 115_000_000);
  assert.equal(unread.take()?.after, 920n);
});
