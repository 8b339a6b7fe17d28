import assert from "node:assert/strict";
import { test } from "node:test";
import type { MetricsExemplar, MetricsSeries } from "@clew/protocol/api/metrics";
import { queryInstantJson, queryRangeJson } from "./tempo-metrics-json.ts";

const TIMES = [60_000, 120_000, 180_000, 240_000];
const METRICS = { completedJobs: 1, totalJobs: 1 };

function series(values: readonly (number | null)[], changes: Partial<MetricsSeries> = {}): MetricsSeries {
  return {
    labels: [{ key: "__name__", value: { stringValue: "rate" } }],
    values,
    exemplars: [],
    ...changes,
  };
}

function exemplar(timeMs: number, value: number | null = null): MetricsExemplar {
  return { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7", timeMs, value };
}

test("points without a value are left out, and so is a series that has none at all", () => {
  const answer = { timesMs: TIMES, series: [series([null, 1.5, null, 2]), series([null, null, null, null])] };
  assert.deepEqual(queryRangeJson(answer, 0), {
    series: [
      {
        labels: [{ key: "__name__", value: { stringValue: "rate" } }],
        samples: [
          { timestampMs: "120000", value: 1.5 },
          { timestampMs: "240000", value: 2 },
        ],
      },
    ],
    metrics: METRICS,
  });
  const instant = { timesMs: [240_000], series: [series([null]), series([3])] };
  assert.deepEqual(queryInstantJson(instant), {
    series: [{ labels: [{ key: "__name__", value: { stringValue: "rate" } }], value: 3 }],
    metrics: METRICS,
  });
});

test("a zero is left out as protobuf does, and times are whole", () => {
  const of = series([0, -0.5], { labels: [] });
  assert.deepEqual(queryRangeJson({ timesMs: [0.25, 0.75], series: [of] }, 0), {
    series: [{ labels: [], samples: [{ timestampMs: "0" }, { timestampMs: "0", value: -0.5 }] }],
    metrics: METRICS,
  });
});

test("labels have the type of their values; nil is a text", () => {
  const labels = [
    { key: "span.retries", value: { intValue: "3" } },
    { key: "p", value: { doubleValue: 0.9 } },
    { key: "agent:running", value: { boolValue: true } },
    { key: "resource.service.name" },
  ];
  const { series: told } = queryInstantJson({ timesMs: [1], series: [series([1], { labels })] }) as {
    series: { labels: unknown[] }[];
  };
  assert.deepEqual(told[0]?.labels, [
    ...labels.slice(0, 3),
    { key: "resource.service.name", value: { stringValue: "nil" } },
  ]);
});

test("an exemplar that measures nothing stands at its series; none stands where that has no point", () => {
  const of = series([1, null, 7, 8], {
    exemplars: [exemplar(90_000), exemplar(150_000), exemplar(150_500, 0.25)],
  });
  const { series: told } = queryRangeJson({ timesMs: TIMES, series: [of] }, 10) as {
    series: { exemplars: unknown[] }[];
  };
  const labels = [
    { key: "trace:id", value: { stringValue: "4bf92f3577b34da6a3ce929d0e0e4736" } },
    { key: "span:id", value: { stringValue: "00f067aa0ba902b7" } },
  ];
  assert.deepEqual(told[0]?.exemplars, [
    { labels, value: 7, timestampMs: "150000" },
    { labels, value: 0.25, timestampMs: "150500" },
  ]);
});

test("exemplars are shared out among series and over their time", () => {
  const many = Array.from({ length: 12 }, (_, at) => exemplar(60_001 + at * 10_000, 1));
  const values = [1, 1, 1, 1];
  const of = [series(values, { exemplars: many }), series(values), series(values, { exemplars: many })];
  const times = (most: number) => {
    const { series: told } = queryRangeJson({ timesMs: TIMES, series: of }, most) as {
      series: { exemplars?: { timestampMs: string }[] }[];
    };
    return told.map(({ exemplars = [] }) => exemplars.map(({ timestampMs }) => timestampMs));
  };
  assert.deepEqual(times(4), [["60001", "120001"], [], ["60001", "120001"]]);
  assert.deepEqual(times(1), [["60001"], [], []]);
  assert.deepEqual(times(0), [[], [], []]);
  assert.equal(times(100).flat().length, 24);
});

test("what is missing is told", () => {
  const none = { timesMs: TIMES, series: [] };
  assert.deepEqual(queryRangeJson({ ...none, partial: { reason: "time" } }, 0), {
    series: [],
    metrics: { totalJobs: 1 },
    status: "PARTIAL",
    message: "Looking at all spans takes longer than a query may; some are left out",
  });
  assert.deepEqual(queryInstantJson({ ...none, truncated: { total: 1200, shown: 1000 } }), {
    series: [],
    metrics: METRICS,
    status: "PARTIAL",
    message: "These are 1000 of 1200 series",
  });
});
