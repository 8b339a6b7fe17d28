import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { MetricsData } from "@clew/protocol/otlp/model";
import { openEmbedded } from "../store/clickhouse-store.ts";
import { exportMetrics } from "./export-metrics.ts";
import { collect } from "./testing/collect.ts";
import { ATTRIBUTES } from "./testing/every-attribute.ts";
import { ingest } from "./testing/ingest.ts";
import { openTestStore, type TestStore } from "./testing/test-store.ts";

const TRACE = "0102030405060708090a0b0c0d0e0f10";
const START = "1790000000000000001";

let opened: TestStore;

before(async () => {
  opened = await openTestStore(openEmbedded);
});

after(() => opened.close());

test("exported metrics equal what was sent", async () => {
  const point = {
    attributes: ATTRIBUTES,
    startTimeUnixNano: START,
    timeUnixNano: "1790000000000000002",
    flags: 1,
  };
  const exemplars = [
    {
      filteredAttributes: ATTRIBUTES,
      timeUnixNano: START,
      asInt: "7",
      spanId: "00000000000000a1",
      traceId: TRACE,
    },
    { timeUnixNano: START, asDouble: "NaN" as const },
  ];
  const metrics: MetricsData = {
    resourceMetrics: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: "planner" } }] },
        schemaUrl: "https://r",
        scopeMetrics: [
          {
            scope: { name: "meter" },
            schemaUrl: "https://s",
            metrics: [
              {
                name: "a",
                unit: "1",
                description: "a gauge",
                metadata: ATTRIBUTES,
                gauge: {
                  dataPoints: [
                    { ...point, asInt: "-9223372036854775808", exemplars },
                    { timeUnixNano: START, asDouble: "Infinity" },
                    { timeUnixNano: START },
                  ],
                },
              },
              {
                name: "b",
                sum: {
                  dataPoints: [{ ...point, asDouble: 0.1 }],
                  aggregationTemporality: 2,
                  isMonotonic: true,
                },
              },
              {
                name: "c",
                histogram: {
                  aggregationTemporality: 1,
                  dataPoints: [
                    {
                      ...point,
                      count: "18446744073709551615",
                      sum: 0,
                      bucketCounts: ["1", "18446744073709551615"],
                      explicitBounds: [0.5],
                      exemplars,
                      min: -1.5,
                      max: "Infinity",
                    },
                    { timeUnixNano: START, count: "1" },
                  ],
                },
              },
              {
                name: "d",
                exponentialHistogram: {
                  aggregationTemporality: 2,
                  dataPoints: [
                    {
                      ...point,
                      count: "3",
                      sum: 1.25,
                      scale: -3,
                      zeroCount: "1",
                      positive: { offset: -2, bucketCounts: ["1", "0", "2"] },
                      negative: { bucketCounts: ["4"] },
                      zeroThreshold: 0.001,
                      max: 5,
                    },
                  ],
                },
              },
              {
                name: "e",
                summary: {
                  dataPoints: [
                    {
                      ...point,
                      count: "2",
                      sum: 3.5,
                      quantileValues: [
                        { quantile: 0.5, value: 1 },
                        { quantile: 1, value: "NaN" },
                      ],
                    },
                  ],
                },
              },
            ],
          },
        ],
      },
    ],
  };
  await ingest(opened.store, "metrics", metrics);
  assert.deepEqual(inOrder(await collect(exportMetrics(opened.store, {}))), inOrder([metrics]));
  assert.deepEqual(await collect(exportMetrics(opened.store, { toNs: 1n })), []);
});

/** The points of one metric have no order of their own. */
function inOrder(pieces: readonly MetricsData[]): unknown {
  return JSON.parse(JSON.stringify(pieces), (key, value) =>
    key === "dataPoints" ? value.sort((a: object, b: object) => (pointKey(a) < pointKey(b) ? -1 : 1)) : value,
  );
}

function pointKey(point: object): string {
  return JSON.stringify(Object.entries(point).sort(([a], [b]) => (a < b ? -1 : 1)));
}
