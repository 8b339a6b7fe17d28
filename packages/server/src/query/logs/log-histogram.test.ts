import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { severityLevel } from "@clew/protocol/log-query/severity";
import { openEmbedded } from "../../store/clickhouse-store.ts";
import type { Store } from "../../store/store.ts";
import { QueryTimeout } from "../../store/store-errors.ts";
import { ingest } from "../testing/ingest.ts";
import { traceIdOf } from "../testing/insert-spans.ts";
import { openTestStore, type TestStore } from "../testing/test-store.ts";
import { InvalidQuery } from "../traceql/invalid-query.ts";
import { type LogHistogramRequest, logHistogram } from "./log-histogram.ts";
import { logAt, logsDataOf, momentOf, type PlainLog } from "./testing/plain-log.ts";

const MS = 1_000_000n;
const SECOND = 1000n * MS;
const T0 = 1_790_000_040n * SECOND;
const HOUR = { fromNs: T0, toNs: T0 + 3600n * SECOND };
const TRACE = traceIdOf("counted");
/** One every seven seconds for more than an hour, of all severities and of none. */
const SENT: readonly PlainLog[] = Array.from({ length: 600 }, (_, at) => {
  const time = T0 - 100n * SECOND + BigInt(at) * 7n * SECOND;
  return logAt(at % 10 === 0 ? 0n : time, {
    observed: time,
    severityNumber: (at * 5) % 26,
    body: { stringValue: `record ${at}` },
    ...(at % 50 === 0 && { traceId: TRACE }),
  });
});

let opened: TestStore;

before(async () => {
  opened = await openTestStore(openEmbedded);
  await ingest(opened.store, "logs", logsDataOf(SENT));
});

after(() => opened?.close());

function count(request: Partial<LogHistogramRequest> = {}, store: Store = opened.store) {
  return logHistogram(store, { ...HOUR, ...request });
}

test("every record counts in the step and at the severity that it has", async () => {
  const { timesMs, stepMs, counts, partial } = await count();
  assert.equal(partial, undefined);
  assert.equal(stepMs, 60_000);
  assert.deepEqual([timesMs[0], timesMs.length], [Number(T0 / MS), 60]);
  assert.deepEqual(
    counts.map(({ severity }) => severity),
    ["unset", "trace", "debug", "info", "warn", "error", "fatal"],
  );
  const naive = counts.map(() => timesMs.map(() => 0));
  for (const log of SENT) {
    const at = momentOf(log);
    if (at < HOUR.fromNs || at >= HOUR.toNs) continue;
    naive[severityLevel(log.severityNumber)]![Number((at - HOUR.fromNs) / (60n * SECOND))]! += 1;
  }
  assert.deepEqual(
    counts.map((one) => one.counts),
    naive,
  );
});

test("a filter, words, a trace and a service narrow what is counted", async () => {
  const total = async (request: Partial<LogHistogramRequest>): Promise<number> =>
    (await count({ fromNs: 0n, ...request })).counts.flatMap((one) => one.counts).reduce((a, b) => a + b, 0);
  const sent = (holds: (log: PlainLog) => boolean): number =>
    SENT.filter((log) => momentOf(log) < HOUR.toNs && holds(log)).length;
  assert.equal(
    await total({}),
    sent(() => true),
  );
  assert.equal(
    await total({ query: "{ severity >= error }" }),
    sent(({ severityNumber }) => severityNumber >= 17),
  );
  assert.equal(
    await total({ words: ["record", "10"] }),
    sent(({ body }) => body?.stringValue?.includes("10") === true),
  );
  assert.equal(
    await total({ trace: TRACE }),
    sent(({ traceId }) => traceId !== ""),
  );
  assert.equal(await total({ services: ["another"] }), 0);
});

test("steps are round, some sixty of them, and begin at a multiple of one", async () => {
  const steps = async (length: bigint) => {
    const { stepMs, timesMs } = await count({ fromNs: T0 + 1n, toNs: T0 + length });
    assert.equal(timesMs[0]! % stepMs, 0);
    assert.ok(timesMs.length <= 62, `${timesMs.length}`);
    return stepMs;
  };
  assert.deepEqual(
    await Promise.all([2n, 50n * MS, 7n * SECOND, 900n * SECOND].map(steps)),
    [1, 1, 200, 15_000],
  );
  const { stepMs, timesMs } = await count({ fromNs: 0n });
  assert.equal(stepMs % 86_400_000, 0);
  assert.ok(timesMs.length <= 62);
});

test("when the time is up the newest are counted, and since when is told", async () => {
  let asked = 0;
  const slow = new Proxy(opened.store, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (name !== "query") return typeof value === "function" ? value.bind(target) : value;
      return async (sql: string, options: unknown) => {
        if (sql.includes("AS step_index") && ++asked === 1) throw new QueryTimeout("the first");
        return value.call(target, sql, options);
      };
    },
  });
  const counted = await count({}, slow);
  assert.deepEqual(counted.partial, { reason: "time", fromMs: Number(HOUR.toNs / MS) });
  assert.deepEqual(counted.counts, []);
  assert.equal((await count({ maxBytes: 1 })).partial?.reason, "size");
});

test("a filter that cannot be read is refused with its place", async () => {
  await assert.rejects(count({ query: "{ severty = warn }" }), InvalidQuery);
});
