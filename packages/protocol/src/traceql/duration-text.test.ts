import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDuration, printDuration } from "./duration-text.ts";

test("a duration is the sum of its parts, with fractions to the nanosecond", () => {
  const expected: Record<string, bigint | undefined> = {
    "1ns": 1n,
    "1us": 1_000n,
    "1µs": 1_000n,
    "1μs": 1_000n,
    "1.5s": 1_500_000_000n,
    ".24h": 864_000_000_000n,
    "2.s": 2_000_000_000n,
    "1h30m": 5_400_000_000_000n,
    "1h15m30.918273645s": 4_530_918_273_645n,
    "0.0000000019s": 1n,
    "1d": 86_400_000_000_000n,
    "1w": 604_800_000_000_000n,
    "1y": 31_536_000_000_000_000n,
    "0s": 0n,
    "": undefined,
    "1": undefined,
    "1h30": undefined,
    "1x": undefined,
    ".s": undefined,
  };
  for (const [text, nanos] of Object.entries(expected)) assert.equal(parseDuration(text), nanos, text);
});

test("a duration prints in whole parts from hours down and reads as the same", () => {
  const expected: [bigint, string][] = [
    [0n, "0s"],
    [1n, "1ns"],
    [1_500_000_000n, "1s500ms"],
    [90_000_000_000_000n, "25h"],
    [-5_400_000_000_001n, "-1h30m1ns"],
    [2n ** 63n - 1n, "2562047h47m16s854ms775us807ns"],
  ];
  for (const [nanos, text] of expected) {
    assert.equal(printDuration(nanos), text);
    assert.equal(parseDuration(text.replace("-", "")), nanos < 0n ? -nanos : nanos);
  }
});
