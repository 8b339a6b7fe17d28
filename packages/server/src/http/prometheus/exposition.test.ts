import assert from "node:assert/strict";
import { test } from "node:test";
import { Histogram } from "../../query/prometheus/histogram.ts";
import { type ExpositionFormat, exposition } from "./exposition.ts";
import type { Family } from "./family.ts";

const NUMBERS: Family[] = [
  { kind: "counter", name: "clew_things", help: "Things.", labels: ["name"], series: [[["a"], 3]] },
  { kind: "gauge", name: "clew_bytes", help: "Bytes.", labels: [], series: [[[], 1e21]] },
  { kind: "gauge", name: "clew_nothing", help: "Nothing.", labels: [], series: [] },
];

function textOf(families: readonly Family[], format: ExpositionFormat): string {
  return [...exposition(families, format)].join("");
}

/** Of 3 ms, twice, and of an hour. */
function histogram(): Histogram {
  const filled = new Histogram();
  const exemplar = {
    traceId: "0a".repeat(16),
    spanId: "0b".repeat(8),
    durationNs: 3e6,
    endedMs: 1_780_000_000_123,
  };
  filled.add({ boundNs: 2e6, calls: 2, totalNs: 6e6, exemplar });
  filled.add({
    boundNs: 600_000e6,
    calls: 1,
    totalNs: 3_600_000e6,
    exemplar: { ...exemplar, durationNs: 3_600_000e6 },
  });
  return filled;
}

test("text of Prometheus names counters with their suffix and ends without a mark", () => {
  assert.equal(
    textOf(NUMBERS, "text"),
    [
      "# HELP clew_things_total Things.",
      "# TYPE clew_things_total counter",
      'clew_things_total{name="a"} 3',
      "# HELP clew_bytes Bytes.",
      "# TYPE clew_bytes gauge",
      "clew_bytes 1e+21\n",
    ].join("\n"),
  );
});

test("OpenMetrics names the family of a counter without the suffix and ends with a mark", () => {
  assert.equal(
    textOf(NUMBERS, "openmetrics"),
    [
      "# HELP clew_things Things.",
      "# TYPE clew_things counter",
      'clew_things_total{name="a"} 3',
      "# HELP clew_bytes Bytes.",
      "# TYPE clew_bytes gauge",
      "clew_bytes 1e+21",
      "# EOF\n",
    ].join("\n"),
  );
});

test("buckets are cumulative, in the unit of the family, with exemplars in OpenMetrics only", () => {
  const family = (unitNs: number): Family => ({
    kind: "histogram",
    name: "took",
    help: "How long.",
    labels: ["by"],
    unitNs,
    series: [[["x"], histogram()]],
  });
  const text = textOf([family(1e6)], "text").split("\n");
  assert.equal(text.length, 2 + 22 + 2 + 1);
  assert.deepEqual(text.slice(2, 5), [
    'took_bucket{by="x",le="2.0"} 0',
    'took_bucket{by="x",le="4.0"} 2',
    'took_bucket{by="x",le="6.0"} 2',
  ]);
  assert.deepEqual(text.slice(22), [
    'took_bucket{by="x",le="600000.0"} 2',
    'took_bucket{by="x",le="+Inf"} 3',
    'took_sum{by="x"} 3600006',
    'took_count{by="x"} 3',
    "",
  ]);
  const open = textOf([family(1e9)], "openmetrics").split("\n");
  const ids = `trace_id="${"0a".repeat(16)}",span_id="${"0b".repeat(8)}"`;
  assert.equal(open[2], 'took_bucket{by="x",le="0.002"} 0');
  assert.equal(open[3], `took_bucket{by="x",le="0.004"} 2 # {${ids}} 0.003 1780000000.123`);
  assert.equal(open[23], `took_bucket{by="x",le="+Inf"} 3 # {${ids}} 3600 1780000000.123`);
  assert.equal(open[24], 'took_sum{by="x"} 3600.006');
});

test("what a label says stays within its quotes", () => {
  const hostile = 'a"} 1\nclew_fake_total{x="\\';
  const family: Family = { kind: "counter", name: "n", help: "h", labels: ["x"], series: [[[hostile], 1]] };
  const lines = textOf([family], "text").split("\n");
  assert.deepEqual(lines.slice(2), ['n_total{x="a\\"} 1\\nclew_fake_total{x=\\"\\\\"} 1', ""]);
});

test("much comes in pieces, whatever is in which", () => {
  const series = Array.from({ length: 1000 }, (_, index) => [[String(index)], histogram()] as const);
  const family: Family = { kind: "histogram", name: "n", help: "h", labels: ["x"], unitNs: 1e9, series };
  const pieces = [...exposition([...NUMBERS, family], "text")];
  assert.ok(pieces.length > 3);
  assert.ok(pieces.every((piece) => piece.length < 210_000));
  const counts = pieces
    .join("")
    .split("\n")
    .filter((line) => line.startsWith("n_count"));
  assert.deepEqual(
    counts,
    series.map(([labels]) => `n_count{x="${labels[0]}"} 3`),
  );
});
