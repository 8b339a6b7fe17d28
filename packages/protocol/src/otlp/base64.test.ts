import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeBase64, encodeBase64 } from "./base64.ts";

test("bytes of every length are written as the standard alphabet with padding", () => {
  for (let length = 0; length < 20; length += 1) {
    const bytes = Uint8Array.from({ length }, (_, index) => index * 31 + 250);
    assert.equal(encodeBase64(bytes), Buffer.from(bytes).toString("base64"));
    assert.deepEqual(decodeBase64(encodeBase64(bytes)), bytes);
  }
  const long = Uint8Array.from({ length: 10_001 }, (_, index) => index * 7);
  assert.equal(encodeBase64(long), Buffer.from(long).toString("base64"));
  assert.equal(encodeBase64(long, 5, 9), Buffer.from(long.subarray(5, 9)).toString("base64"));
});

test("the URL alphabet and missing padding are read", () => {
  assert.deepEqual(decodeBase64("-_8"), Uint8Array.of(251, 255));
  assert.deepEqual(decodeBase64("+/8="), Uint8Array.of(251, 255));
  assert.deepEqual(decodeBase64("AA"), Uint8Array.of(0));
});

test("other characters and impossible lengths are no base64", () => {
  for (const text of ["A", "AAAAA", "A===", "AA=", "AAA==", "A A=", "AA==A", "é", "====", "="]) {
    assert.equal(decodeBase64(text), undefined, text);
  }
});
