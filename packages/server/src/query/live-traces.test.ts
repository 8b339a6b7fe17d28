import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { TraceUpdate } from "@clew/protocol/api/live";
import { openEmbedded } from "../store/clickhouse-store.ts";
import { LiveTraces } from "./live-traces.ts";
import { insertSpans, spanIdOf, traceIdOf } from "./testing/insert-spans.ts";
import { openTestStore, type TestStore } from "./testing/test-store.ts";
import type { TraceConditions } from "./trace-conditions.ts";

const T0 = 1_790_000_000_000_000_000n;

let opened: TestStore;

before(async () => {
  opened = await openTestStore(openEmbedded);
});

after(() => opened.close());

async function store(live: LiveTraces, ...names: string[]): Promise<void> {
  await insertSpans(
    opened.store,
    names.map((name) => ({
      trace_id: traceIdOf(name),
      span_id: spanIdOf(name),
      start_ns: T0,
      name,
      service_name: name,
    })),
  );
  live.changed(Buffer.concat(names.map((name) => Buffer.from(traceIdOf(name), "hex"))));
}

function watch(live: LiveTraces, conditions: TraceConditions = {}, after?: string) {
  const stop = new AbortController();
  const updates = live.updates(conditions, stop.signal, after);
  return { stop: () => stop.abort(), next: () => updates.next() };
}

function namesOf(result: IteratorResult<TraceUpdate, void>): string[] {
  assert.ok(!result.done);
  return result.value.items.map((item) => item.rootName).sort();
}

test("who watches is told which traces changed, with their newest state", async () => {
  const live = new LiveTraces(opened.store);
  const all = watch(live);
  const some = watch(live, { services: ["b"] });
  const first = all.next();
  const filtered = some.next();
  await store(live, "a", "b");
  assert.deepEqual(namesOf(await first), ["a", "b"]);
  assert.deepEqual(namesOf(await filtered), ["b"]);
  const second = all.next();
  await store(live, "a");
  const update = await second;
  assert.deepEqual(namesOf(update), ["a"]);
  assert.equal(update.value?.items[0]?.spanCount, 2);
  all.stop();
  some.stop();
  assert.equal((await all.next()).done, true);
  assert.equal((await some.next()).done, true);
});

test("a reader that is slow gets the latest state of each trace once", async () => {
  const live = new LiveTraces(opened.store, { intervalMs: 0 });
  const slow = watch(live);
  const quick = watch(live);
  const first = slow.next();
  for (let round = 0; round < 3; round += 1) {
    const seen = quick.next();
    await store(live, `slow ${round}`, "every round");
    await seen;
    if (round === 0) await first;
  }
  const caughtUp = await slow.next();
  assert.deepEqual(namesOf(caughtUp), ["every round", "slow 1", "slow 2"]);
  slow.stop();
  quick.stop();
  await Promise.all([slow.next(), quick.next()]);
});

test("of too many changes at once the last ones are shown, and the number of the others is told", async () => {
  const live = new LiveTraces(opened.store);
  const all = watch(live);
  const update = all.next();
  await store(live, ...Array.from({ length: 250 }, (_, index) => `many ${index}`));
  const { value } = await update;
  assert.equal(value?.items.length, 200);
  assert.equal(value?.skipped, 50);
  assert.ok(value?.items.some((item) => item.rootName === "many 249"));
  all.stop();
  await all.next();
});

test("a failure to look is told, and the traces are looked at again", async () => {
  const errors: unknown[] = [];
  let failures = 1;
  const flaky = new Proxy(opened.store, {
    get(target, name) {
      if (name === "query" && failures > 0) {
        failures -= 1;
        return () => Promise.reject(new Error("restarting"));
      }
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const live = new LiveTraces(flaky, { intervalMs: 0, onError: (error) => errors.push(error) });
  const all = watch(live);
  const update = all.next();
  await store(live, "in the end");
  assert.deepEqual(namesOf(await update), ["in the end"]);
  assert.equal(errors.length, 1);
  all.stop();
  await all.next();
});

test("who comes back is told what changed since the update that it names, once", async () => {
  const live = new LiveTraces(opened.store, { intervalMs: 0 });
  const before = watch(live);
  const first = before.next();
  await store(live, "back 1");
  const { value } = await first;
  before.stop();
  await before.next();
  await store(live, "back 2", "back 3");
  const again = watch(live, {}, value?.id);
  const update = await again.next();
  assert.deepEqual(namesOf(update), ["back 2", "back 3"]);
  assert.equal(update.value?.missed, undefined);
  const next = again.next();
  await store(live, "back 4");
  assert.deepEqual(namesOf(await next), ["back 4"]);
  again.stop();
  await again.next();
});

test("who comes back to another server, or too late, is told that something was missed", async () => {
  const live = new LiveTraces(opened.store, { intervalMs: 0, rememberMs: 0 });
  const first = watch(live);
  const told = first.next();
  await store(live, "late 1");
  const { value } = await told;
  first.stop();
  await first.next();
  for (const id of [value?.id, "0badcafe-1", "nonsense"]) {
    const again = watch(live, {}, id);
    const update = await again.next();
    assert.deepEqual(namesOf(update), []);
    assert.equal(update.value?.missed, true);
    again.stop();
    await again.next();
  }
});

test("who watches for the first time is not told what changed before", async () => {
  const live = new LiveTraces(opened.store, { intervalMs: 0 });
  const first = watch(live);
  const told = first.next();
  await store(live, "before 1");
  await told;
  first.stop();
  await first.next();
  await store(live, "before 2");
  const fresh = watch(live);
  const update = fresh.next();
  await store(live, "after");
  assert.deepEqual(namesOf(await update), ["after"]);
  fresh.stop();
  await fresh.next();
});
