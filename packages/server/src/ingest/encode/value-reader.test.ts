import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeAnyValue } from "@clew/protocol/otlp/encode";
import type { AnyValue } from "@clew/protocol/otlp/model";
import { wordsOf } from "../native/words.ts";
import { WireError } from "../wire.ts";
import { ValueReader } from "./value-reader.ts";

function read(reader: ValueReader, bytes: Buffer): [string, string] {
  reader.read(bytes, wordsOf(bytes), 0, bytes.length);
  return [String.fromCharCode(reader.code), reader.text];
}

const VALUES: readonly (readonly [AnyValue, code: string, text: string])[] = [
  [{ intValue: "-7" }, "i", "-7"],
  [{ intValue: "70000000000" }, "i", "70000000000"],
  [{ doubleValue: 0.7 }, "d", "0.7"],
  [{ doubleValue: 7 }, "d", "7"],
  [{ boolValue: true }, "b", "true"],
  [{ boolValue: false }, "b", "false"],
  [{ arrayValue: { values: [{ stringValue: "stop" }] } }, "a", '["stop"]'],
  [{ arrayValue: { values: [{ stringValue: "x".repeat(300) }] } }, "a", `["${"x".repeat(300)}"]`],
  [{}, "n", ""],
];

test("a value that came before is read as it was the first time", () => {
  const reader = new ValueReader();
  for (let round = 0; round < 3; round++) {
    for (const [value, code, text] of VALUES) {
      assert.deepEqual(read(reader, Buffer.from(encodeAnyValue(value))), [code, text]);
    }
  }
});

test("more values than are remembered are read as they are", () => {
  const reader = new ValueReader();
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 5000; i++) {
      const bytes = Buffer.from(encodeAnyValue({ intValue: String(i * 1_000_003) }));
      assert.deepEqual(read(reader, bytes), ["i", String(i * 1_000_003)]);
    }
  }
});

test("a damaged value throws each time it comes", () => {
  const reader = new ValueReader();
  const endless = Buffer.from([24, 255, 255]);
  for (let round = 0; round < 2; round++) assert.throws(() => read(reader, endless), WireError);
});
