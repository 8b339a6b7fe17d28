import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Metric, MetricsData } from "@clew/protocol/otlp/model";
import { openEmbedded } from "../../store/clickhouse-store.ts";
import { ingest } from "../testing/ingest.ts";
import { openTestStore, type TestStore } from "../testing/test-store.ts";
import { metricNames } from "./metric-names.ts";
import { type StoredMetricRequest, storedMetric } from "./stored-metric.ts";

const SECOND = 1_000_000_000n;
const MINUTE = 60n * SECOND;
/** A whole hour, so that steps of a minute begin with it. */
const T0 = 1_789_999_200n * SECOND;
const HOUR = { fromNs: T0, toNs: T0 + 60n * MINUTE };
const DELTA = 1;
const CUMULATIVE = 2;

let opened: TestStore;

function at(minute: number): { timeUnixNano: string; startTimeUnixNano: string } {
  return { timeUnixNano: String(T0 + BigInt(minute * 60) * SECOND), startTimeUnixNano: String(T0) };
}

function sent(service: string, metrics: readonly Metric[]): MetricsData {
  const resource = { attributes: [{ key: "service.name", value: { stringValue: service } }] };
  return {
    resourceMetrics: [{ resource, scopeMetrics: [{ scope: { name: "test" }, metrics: [...metrics] }] }],
  };
}

const route = (value: string) => [{ key: "route", value: { stringValue: value } }];

before(async () => {
  opened = await openTestStore(openEmbedded);
  const gauge = (values: readonly number[]): Metric => ({
    name: "memory",
    unit: "By",
    description: "Resident",
    gauge: { dataPoints: values.map((value, minute) => ({ ...at(minute + 1), asInt: String(value) })) },
  });
  await ingest(
    opened.store,
    "metrics",
    sent("a", [
      gauge([10, 20, 30]),
      {
        name: "requests",
        unit: "1",
        sum: {
          aggregationTemporality: CUMULATIVE,
          isMonotonic: true,
          dataPoints: [
            ...[6, 12, 24].map((total, minute) => ({
              ...at(minute + 1),
              asInt: String(total),
              attributes: route("/a"),
            })),
            // Counts from anew after a restart.
            { ...at(4), startTimeUnixNano: String(T0 + 200n * SECOND), asInt: "3", attributes: route("/a") },
            // Was counted since long before.
            ...[100, 160].map((total, minute) => ({
              ...at(minute + 1),
              startTimeUnixNano: "1",
              asDouble: total,
              attributes: route("/b"),
            })),
          ],
        },
      },
      {
        name: "jobs",
        unit: "1",
        sum: {
          aggregationTemporality: DELTA,
          isMonotonic: true,
          dataPoints: [1, 1.5, 2].map((minute) => ({ ...at(minute), asDouble: 30 })),
        },
      },
      {
        name: "open",
        unit: "1",
        sum: {
          aggregationTemporality: CUMULATIVE,
          isMonotonic: false,
          dataPoints: [5, 2].map((value, minute) => ({ ...at(minute + 1), asInt: String(value) })),
        },
      },
      {
        name: "latency",
        unit: "s",
        histogram: {
          aggregationTemporality: CUMULATIVE,
          dataPoints: [
            { ...at(1), count: "10", sum: 5, explicitBounds: [1, 2], bucketCounts: ["10", "0", "0"] },
            { ...at(2), count: "20", sum: 20, explicitBounds: [1, 2], bucketCounts: ["10", "10", "0"] },
          ],
        },
      },
      {
        name: "size",
        unit: "By",
        exponentialHistogram: {
          aggregationTemporality: DELTA,
          dataPoints: [
            {
              ...at(1),
              count: "4",
              sum: 24,
              scale: 0,
              zeroCount: "0",
              positive: { offset: 2, bucketCounts: ["4"] },
            },
          ],
        },
      },
      {
        name: "age",
        unit: "s",
        summary: {
          dataPoints: [
            {
              ...at(1),
              count: "3",
              sum: 6,
              quantileValues: [
                { quantile: 0.5, value: 2 },
                { quantile: 0.9, value: 3 },
              ],
            },
          ],
        },
      },
      { name: "requests", unit: "By", gauge: { dataPoints: [{ ...at(1), asInt: "1" }] } },
    ]),
  );
  await ingest(opened.store, "metrics", sent("b", [gauge([30, 40])]));
});

after(() => opened?.close());

/** The values of each line by its labels; those of the minutes from the first on. */
async function lines(request: Partial<StoredMetricRequest> & { readonly name: string }, minutes = 4) {
  const { series, shows, timesMs } = await storedMetric(opened.store, { ...HOUR, ...request });
  const first = timesMs.indexOf(Number((T0 + MINUTE) / 1_000_000n));
  return {
    shows,
    values: Object.fromEntries(
      series.map(({ labels, values }) => [
        labels.map(({ value }) => value?.stringValue ?? value?.doubleValue ?? "nil").join(" "),
        values.slice(first, first + minutes),
      ]),
    ),
  };
}

test("metrics are named with kind, unit and when they were told last", async () => {
  const { items, isCut } = await metricNames(opened.store, HOUR);
  assert.deepEqual(
    items.map(({ name, kind, unit, pointCount }) => [name, kind, unit, pointCount]),
    [
      ["age", "summary", "s", 1],
      ["jobs", "sum", "1", 3],
      ["latency", "histogram", "s", 2],
      ["memory", "gauge", "By", 5],
      ["open", "sum", "1", 2],
      ["requests", "gauge", "By", 1],
      ["requests", "sum", "1", 6],
      ["size", "exponential_histogram", "By", 1],
    ],
  );
  assert.equal(items[3]?.lastMs, Number((T0 + 3n * MINUTE) / 1_000_000n));
  assert.equal(isCut, false);
  const named = await metricNames(opened.store, { ...HOUR, text: "EST" });
  assert.deepEqual(new Set(named.items.map(({ name }) => name)), new Set(["requests"]));
  assert.deepEqual((await metricNames(opened.store, { fromNs: 0n, toNs: T0 })).items, []);
});

test("a gauge shows its last values, the mean of several", async () => {
  assert.deepEqual(await lines({ name: "memory" }), { shows: "value", values: { "": [20, 30, 30, null] } });
  const { values } = await lines({ name: "memory", by: { of: "service" } });
  assert.deepEqual(values, { a: [10, 20, 30, null], b: [30, 40, null, null] });
});

test("a sum that only rises shows by how much it does, also over a restart", async () => {
  const { shows, values } = await lines({ name: "requests", by: { of: "attribute", name: "route" } });
  assert.equal(shows, "rate");
  assert.deepEqual(values, { "/a": [0.1, 0.1, 0.2, 0.05], "/b": [null, 1, null, null] });
  assert.deepEqual((await lines({ name: "jobs" })).values, { "": [0.5, 1, null, null] });
});

test("a sum that may fall shows its value", async () => {
  assert.deepEqual(await lines({ name: "open" }), { shows: "value", values: { "": [5, 2, null, null] } });
});

test("distributions show quantiles", async () => {
  assert.deepEqual(await lines({ name: "latency" }, 2), {
    shows: "quantile",
    values: { 0.5: [0.5, 1.5], 0.95: [0.95, 1.95], 0.99: [0.99, 1.99] },
  });
  assert.deepEqual((await lines({ name: "latency", by: { of: "service" } }, 2)).values, {
    "a 0.95": [0.95, 1.95],
  });
  assert.deepEqual((await lines({ name: "size" }, 1)).values, { 0.5: [6], 0.95: [7.8], 0.99: [7.96] });
  assert.deepEqual((await lines({ name: "age" }, 1)).values, { 0.5: [2], 0.9: [3] });
});

test("of several metrics with a name the one with most points is shown, or the one that is asked for", async () => {
  const { metric, attributeNames } = await storedMetric(opened.store, { ...HOUR, name: "requests" });
  assert.deepEqual([metric?.kind, attributeNames], ["sum", ["route"]]);
  assert.equal(
    (await storedMetric(opened.store, { ...HOUR, name: "requests", unit: "By" })).metric?.kind,
    "gauge",
  );
});

test("what is not stored, and what takes too long, is told as such", async () => {
  const unknown = await storedMetric(opened.store, { ...HOUR, name: "nothing" });
  assert.deepEqual([unknown.metric, unknown.series, unknown.partial], [undefined, [], undefined]);
  assert.equal(
    (await storedMetric(opened.store, { ...HOUR, name: "memory", timeoutMs: 0 })).partial?.reason,
    "time",
  );
  assert.equal(
    (await storedMetric(opened.store, { ...HOUR, name: "memory", maxBytes: 1 })).partial?.reason,
    "size",
  );
  assert.equal((await metricNames(opened.store, { ...HOUR, timeoutMs: 0 })).partial, "time");
});
