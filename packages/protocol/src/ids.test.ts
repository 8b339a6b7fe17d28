import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesToHex, hexToBytes, isSpanId, isTraceId, writeHex } from "./ids.ts";

test("every byte has two lower-case digits and comes back", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  const hex = bytesToHex(bytes);
  assert.equal(hex, Buffer.from(bytes).toString("hex"));
  assert.deepEqual(hexToBytes(hex), bytes);
  assert.deepEqual(hexToBytes(hex.toUpperCase()), bytes);
});

test("a long value and a part of one are written whole", () => {
  const bytes = Uint8Array.from({ length: 5000 }, (_, index) => index * 7);
  assert.equal(bytesToHex(bytes), Buffer.from(bytes).toString("hex"));
  assert.equal(bytesToHex(bytes, 10, 18), Buffer.from(bytes.subarray(10, 18)).toString("hex"));
  assert.equal(bytesToHex(bytes, 3, 3), "");
});

test("odd length and other characters are no hex", () => {
  for (const text of ["0", "abc", "0g", "g0", "0x", " 0", "é0", "0\u0130", "00000000000000-0"]) {
    assert.equal(hexToBytes(text), undefined, text);
  }
  assert.deepEqual(hexToBytes(""), new Uint8Array(0));
});

test("hex is written into the middle of an array", () => {
  const target = new Uint8Array(4);
  assert.equal(writeHex("A1b2", target, 1), true);
  assert.deepEqual([...target], [0, 0xa1, 0xb2, 0]);
});

test("an id has the right length, only hex digits, and is not all zero", () => {
  assert.equal(isTraceId("5b8efff798038103d269b633813fc60c"), true);
  assert.equal(isTraceId("5B8EFFF798038103D269B633813FC60C"), true);
  assert.equal(isTraceId(`${"0".repeat(31)}1`), true);
  assert.equal(isTraceId("0".repeat(32)), false);
  assert.equal(isTraceId("5b8efff798038103d269b633813fc60"), false);
  assert.equal(isTraceId("5b8efff798038103d269b633813fc60cc"), false);
  assert.equal(isTraceId("5b8efff798038103d269b633813fc60g"), false);
  assert.equal(isSpanId("eee19b7ec3c1b174"), true);
  assert.equal(isSpanId("0".repeat(16)), false);
  assert.equal(isSpanId("eee19b7ec3c1b17"), false);
  assert.equal(isSpanId("eee19b7e-3c1b174"), false);
});
