import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeOtlp } from "@clew/protocol/otlp/encode";
import type { Metric } from "@clew/protocol/otlp/model";
import { inspect } from "../inspect.ts";
import { KeyTable } from "./key-table.ts";
import { MetricEncoder } from "./metrics.ts";
import { Origins } from "./origins.ts";
import { TextCache } from "./text-cache.ts";

const DAY = 20_600;

function newEncoder(): MetricEncoder {
  const keys = new KeyTable();
  return new MetricEncoder({
    context: { keys, texts: new TextCache() },
    resources: new Origins("resource", keys, () => []),
    scopes: new Origins("scope", keys, () => []),
  });
}

/** A request with these metrics, as an exporter sends it. */
function request(...metrics: Metric[]): Buffer {
  return Buffer.from(encodeOtlp("metrics", { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }));
}

/** The block of rows that a request becomes. */
function blockOf(body: Buffer): Buffer {
  assert.equal(inspect("metrics", body).rejected, 0);
  const encoder = newEncoder();
  encoder.add(body, DAY);
  return Buffer.concat(encoder.block(DAY, 1n));
}

/** Both requests are stored as the same rows. */
function assertStoredAs(body: Buffer, ...metrics: Metric[]): void {
  assert.deepEqual(blockOf(body), blockOf(request(...metrics)));
}

/** A length-delimited field. */
function field(number: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([(number << 3) | 2]), varint(content.length), content]);
}

function varint(value: number): Buffer {
  return value < 128 ? Buffer.from([value]) : Buffer.from([(value & 127) | 128, value >> 7]);
}

function number64(number: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(9);
  bytes[0] = (number << 3) | 1;
  bytes.writeBigUInt64LE(value, 1);
  return bytes;
}

function double(number: number, value: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes[0] = (number << 3) | 1;
  bytes.writeDoubleLE(value, 1);
  return bytes;
}

const NAME = field(1, Buffer.from("m"));

/** A request with one metric of these fields. */
function oneMetric(...fields: readonly Uint8Array[]): Buffer {
  return field(1, field(2, field(2, NAME, ...fields)));
}

test("repeated numbers may come one by one", () => {
  const point = field(
    1,
    number64(6, 1n),
    double(7, 0.5),
    number64(6, 2n),
    double(7, 1.5),
    field(6, Buffer.alloc(16)),
  );
  const dataPoints = [{ explicitBounds: [0.5, 1.5], bucketCounts: ["1", "2", "0", "0"] }];
  assertStoredAs(oneMetric(field(9, point)), { name: "m", histogram: { dataPoints } });
});

test("messages in parts are one message", () => {
  const positive = [
    [8, 3, 16, 1, 16, 2],
    [18, 2, 3, 4],
    [8, 4],
  ].map((part) => field(8, Buffer.from(part)));
  const dataPoints = [{ timeUnixNano: "5", positive: { offset: 2, bucketCounts: ["1", "2", "3", "4"] } }];
  assertStoredAs(oneMetric(field(10, field(1, number64(3, 5n), ...positive))), {
    name: "m",
    exponentialHistogram: { dataPoints },
  });
});

test("of two kinds of data the last one counts, and its parts are one", () => {
  const gauge = field(5, field(1, double(4, 1)));
  const first = field(7, field(1, number64(3, 1n), double(4, 2)), Buffer.from([24, 1]));
  const second = field(7, field(1, number64(3, 2n), number64(6, 3n), double(4, 4)), Buffer.from([16, 1]));
  const dataPoints = [
    { timeUnixNano: "1", asDouble: 2 },
    { timeUnixNano: "2", asDouble: 4 },
  ];
  assertStoredAs(oneMetric(gauge, first, second), {
    name: "m",
    sum: { dataPoints, isMonotonic: true, aggregationTemporality: 1 },
  });
});

test("a damaged point is kept as far as it can be read", () => {
  const overlong = field(1, number64(3, 1n), double(4, 7), Buffer.from([58, 127, 10]));
  const exemplar = field(5, double(3, 6), field(5, Buffer.alloc(3)), Buffer.from([34, 9]));
  const withExemplar = field(1, number64(3, 2n), exemplar);
  const gauge = [
    { timeUnixNano: "1", asDouble: 7 },
    { timeUnixNano: "2", exemplars: [{ asDouble: 6 }] },
  ];
  assertStoredAs(oneMetric(field(5, overlong, withExemplar)), { name: "m", gauge: { dataPoints: gauge } });

  const histogram = field(1, field(6, Buffer.alloc(11)), field(1, Buffer.from("odd")));
  assertStoredAs(oneMetric(field(9, histogram)), {
    name: "m",
    histogram: { dataPoints: [{ bucketCounts: ["0"] }] },
  });

  const buckets = field(1, field(8, Buffer.from([18, 3, 1, 2, 255])));
  assertStoredAs(oneMetric(field(10, buckets)), {
    name: "m",
    exponentialHistogram: { dataPoints: [{ positive: { bucketCounts: ["1", "2"] } }] },
  });

  const summary = field(1, field(6, double(1, 0.5), Buffer.from([17, 0])));
  assertStoredAs(oneMetric(field(11, summary)), {
    name: "m",
    summary: { dataPoints: [{ quantileValues: [{ quantile: 0.5 }] }] },
  });
});

test("a time that the store cannot hold is left out", () => {
  const point = field(1, number64(2, 2n ** 64n - 1n), number64(3, 2n ** 63n), double(4, 8));
  assertStoredAs(oneMetric(field(5, point)), { name: "m", gauge: { dataPoints: [{ asDouble: 8 }] } });
});

test("no cut of a request that inspect passes makes the encoder throw", () => {
  const exemplars = [{ asDouble: 1, traceId: "01".repeat(16), spanId: "02".repeat(8) }];
  const attributes = [{ key: "k", value: { stringValue: "v" } }];
  const body = request(
    { name: "a", gauge: { dataPoints: [{ asDouble: 1, attributes, exemplars }] }, metadata: attributes },
    { name: "b", histogram: { dataPoints: [{ bucketCounts: ["1"], explicitBounds: [1], exemplars }] } },
    {
      name: "c",
      exponentialHistogram: { dataPoints: [{ positive: { offset: -1, bucketCounts: ["1", "2"] } }] },
    },
    { name: "d", summary: { dataPoints: [{ quantileValues: [{ quantile: 1, value: 1 }] }] } },
  );
  const encoder = newEncoder();
  let passed = 0;
  for (let i = 0; i < body.length; i++) {
    for (const value of [0, 1, 8, 127, 128, 255]) {
      const damaged = Buffer.from(body);
      damaged[i] = value;
      let records: number;
      try {
        records = inspect("metrics", damaged).records;
      } catch {
        continue;
      }
      passed++;
      encoder.reset();
      encoder.add(damaged, DAY);
      encoder.block(DAY, 1n);
      assert.ok(encoder.rows <= records, `byte ${i} = ${value}`);
    }
  }
  assert.ok(passed > body.length);
});
