import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "../inspect.ts";
import {
  assertRows,
  attribute,
  DAY,
  newEncoder,
  request,
  rowsOf,
  SPAN,
  TRACE,
  useMetricStore,
} from "./metric-test-store.ts";

useMetricStore();

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

test("repeated numbers may come one by one, and messages in parts", async () => {
  const histogram = field(
    1,
    number64(6, 1n),
    double(7, 0.5),
    number64(6, 2n),
    double(7, 1.5),
    field(6, Buffer.alloc(16, 0)),
  );
  const positive = [
    field(8, Buffer.from([8, 3, 16, 1, 16, 2])),
    field(8, Buffer.from([18, 2, 3, 4])),
    field(8, Buffer.from([8, 4])),
  ];
  const rows = await rowsOf(
    oneMetric(field(9, histogram)),
    oneMetric(field(10, field(1, number64(3, 5n), ...positive))),
  );
  const plain = { name: "m", service_name: "" };
  assertRows(rows, [
    { ...plain, kind: "histogram", explicit_bounds: [0.5, 1.5], bucket_counts: ["1", "2", "0", "0"] },
    {
      ...plain,
      kind: "exponential_histogram",
      time: "1970-01-01 00:00:00.000000005",
      positive_offset: 2,
      positive_bucket_counts: ["1", "2", "3", "4"],
    },
  ]);
});

test("of two kinds of data the last one counts, and its parts are one", async () => {
  const gauge = field(5, field(1, double(4, 1)));
  const sumA = field(7, field(1, number64(3, 1n), double(4, 2)), Buffer.from([24, 1]));
  const sumB = field(7, field(1, number64(3, 2n), number64(6, 3n), double(4, 4)), Buffer.from([16, 1]));
  const sum = { name: "m", service_name: "", kind: "sum", aggregation_temporality: 1, is_monotonic: 1 };
  assertRows(await rowsOf(oneMetric(gauge, sumA, sumB)), [
    { ...sum, time: "1970-01-01 00:00:00.000000001", value: 2, value_type: "d" },
    { ...sum, time: "1970-01-01 00:00:00.000000002", value: 4, value_type: "d" },
  ]);
});

test("a damaged point is kept as far as it can be read", async () => {
  const overlong = Buffer.from([58, 127, 10]);
  const point = field(1, number64(3, 1n), double(4, 7), overlong);
  const exemplar = field(5, double(3, 6), field(5, Buffer.alloc(3)), Buffer.from([34, 9]));
  const withExemplar = field(1, number64(3, 2n), exemplar);
  const lateTime = field(1, number64(3, 2n ** 63n), double(4, 8));
  const badValue = field(
    1,
    number64(3, 3n),
    field(7, field(1, Buffer.from("k")), field(2, Buffer.from([10, 5]))),
  );
  const histogram = field(1, number64(3, 4n), field(6, Buffer.alloc(11)), field(1, Buffer.from("odd")));
  const buckets = field(1, number64(3, 5n), field(8, Buffer.from([18, 3, 1, 2, 255])));
  const rows = await rowsOf(
    oneMetric(field(5, lateTime, point, withExemplar, badValue)),
    oneMetric(field(9, histogram)),
    oneMetric(field(10, buckets)),
    oneMetric(field(11, field(1, number64(3, 6n), field(6, double(1, 0.5), Buffer.from([17, 0]))))),
  );
  const plain = { name: "m", service_name: "" };
  const at = (nano: number) => `1970-01-01 00:00:00.00000000${nano}`;
  assertRows(rows, [
    { ...plain, value: 8, value_type: "d" },
    { ...plain, time: at(1), value: 7, value_type: "d" },
    {
      ...plain,
      time: at(2),
      "exemplars.time": [at(0)],
      "exemplars.value": [6],
      "exemplars.value_int": ["0"],
      "exemplars.value_type": ["d"],
      "exemplars.trace_id": ["0".repeat(32)],
      "exemplars.span_id": ["0".repeat(16)],
      "exemplars.attributes": [{}],
      "exemplars.attribute_types": [""],
    },
    { ...plain, time: at(3), attributes: { "clew.damaged_attribute": "CgFrEgIKBQ==" }, attribute_types: "p" },
    { ...plain, time: at(4), kind: "histogram", bucket_counts: ["0"] },
    { ...plain, time: at(5), kind: "exponential_histogram", positive_bucket_counts: ["1", "2"] },
    { ...plain, time: at(6), kind: "summary", present: 1, quantiles: [0.5], quantile_values: [0] },
  ]);
});

test("no cut of a request that inspect passes makes the encoder throw", () => {
  const exemplars = [{ asDouble: 1, traceId: TRACE, spanId: SPAN }];
  const attributes = [attribute("k", { stringValue: "v" })];
  const body = Buffer.from(
    request(
      { name: "a", gauge: { dataPoints: [{ asDouble: 1, attributes, exemplars }] }, metadata: attributes },
      { name: "b", histogram: { dataPoints: [{ bucketCounts: ["1"], explicitBounds: [1], exemplars }] } },
      {
        name: "c",
        exponentialHistogram: { dataPoints: [{ positive: { offset: -1, bucketCounts: ["1", "2"] } }] },
      },
      { name: "d", summary: { dataPoints: [{ quantileValues: [{ quantile: 1, value: 1 }] }] } },
    ),
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
