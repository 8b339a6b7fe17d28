import assert from "node:assert/strict";
import { test } from "node:test";
import {
  between,
  nanosFromMicros,
  nanosToMs,
  unixMs,
  unixNanos,
  unixNanosFromMs,
  unixNanosToIso,
} from "./time.ts";

test("a skewed clock yields a zero duration", () => {
  assert.equal(between(unixNanos("5"), unixNanos("3")), 0n);
  assert.equal(between(unixNanos(3n), unixNanos(5n)), 2n);
});

test("milliseconds become nanoseconds and back, fractions included", () => {
  assert.equal(unixNanosFromMs(1_544_712_660_300), 1_544_712_660_300_000_000n);
  assert.equal(unixNanosFromMs(1.5), 1_500_000n);
  assert.equal(unixMs(unixNanos("1544712660300999999")), 1_544_712_660_300);
  assert.equal(nanosToMs(between(unixNanos(0n), unixNanos(1_500_000n))), 1.5);
});

test("a time is written with nine digits", () => {
  assert.equal(unixNanosToIso(unixNanos("1544712660300000001")), "2018-12-13T14:51:00.300000001Z");
  assert.equal(unixNanosToIso(unixNanos(0n)), "1970-01-01T00:00:00.000000000Z");
  assert.equal(unixNanosToIso(unixNanos("18446744073709551615")), "2554-07-21T23:34:33.709551615Z");
  assert.equal(unixNanosToIso(unixNanos(10n ** 26n)), undefined);
});

test("microseconds come as numbers or text", () => {
  assert.equal(nanosFromMicros(1_700_000_000_000_001), 1_700_000_000_000_001_000n);
  assert.equal(nanosFromMicros("1700000000000001"), 1_700_000_000_000_001_000n);
  assert.equal(nanosFromMicros(2.5), 2500n);
  assert.equal(nanosFromMicros(0), 0n);
});

test("what is no count of microseconds is undefined", () => {
  for (const value of [
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e30,
    "",
    "1e3",
    "x",
    "9".repeat(18),
    "9".repeat(17),
    2e16,
    null,
    {},
    true,
  ]) {
    assert.equal(nanosFromMicros(value), undefined, String(value));
  }
});
