import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeAnyValue } from "@clew/protocol/otlp/encode";
import type { AnyValue } from "@clew/protocol/otlp/model";
import { restoreValue } from "../../query/restore.ts";
import { anyValueText, doubleText, int64Text } from "./any-value-text.ts";

function stored(value: AnyValue) {
  const bytes = Buffer.from(encodeAnyValue(value));
  return anyValueText(bytes, 0, bytes.length);
}

const array = (...values: AnyValue[]): AnyValue => ({ arrayValue: values.length > 0 ? { values } : {} });

const VALUES: readonly (readonly [AnyValue, code: string, text?: string])[] = [
  [{ stringValue: "" }, "s", ""],
  [{ stringValue: 'a "quoted" line\nand 日本語' }, "s"],
  [{ intValue: "0" }, "i", "0"],
  [{ intValue: "-9223372036854775808" }, "i", "-9223372036854775808"],
  [{ intValue: "9223372036854775807" }, "i", "9223372036854775807"],
  [{ doubleValue: 1 }, "d", "1"],
  [{ doubleValue: -0 }, "d", "-0"],
  [{ doubleValue: 5e-324 }, "d"],
  [{ doubleValue: "NaN" }, "d", "NaN"],
  [{ doubleValue: "-Infinity" }, "d", "-Infinity"],
  [{ boolValue: false }, "b", "false"],
  [{ bytesValue: "AAEC/w==" }, "x", "AAEC/w=="],
  [{}, "n", ""],
  [array({ intValue: "1" }, { doubleValue: 1 }, { stringValue: "1" }), "a", '[1,1.0,"1"]'],
  [array({ doubleValue: 1e21 }, { doubleValue: -0 }, { boolValue: true }), "a", "[1e+21,-0.0,true]"],
  [array({ intValue: "9007199254740993" }), "a", "[9007199254740993]"],
  [array(), "a", "[]"],
  [
    {
      kvlistValue: {
        values: [
          { key: "b", value: { intValue: "1" } },
          { key: "a", value: array() },
          { key: "b", value: { stringValue: "twice" } },
        ],
      },
    },
    "m",
    '{"b":1,"a":[],"b":"twice"}',
  ],
  [array({ bytesValue: "AA==" }), "p"],
  [array({ doubleValue: "NaN" }), "p"],
  [array({}), "p"],
];

for (const [value, code, text] of VALUES) {
  test(`${JSON.stringify(value)} is kept as ${code} and read back equal`, () => {
    const found = stored(value);
    assert.equal(found.code, code);
    if (text !== undefined) assert.equal(found.text, text);
    assert.deepEqual(restoreValue(found.code, found.text), value);
  });
}

test("nesting beyond the limit is kept as bytes", () => {
  let value: AnyValue = { stringValue: "deep" };
  for (let depth = 0; depth < 90; depth++) value = array(value);
  assert.equal(stored(value).code, "a");
  let bytes: Uint8Array = encodeAnyValue(value);
  for (let depth = 0; depth < 1000; depth++) bytes = wrapped(bytes);
  assert.equal(anyValueText(Buffer.from(bytes), 0, bytes.length).code, "p");
});

/** An AnyValue with an array that has the given value. */
function wrapped(value: Uint8Array): Uint8Array {
  const inArray = Buffer.concat([Buffer.from([10, ...varint(value.length)]), value]);
  return Buffer.concat([Buffer.from([42, ...varint(inArray.length)]), inArray]);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

test("truncated bytes are kept as bytes", () => {
  const bytes = Buffer.from(encodeAnyValue(array({ stringValue: "some text" })));
  for (let length = 1; length < bytes.length; length++) {
    const found = anyValueText(bytes, 0, length);
    assert.equal(found.code, "p");
    assert.equal(found.text, bytes.toString("base64", 0, length));
  }
});

test("text that is not UTF-8 within an array is kept as bytes", () => {
  const bytes = Buffer.from(encodeAnyValue(array({ stringValue: "xx" })));
  bytes[bytes.length - 1] = 0xff;
  assert.equal(anyValueText(bytes, 0, bytes.length).code, "p");
});

test("halves of 64-bit integers become their decimal text", () => {
  assert.equal(int64Text(0, 4294967295), "4294967295");
  assert.equal(int64Text(0x1fffff, 0xffffffff), "9007199254740991");
  assert.equal(int64Text(0xffffffff, 0xffffffff), "-1");
  assert.equal(int64Text(0x80000000, 0), "-9223372036854775808");
});

test("a double's text reads back as the same double", () => {
  for (const value of [0, -0, 0.1, 1e300, -5e-324, 123456789012345680])
    assert.ok(Object.is(Number(doubleText(value)), value));
});
