import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Signal } from "../signal.ts";
import { decodeAnyValue, decodeOtlp, decodeResource, decodeScope } from "./decode.ts";
import { MalformedProtobuf } from "./protobuf-reader.ts";

const SIGNALS: readonly Signal[] = ["traces", "logs", "metrics"];

/** Bytes of hex digits; spaces separate fields for the reader. */
function bytes(...hex: string[]): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.join("").replaceAll(" ", ""), "hex"));
}

/** One length-delimited field; the number is below 16. */
function delimited(field: number, content: Uint8Array): Uint8Array {
  const size: number[] = [];
  let rest = content.length;
  for (; rest > 127; rest >>>= 7) size.push((rest & 127) | 128);
  return Uint8Array.of(field * 8 + 2, ...size, rest, ...content);
}

/** What a file of `fixtures` holds; the bytes were written by another protobuf library. */
function fixture(signal: Signal): { readonly wire: Uint8Array; readonly data: unknown } {
  const read = (type: string) => readFileSync(new URL(`fixtures/${signal}.${type}`, import.meta.url), "utf8");
  return { wire: bytes(read("hex").replaceAll("\n", "")), data: JSON.parse(read("json")) };
}

function malformed(read: () => unknown, message: RegExp): void {
  assert.throws(read, (error) => error instanceof MalformedProtobuf && message.test(error.message));
}

for (const signal of SIGNALS) {
  test(`every field of ${signal} is read from bytes another library wrote`, () => {
    const { wire, data } = fixture(signal);
    assert.deepEqual(decodeOtlp(signal, wire), data);
  });

  test(`${signal} are read from the middle of a larger buffer`, () => {
    const { wire, data } = fixture(signal);
    const larger = new Uint8Array(wire.length + 20).fill(255);
    larger.set(wire, 7);
    assert.deepEqual(decodeOtlp(signal, larger.subarray(7, 7 + wire.length)), data);
  });

  test(`${signal} cut off at any byte are read or refused as malformed`, () => {
    const { wire } = fixture(signal);
    let refused = 0;
    for (let length = 0; length < wire.length; length += 1) {
      try {
        decodeOtlp(signal, wire.slice(0, length));
      } catch (error) {
        assert.ok(error instanceof MalformedProtobuf, String(error));
        assert.ok(error.offset <= length);
        refused += 1;
      }
    }
    assert.ok(refused > wire.length * 0.9);
  });

  test(`${signal} with any byte changed are read or refused as malformed`, () => {
    const { wire } = fixture(signal);
    for (let index = 0; index < wire.length; index += 1) {
      for (const flip of [1, 4, 128, 255]) {
        const changed = wire.slice();
        changed[index] = changed[index]! ^ flip;
        try {
          decodeOtlp(signal, changed);
        } catch (error) {
          assert.ok(error instanceof MalformedProtobuf, String(error));
        }
      }
    }
  });
}

test("no bytes are an empty request, an empty value, an empty resource and an empty scope", () => {
  for (const read of [decodeAnyValue, decodeResource, decodeScope]) assert.deepEqual(read(bytes()), {});
  assert.deepEqual(decodeOtlp("traces", bytes()), {});
});

test("defaults that were written all the same are absent, except where they carry presence", () => {
  const span = bytes("0a00 1200 2a00 3000 39 0000000000000000 5000 4a00");
  const spans = decodeOtlp("traces", delimited(1, delimited(2, delimited(2, span)))).resourceSpans;
  assert.deepEqual(spans, [{ scopeSpans: [{ spans: [{ attributes: [{}] }] }] }]);
  assert.deepEqual(decodeAnyValue(bytes("1800")), { intValue: "0" });
  assert.deepEqual(decodeAnyValue(bytes("0a00")), { stringValue: "" });
  assert.deepEqual(decodeAnyValue(bytes("21 0000000000000080")), { doubleValue: -0 });
});

test("a text or a key that reads 0 is not a default", () => {
  assert.deepEqual(decodeScope(bytes("0a0130")), { name: "0" });
});

test("of a scalar sent twice the last one counts, also when it is the default", () => {
  assert.deepEqual(decodeScope(bytes("0a0161 0a0162")), { name: "b" });
  assert.deepEqual(decodeScope(bytes("0a0161 0a00")), {});
});

test("of a oneof the last member counts, and a message member sent twice is merged", () => {
  assert.deepEqual(decodeAnyValue(bytes("0a0161 1805")), { intValue: "5" });
  assert.deepEqual(decodeAnyValue(bytes("1805 0a00")), { stringValue: "" });
  assert.deepEqual(decodeAnyValue(bytes("2a040a021801 2a040a021802")), {
    arrayValue: { values: [{ intValue: "1" }, { intValue: "2" }] },
  });
  assert.deepEqual(decodeAnyValue(bytes("2a040a021801 1800 2a040a021802")), {
    arrayValue: { values: [{ intValue: "2" }] },
  });
});

test("a message sent in parts is merged", () => {
  const resource = (hex: string) => delimited(1, bytes(hex));
  const data = decodeOtlp(
    "traces",
    delimited(1, Uint8Array.of(...resource("1001"), ...resource("0a030a0161"))),
  );
  assert.deepEqual(data, {
    resourceSpans: [{ resource: { attributes: [{ key: "a" }], droppedAttributesCount: 1 } }],
  });
});

test("repeated numbers are read packed, one by one, and mixed", () => {
  const one = "0100000000000000";
  const two = "0200000000000000";
  const point = (hex: string) => {
    const histogram = delimited(9, delimited(1, bytes(hex)));
    const data = decodeOtlp("metrics", delimited(1, delimited(2, delimited(2, histogram))));
    return data.resourceMetrics?.[0]?.scopeMetrics?.[0]?.metrics?.[0]?.histogram?.dataPoints?.[0];
  };
  assert.deepEqual(point(`3210${one}${two}`), { bucketCounts: ["1", "2"] });
  assert.deepEqual(point(`31${one} 31${two}`), { bucketCounts: ["1", "2"] });
  assert.deepEqual(point(`31${one} 3208${two}`), { bucketCounts: ["1", "2"] });
  assert.deepEqual(point("3200"), {});
  malformed(() => point(`3207${one}`), /expected/);
});

test("unknown fields of every wire type are skipped, however high their number", () => {
  const unknown = "f801ffff03 f90100000000000000ff fa0103616263 fd01ffffffff faffffff0f00";
  assert.deepEqual(decodeScope(bytes(unknown, "0a0161", unknown)), { name: "a" });
});

test("the string index of the profiling signal counts as absent", () => {
  assert.deepEqual(decodeAnyValue(bytes("4007")), {});
  assert.deepEqual(decodeAnyValue(bytes("0a0161 4007")), { stringValue: "a" });
});

test("a known field with another wire type is skipped as an unknown one", () => {
  assert.deepEqual(decodeScope(bytes("0805 0d00000000 1201 32")), { version: "2" });
});

test("a varint may fill ten bytes and no more", () => {
  assert.deepEqual(decodeAnyValue(bytes("18 ffffffffffffffffff01")), { intValue: "-1" });
  assert.deepEqual(decodeAnyValue(bytes("18 80808080808080808001")), { intValue: "-9223372036854775808" });
  assert.deepEqual(decodeAnyValue(bytes("18 85808080808080808000")), { intValue: "5" });
  malformed(
    () => decodeAnyValue(bytes("18 ffffffffffffffffffff01")),
    /byte 1: expected a varint of at most 10/,
  );
  malformed(() => decodeAnyValue(new Uint8Array(100_000).fill(255)), /varint of at most 10/);
  malformed(() => decodeAnyValue(bytes("18 ff")), /the rest of a varint/);
});

test("a bool is true for any varint but zero, and a negative enum stays negative", () => {
  assert.deepEqual(decodeAnyValue(bytes("10 80808080808080808001")), { boolValue: true });
  const span = bytes("30 ffffffffffffffffff01");
  const data = decodeOtlp("traces", delimited(1, delimited(2, delimited(2, span))));
  assert.equal(data.resourceSpans?.[0]?.scopeSpans?.[0]?.spans?.[0]?.kind, -1);
});

test("field number zero, groups and unknown wire types are malformed", () => {
  malformed(() => decodeScope(bytes("0200")), /byte 0: expected a field number/);
  malformed(() => decodeScope(bytes("0a0161 8080808010 00")), /byte 3: expected a field number/);
  malformed(() => decodeScope(bytes("0b0c")), /field 1, not a group/);
  malformed(() => decodeScope(bytes("0c")), /not a group/);
  malformed(() => decodeScope(bytes("0e")), /not wire type 6/);
  malformed(() => decodeScope(bytes("fb01")), /field 31, not a group/);
});

test("JSON sent as protobuf is malformed", () => {
  malformed(() => decodeOtlp("traces", new TextEncoder().encode('{"resourceSpans":[]}')), /byte 0/);
});

test("a length past the end of its message is malformed, also where the enclosing one goes on", () => {
  malformed(() => decodeScope(bytes("0a02 61")), /a length of at most the 1 bytes/);
  malformed(() => decodeScope(bytes("0a ffffffffffffffffff01")), /a length of at most/);
  malformed(() => decodeResource(bytes("0a02 0a05 6161616161 1001")), /a length of at most the 0 bytes/);
  malformed(() => decodeAnyValue(bytes("2a03 0a0218 01")), /the rest of a varint|a length/);
  malformed(() => decodeAnyValue(bytes("21 000000")), /8 bytes, not the 3/);
});

test("invalid UTF-8 becomes U+FFFD in short and in long texts, and a byte order mark stays", () => {
  assert.deepEqual(decodeScope(bytes("0a03 61ff62")), { name: "a\ufffdb" });
  const long = new Uint8Array(60).fill(97);
  long[30] = 0xc0;
  assert.equal(decodeScope(delimited(1, long)).name, `${"a".repeat(30)}\ufffd${"a".repeat(29)}`);
  assert.deepEqual(decodeScope(bytes("0a04 efbbbf61")), { name: "\ufeffa" });
});

test("ids of any length are read as they are", () => {
  const span = bytes("0a0101 1203abcdef");
  const data = decodeOtlp("traces", delimited(1, delimited(2, delimited(2, span))));
  assert.deepEqual(data.resourceSpans?.[0]?.scopeSpans?.[0]?.spans, [{ traceId: "01", spanId: "abcdef" }]);
});

/** `levels` AnyValues inside each other. */
function nested(levels: number): Uint8Array {
  let value: Uint8Array = bytes("1801");
  for (let level = 1; level < levels; level += 1) value = delimited(5, delimited(1, value));
  return value;
}

test("values nested 100 deep are read, and deeper ones are malformed rather than a stack overflow", () => {
  assert.match(JSON.stringify(decodeAnyValue(nested(100))), /"intValue":"1"/);
  malformed(() => decodeAnyValue(nested(101)), /values nested at most 100 deep/);
  malformed(() => decodeAnyValue(nested(1000)), /values nested at most 100 deep/);
});
