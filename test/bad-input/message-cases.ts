import { encodeOtlp } from "@clew/protocol/otlp/encode";
import { asWireType, delimited, keyValue, tag, varint } from "../harness/raw-protobuf.ts";
import { around, type BadCase, newTraceId, spanHead } from "./bad-case.ts";
import { withFields } from "./span-cases.ts";

function* truncated(): Generator<BadCase> {
  const body = around(newTraceId(), spanHead(newTraceId()));
  for (let at = 1; at < body.length; at += 7) {
    yield {
      name: `a trace request cut off after ${at} of ${body.length} bytes`,
      signal: "traces",
      fate: "refused",
      protobuf: body.subarray(0, at),
    };
  }
  const others = {
    logs: encodeOtlp("logs", {
      resourceLogs: [
        { scopeLogs: [{ logRecords: [{ body: { stringValue: "text" }, severityText: "INFO" }] }] },
      ],
    }),
    metrics: encodeOtlp("metrics", {
      resourceMetrics: [
        {
          scopeMetrics: [
            { metrics: [{ name: "m", gauge: { dataPoints: [{ asInt: "1" }, { asDouble: 2 }] } }] },
          ],
        },
      ],
    }),
  };
  for (const [signal, whole] of Object.entries(others) as ["logs" | "metrics", Uint8Array][]) {
    for (let at = 1; at < whole.length; at += 3) {
      yield {
        name: `${signal} cut off after ${at} bytes`,
        signal,
        fate: "refused",
        protobuf: whole.subarray(0, at),
      };
    }
  }
}

/** Marsaglia's xorshift, so that a failure can be made again. */
function random(seed: number): (below: number) => number {
  let state = seed * 2654435769 + 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function* damaged(): Generator<BadCase> {
  for (let seed = 1; seed <= 60; seed++) {
    const next = random(seed);
    const body = Buffer.from(around(newTraceId(), spanHead(newTraceId())));
    for (let flips = 0; flips < 1 + (seed % 4); flips++) body[next(body.length)]! ^= 1 << next(8);
    yield {
      name: `a request with damaged bits, seed ${seed}`,
      signal: "traces",
      fate: "either",
      protobuf: body,
    };
  }
  for (let seed = 1; seed <= 15; seed++) {
    const next = random(seed + 1000);
    const noise = Buffer.from(Array.from({ length: 10 + next(500) }, () => next(256)));
    for (const signal of ["traces", "logs", "metrics"] as const) {
      yield { name: `noise as ${signal}, seed ${seed}`, signal, fate: "either", protobuf: noise };
    }
  }
}

const SPAN_FIELDS = {
  traceId: 1,
  spanId: 2,
  traceState: 3,
  parentSpanId: 4,
  name: 5,
  kind: 6,
  start: 7,
  end: 8,
  attributes: 9,
  droppedAttributes: 10,
  events: 11,
  droppedEvents: 12,
  links: 13,
  droppedLinks: 14,
  status: 15,
  flags: 16,
} as const;
const RIGHT: Readonly<Record<string, number>> = {
  kind: 0,
  start: 1,
  end: 1,
  droppedAttributes: 0,
  droppedEvents: 0,
  droppedLinks: 0,
  flags: 5,
};

/** A field of another wire type is an unknown field; a reader passes over it. Groups and 6 and 7 are no OTLP. */
function* wrongWireTypes(): Generator<BadCase> {
  for (const [name, number] of Object.entries(SPAN_FIELDS)) {
    for (const wireType of [0, 1, 2, 5]) {
      if (wireType === (RIGHT[name] ?? 2)) continue;
      yield withFields(`${name} as wire type ${wireType}`, "taken", asWireType(number, wireType));
    }
  }
  for (const wireType of [3, 4, 6, 7]) {
    yield withFields(`a field of wire type ${wireType}`, "refused", asWireType(40, wireType));
  }
  yield withFields("field number 0", "refused", Buffer.from([0x02, 0x01, 0x00]));
  yield withFields("the largest field number", "taken", delimited(536_870_911, "x"));
  yield { name: "resource spans as a number", signal: "traces", fate: "taken", protobuf: asWireType(1, 0) };
}

function* hugeNumbers(): Generator<BadCase> {
  const tooLong = Buffer.alloc(11, 0xff);
  yield withFields("kind as a varint of 11 bytes", "refused", tag(6, 0), tooLong);
  yield withFields("kind as the largest varint", "taken", tag(6, 0), varint(2n ** 64n - 1n));
  yield withFields("a tag as a varint of 11 bytes", "refused", tooLong);
  yield withFields("a tag above 32 bits", "refused", varint(2n ** 40n + 10n), Buffer.from([1, 0]));
  for (const length of [2n ** 31n - 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 63n, 2n ** 64n - 1n]) {
    yield withFields(`a name of ${length} bytes that are not there`, "refused", tag(5, 2), varint(length));
    yield {
      name: `a body of ${length} bytes that are not there`,
      signal: "logs",
      fate: "refused",
      protobuf: Buffer.concat([tag(1, 2), varint(length)]),
    };
  }
  yield withFields(
    "the largest dropped counts",
    "taken",
    tag(10, 0),
    varint(2n ** 32n - 1n),
    tag(12, 0),
    varint(2n ** 64n - 1n),
  );
}

function* otherSignals(): Generator<BadCase> {
  const log = encodeOtlp("logs", {
    resourceLogs: [{ scopeLogs: [{ logRecords: [{ timeUnixNano: "1", body: { stringValue: "text" } }] }] }],
  });
  const metric = encodeOtlp("metrics", {
    resourceMetrics: [
      { scopeMetrics: [{ metrics: [{ name: "a metric", gauge: { dataPoints: [{ asInt: "1" }] } }] }] },
    ],
  });
  const trace = around(newTraceId(), spanHead(newTraceId()));
  yield { name: "logs sent as traces", signal: "traces", fate: 1, protobuf: log };
  yield { name: "metrics sent as traces", signal: "traces", fate: 1, protobuf: metric };
  yield { name: "traces sent as logs", signal: "logs", fate: "either", protobuf: trace };
  yield { name: "traces sent as metrics", signal: "metrics", fate: "either", protobuf: trace };
  yield { name: "metrics sent as logs", signal: "logs", fate: "either", protobuf: metric };
  for (const signal of ["traces", "logs", "metrics"] as const) {
    yield { name: `an empty body as ${signal}`, signal, fate: "taken", protobuf: Buffer.alloc(0) };
    yield {
      name: `unknown fields only, as ${signal}`,
      signal,
      fate: "taken",
      protobuf: delimited(99, "from the future"),
    };
  }
  yield withFields(
    "unknown fields at every level",
    "taken",
    delimited(99, "x"),
    delimited(11, delimited(99, "x")),
    delimited(9, keyValue("key", delimited(99, "x"))),
  );
  yield {
    name: "JSON as protobuf",
    signal: "traces",
    fate: "refused",
    protobuf: Buffer.from('{"resourceSpans":[]}'),
  };
}

/** Bodies that are no protobuf, or not that of the signal. */
export function messageCases(): BadCase[] {
  return [truncated, damaged, wrongWireTypes, hugeNumbers, otherSignals].flatMap((cases) => [...cases()]);
}
