import assert from "node:assert/strict";
import { test } from "node:test";
import { ProtobufWriter } from "./protobuf-writer.ts";

test("a number or bytes for which the buffer has to grow are written to the larger one", () => {
  const writes: readonly [expected: string, write: (writer: ProtobufWriter) => void][] = [
    ["04030201", (writer) => writer.fixed32(0x01020304)],
    ["0807060504030201", (writer) => writer.fixed64("72623859790382856")],
    ["000000000000f83f", (writer) => writer.double(1.5)],
    ["0102030405", (writer) => writer.base64("AQIDBAU=")],
    ["ac02", (writer) => writer.varint(300)],
    ["ffffffffffffffffff01", (writer) => writer.varint64("-1")],
    ["616263", (writer) => writer.string("abc")],
    ["c3a9", (writer) => writer.string("é")],
    ["0a0b", (writer) => writer.hex("0a0b")],
  ];
  for (const [expected, write] of writes) {
    const writer = new ProtobufWriter(1);
    writer.varint(7);
    write(writer);
    assert.equal(Buffer.from(writer.finish()).toString("hex"), `${expected}07`);
  }
});
