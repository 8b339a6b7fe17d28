import { encodeOtlp } from "@clew/protocol/otlp/encode";
import { deepValue, delimited, fixed64, keyValue, tag, textValue, varint } from "../harness/raw-protobuf.ts";
import { type BadCase, newTraceId, spanHead } from "./bad-case.ts";
import { span, withFields } from "./span-cases.ts";

function* values(): Generator<BadCase> {
  for (const depth of [99, 100, 101, 1000, 10_000, 200_000]) {
    const value = deepValue(depth);
    yield withFields(
      `an attribute nested ${depth} deep`,
      depth <= 99 ? "taken" : "either",
      delimited(9, keyValue("deep", value)),
    );
    yield withFields(
      `an event's attribute nested ${depth} deep`,
      depth <= 99 ? "taken" : "either",
      delimited(11, delimited(2, "e"), delimited(3, keyValue("deep", value))),
    );
    yield {
      name: `a log body nested ${depth} deep`,
      signal: "logs",
      fate: "either",
      protobuf: delimited(1, delimited(2, delimited(2, delimited(5, value)))),
    };
    yield {
      name: `a resource attribute nested ${depth} deep`,
      signal: "traces",
      fate: "either",
      protobuf: delimited(
        1,
        delimited(1, delimited(1, keyValue("deep", value))),
        delimited(2, delimited(2, spanHead(newTraceId()))),
      ),
    };
  }
  yield withFields("a damaged attribute", "either", delimited(9, Buffer.from([0x0a, 0x7f])));
  yield withFields(
    "a damaged attribute value",
    "either",
    delimited(9, delimited(1, "key"), delimited(2, Buffer.from([0x0a, 0x7f]))),
  );
  yield withFields("a damaged event", "either", delimited(11, Buffer.from([0x12, 0x7f])));
  yield withFields("a damaged link", "either", delimited(13, Buffer.from([0x0a, 0x7f])));
  yield withFields("a damaged status", "refused", delimited(15, Buffer.from([0x12, 0x7f])));
  yield withFields(
    "an empty attribute, event, link and status",
    "taken",
    delimited(9),
    delimited(11),
    delimited(13),
    delimited(15),
  );
  yield withFields(
    "two values of one attribute",
    "taken",
    delimited(9, delimited(1, "key"), delimited(2, textValue("a")), delimited(2, textValue("b"))),
  );
  yield withFields(
    "several types of one value",
    "taken",
    delimited(9, keyValue("key", Buffer.concat([textValue("a"), tag(3, 0), varint(5)]))),
  );
  const many = Array.from({ length: 100_000 }, (_, at) =>
    delimited(9, keyValue(`key ${at}`, textValue(`${at}`))),
  );
  yield withFields("100,000 attributes", "taken", ...many);
  yield withFields("10,000 empty events", "taken", ...Array.from({ length: 10_000 }, () => delimited(11)));
  yield withFields(
    "10,000 links",
    "taken",
    ...Array.from({ length: 10_000 }, () =>
      delimited(13, delimited(1, Buffer.alloc(16, 1)), delimited(2, Buffer.alloc(8, 1))),
    ),
  );
  yield withFields(
    "an attribute value of 5 MB",
    "taken",
    delimited(9, keyValue("long", textValue("x".repeat(5_000_000)))),
  );
  yield withFields(
    "an attribute key of 1 MB",
    "either",
    delimited(9, keyValue("k".repeat(1_000_000), textValue("x"))),
  );
  yield withFields("a status message of 1 MB", "taken", delimited(15, delimited(2, "m".repeat(1_000_000))));
  yield withFields("a trace state of 1 MB", "either", delimited(3, "a=b,".repeat(250_000)));
}

function* ids(): Generator<BadCase> {
  const good = Buffer.from("bbbbbbbbbbbbbbb1", "hex");
  const wrong = {
    no: [],
    "an empty": [delimited(1)],
    "a zero": [delimited(1, Buffer.alloc(16))],
    "a short": [delimited(1, Buffer.alloc(8, 1))],
    "a long": [delimited(1, Buffer.alloc(17, 1))],
    "a very long": [delimited(1, Buffer.alloc(100_000, 1))],
  };
  for (const [which, fields] of Object.entries(wrong))
    yield span(`${which} trace id`, 1, () => Buffer.concat([...fields, delimited(2, good)]));
  const spanIds = {
    no: [],
    "an empty": [delimited(2)],
    "a zero": [delimited(2, Buffer.alloc(8))],
    "a short": [delimited(2, Buffer.alloc(7, 1))],
    "a long": [delimited(2, Buffer.alloc(16, 1))],
  };
  for (const [which, fields] of Object.entries(spanIds))
    yield span(`${which} span id`, 1, (traceId) =>
      Buffer.concat([delimited(1, Buffer.from(traceId, "hex")), ...fields]),
    );
  const parents = { "an empty": 0, "a short": 7, "a long": 16 };
  for (const [which, length] of Object.entries(parents))
    yield withFields(`${which} parent id`, "taken", delimited(4, Buffer.alloc(length, 1)));
  yield withFields("a zero parent id", "taken", delimited(4, Buffer.alloc(8)));
  yield withFields("itself as parent", "taken", delimited(4, good));
  yield span("two spans that are each other's parent", "taken", (traceId) => [
    Buffer.concat([
      spanHead(traceId, "bbbbbbbbbbbbbbb1"),
      delimited(4, Buffer.from("bbbbbbbbbbbbbbb2", "hex")),
    ]),
    Buffer.concat([
      spanHead(traceId, "bbbbbbbbbbbbbbb2"),
      delimited(4, Buffer.from("bbbbbbbbbbbbbbb1", "hex")),
    ]),
  ]);
  yield span("the same span twice", "taken", (traceId) => [spanHead(traceId), spanHead(traceId)]);
  yield span("two spans of one id", "taken", (traceId) => [
    Buffer.concat([spanHead(traceId), delimited(5, "one")]),
    Buffer.concat([spanHead(traceId), fixed64(8, 1_763_700_000_009_000_000n), delimited(5, "two")]),
  ]);
  yield span("a span with nothing in it, in a thousand", 1000, () =>
    Array.from({ length: 1000 }, () => Buffer.alloc(0)),
  );
}

function* times(): Generator<BadCase> {
  for (const [name, at] of Object.entries({ "a negative": 2n ** 63n, "the latest": 2n ** 64n - 1n })) {
    yield withFields(`${name} start`, 1, fixed64(7, at));
    yield withFields(`${name} end`, 1, fixed64(8, at));
  }
  yield withFields("the year 2262 as start", "taken", fixed64(7, 2n ** 63n - 1n), fixed64(8, 2n ** 63n - 1n));
  yield withFields("times of zero", "taken", fixed64(7, 0n), fixed64(8, 0n));
  yield withFields("an end before the start", "taken", fixed64(8, 1n));
  yield withFields("a span of 500 years", "taken", fixed64(7, 1n), fixed64(8, 2n ** 63n - 1n));
  yield withFields(
    "events at the ends of time",
    "taken",
    delimited(11, fixed64(1, 0n)),
    delimited(11, fixed64(1, 2n ** 63n - 1n)),
    delimited(11, fixed64(1, 2n ** 64n - 1n)),
  );
  yield {
    name: "log records at the ends of time",
    signal: "logs",
    fate: "either",
    protobuf: delimited(
      1,
      delimited(
        2,
        ...[0n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n].map((at) =>
          delimited(2, fixed64(1, at), fixed64(11, at)),
        ),
      ),
    ),
  };
  yield {
    name: "data points at the ends of time",
    signal: "metrics",
    fate: "either",
    protobuf: delimited(
      1,
      delimited(
        2,
        delimited(
          2,
          delimited(1, "m"),
          delimited(
            5,
            ...[0n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n].map((at) =>
              delimited(1, fixed64(2, at), fixed64(3, at), fixed64(6, 1n)),
            ),
          ),
        ),
      ),
    ),
  };
}

function* namesAndNumbers(): Generator<BadCase> {
  yield withFields("a name of 64 KiB", "taken", delimited(5, "n".repeat(65_536)));
  yield withFields("a name of 64 KiB and a byte", 1, delimited(5, "n".repeat(65_537)));
  yield withFields("a name of 1 MB", 1, delimited(5, "n".repeat(1_000_000)));
  const doubles = [
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    -0,
    5e-324,
    Number.MAX_VALUE,
  ];
  yield {
    name: "metrics that are NaN and infinite",
    ...{ signal: "metrics", fate: "taken" },
    protobuf: encodeOtlp("metrics", {
      resourceMetrics: [
        {
          scopeMetrics: [
            {
              metrics: [
                {
                  name: "odd",
                  gauge: {
                    dataPoints: doubles.map((value) => ({
                      asDouble: Number.isFinite(value) ? value : (String(value) as "NaN"),
                    })),
                  },
                },
                {
                  name: "odd sums",
                  histogram: {
                    dataPoints: [
                      {
                        count: "1",
                        sum: "NaN",
                        min: "Infinity",
                        max: "-Infinity",
                        explicitBounds: ["NaN", "Infinity"],
                        bucketCounts: ["18446744073709551615"],
                      },
                    ],
                  },
                },
                {
                  name: "more bounds than buckets",
                  histogram: { dataPoints: [{ explicitBounds: [1, 2, 3], bucketCounts: ["1"] }] },
                },
                {
                  name: "scales",
                  exponentialHistogram: {
                    dataPoints: [
                      { scale: 2147483647, positive: { offset: -2147483648, bucketCounts: ["1"] } },
                    ],
                  },
                },
              ],
            },
          ],
        },
      ],
    }),
  };
}

/** Messages in order whose values are not, or are extreme. */
export function valueCases(): BadCase[] {
  return [values, ids, times, namesAndNumbers].flatMap((cases) => [...cases()]);
}
