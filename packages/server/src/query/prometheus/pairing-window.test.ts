import assert from "node:assert/strict";
import { test } from "node:test";
import { PairingWindow, type Window } from "./pairing-window.ts";
import type { BatchRange } from "./unread-batches.ts";

const DAY = 20_000;

function range(after: number, through: number, spans = 10): BatchRange {
  return { after: BigInt(after), through: BigInt(through), spans, fromDay: DAY };
}

function plain(window: Window | undefined): number[] | undefined {
  if (window === undefined) return undefined;
  const { pairedAfter, waitingAfter, judgedThrough, after, through } = window;
  return [pairedAfter, waitingAfter, judgedThrough, after, through].map(Number);
}

/** Looks into the window at this second. */
function look(windows: PairingWindow, read: BatchRange | undefined, second: number): number[] | undefined {
  const window = windows.next(read, second * 1000);
  if (window !== undefined) windows.done(read, window, second * 1000);
  return plain(window);
}

test("what is read waits ten seconds and is then judged once", () => {
  const windows = new PairingWindow();
  assert.equal(look(windows, undefined, 0), undefined);
  assert.deepEqual(look(windows, range(4, 6), 0), [4, 4, 4, 4, 6]);
  assert.deepEqual(look(windows, range(6, 9), 5), [4, 4, 4, 6, 9]);
  assert.equal(look(windows, undefined, 9), undefined);
  assert.deepEqual(look(windows, undefined, 10), [4, 4, 6, 9, 9]);
  assert.equal(look(windows, undefined, 11), undefined);
  assert.deepEqual(look(windows, range(9, 12), 15), [4, 6, 9, 9, 12]);
  assert.deepEqual(look(windows, undefined, 30), [6, 9, 12, 12, 12]);
  assert.equal(look(windows, undefined, 60), undefined);
});

test("more than a million waiting spans do not wait their time", () => {
  const windows = new PairingWindow();
  look(windows, range(0, 1, 600_000), 0);
  assert.deepEqual(look(windows, range(1, 2, 600_000), 0), [0, 0, 1, 1, 2]);
  assert.deepEqual(look(windows, range(2, 3, 600_000), 0), [0, 1, 2, 2, 3]);
});

/**
 * Requests with two sides in random batches: whatever the times between looks, each is either counted once as a pair,
 * or its calling side once as alone.
 */
test("every request is counted once, whichever side comes first and however late the other one", () => {
  let seed = 42;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  const requests = Array.from({ length: 400 }, () => {
    const client = 1 + random(200);
    return { client, server: Math.max(1, client + random(61) - 30), pairs: 0, alone: 0 };
  });
  const windows = new PairingWindow();
  let second = 0;
  for (let through = 0; through < 320; ) {
    const after = through;
    if (random(4) > 0) through += 1 + random(5);
    second += random(8);
    const window = windows.next(through > after ? range(after, through) : undefined, second * 1000);
    if (window === undefined) continue;
    const [pairedAfter, waitingAfter, judgedThrough, from, to] = plain(window)!;
    for (const request of requests) {
      const { client, server } = request;
      const later = Math.max(client, server);
      if (later > from! && later <= to! && Math.min(client, server) > waitingAfter!) request.pairs += 1;
      const isJudged = client > waitingAfter! && client <= judgedThrough!;
      const isAnswered = server > pairedAfter! && server <= to!;
      if (isJudged && !isAnswered) request.alone += 1;
    }
    windows.done(through > after ? range(after, through) : undefined, window, second * 1000);
  }
  const outcomes = requests.map(({ pairs, alone }) => `${pairs} ${alone}`);
  assert.ok(outcomes.filter((outcome) => outcome === "1 0").length > 100);
  assert.ok(outcomes.filter((outcome) => outcome === "0 1").length > 10);
  // A calling side that comes much too late finds a server side that was given up, and may be one of nothing.
  const others = requests.filter(({ pairs, alone }) => pairs + alone !== 1);
  for (const { pairs, alone, client, server } of others) {
    assert.equal(pairs + alone, 0);
    assert.ok(client > server);
  }
});
