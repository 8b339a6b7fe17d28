import assert from "node:assert/strict";
import { test } from "node:test";
import type { RequestSide } from "./request-sides.ts";
import { WaitingSides } from "./waiting-sides.ts";

function side(requestId: number, service: string, more: Partial<RequestSide> = {}): RequestSide {
  return {
    requestId,
    ...{ isCaller: false, isMessage: false, isFailed: false, isRoot: false, isToDatabase: false },
    ...{ durationNs: 1, endedMs: 1, ids: "", service, other: "" },
    ...more,
  };
}

/** What comes of sides that are added at these seconds. */
function collected(most?: number) {
  const requests: string[] = [];
  const waiting = new WaitingSides(
    ({ client, server, connection }) => requests.push(`${client} ${server} ${connection}`.trimEnd()),
    most,
  );
  return { requests, waiting };
}

test("of a call the first answer counts, of a message each", () => {
  const { requests, waiting } = collected();
  waiting.add(side(1, "a", { isCaller: true, other: "x" }), 0);
  waiting.add(side(1, "b"), 0);
  waiting.add(side(1, "c"), 0);
  waiting.add(side(2, "d"), 0);
  waiting.add(side(2, "a", { isCaller: true, isMessage: true, other: "queue" }), 0);
  waiting.add(side(2, "e"), 9_000);
  for (const service of ["f", "g"]) waiting.add(side(3, service), 0);
  waiting.add(side(3, "a", { isCaller: true, other: "x" }), 0);
  waiting.expire(60_000);
  assert.deepEqual(requests, ["a b", "a d messaging_system", "a e messaging_system", "a f"]);
});

test("of more sides than may wait the oldest are given up", () => {
  const { requests, waiting } = collected(2);
  for (const id of [1, 2, 3]) waiting.add(side(id, "a", { isCaller: true, other: `x${id}` }), 0);
  assert.deepEqual(requests, ["a x1 virtual_node"]);
  for (const id of [4, 4, 5]) waiting.add(side(id, "b"), 0);
  for (const id of [4, 5]) waiting.add(side(id, "a", { isCaller: true }), 0);
  // The two that came for one request went together.
  assert.deepEqual(
    requests.slice(1).filter((request) => !request.includes("virtual")),
    ["a b"],
  );
});

test("a hundred thousand answers to one call that never comes take no time", () => {
  const { requests, waiting } = collected();
  const answer = side(1, "b");
  for (let count = 0; count < 150_000; count++) waiting.add(answer, 0);
  waiting.expire(10_000);
  assert.deepEqual(requests, []);
});

/** Whatever the times between looks, every call is counted once: as a pair, or as one to whom it named. */
test("every request is counted once, whichever side comes first and however late the other one", () => {
  let seed = 42;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  const calls = Array.from({ length: 400 }, (_, id) => {
    const callerS = random(200);
    return { id, callerS, calledS: Math.max(0, callerS + random(61) - 30) };
  });
  const { requests, waiting } = collected();
  let lookedS = -1;
  while (lookedS < 400) {
    const nowS = lookedS + 1 + random(12);
    for (const { id, callerS, calledS } of calls) {
      const isNew = (second: number) => second > lookedS && second <= nowS;
      const caller = side(id, `caller ${id}`, { isCaller: true, other: "peer" });
      if (isNew(calledS) && id % 2 === 0) waiting.add(side(id, "called"), nowS * 1000);
      if (isNew(callerS)) waiting.add(caller, nowS * 1000);
      if (isNew(calledS) && id % 2 === 1) waiting.add(side(id, "called"), nowS * 1000);
    }
    waiting.expire(nowS * 1000);
    lookedS = nowS;
  }
  assert.deepEqual(
    requests.map((request) => Number(request.split(" ")[1])).sort((a, b) => a - b),
    [...calls.keys()],
  );
  for (const request of requests) {
    const { callerS, calledS } = calls[Number(request.split(" ")[1])]!;
    const apartS = Math.abs(callerS - calledS);
    // Sides wait ten seconds, and until somebody looks: no more than twice twelve seconds later.
    if (apartS < 10 - 12 + 1) assert.match(request, /called$/);
    if (apartS > 10 + 24) assert.match(request, /peer virtual_node$/);
  }
  assert.ok(requests.filter((request) => request.endsWith("called")).length > 100);
  assert.ok(requests.filter((request) => request.endsWith("peer virtual_node")).length > 20);
});
