import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDuration } from "./duration.ts";
import { parseMoment } from "./moment.ts";

const NOW_MS = 1_790_000_000_000;
const NOW = 1_790_000_000_000_000_000n;

test("a moment is relative, ISO 8601, milliseconds or nanoseconds", () => {
  const cases: [string, bigint][] = [
    ["now", NOW],
    ["now-15m", NOW - 900_000_000_000n],
    ["now-1.5h", NOW - 5_400_000_000_000n],
    ["now+1s", NOW + 1_000_000_000n],
    ["1790000000000", NOW],
    ["1790000000000.25", NOW + 250_000n],
    ["1790000000000000001", NOW + 1n],
    ["0", 0n],
    ["2026-09-21T13:33:20Z", 1_789_997_600_000_000_000n],
    ["2026-09-21T13:33:20.000000001Z", 1_789_997_600_000_000_001n],
    ["2026-09-21T15:33:20+02:00", 1_789_997_600_000_000_000n],
    ["2026-09-21T13:33:20", 1_789_997_600_000_000_000n],
    ["2026-09-21T13:33", 1_789_997_580_000_000_000n],
    ["2026-09-21", 1_789_948_800_000_000_000n],
  ];
  for (const [text, nanos] of cases) assert.equal(parseMoment(text, NOW_MS), nanos, text);
});

test("what is no moment, or one that cannot be stored, is refused", () => {
  const wrong = [
    "",
    "yesterday",
    "now-",
    "now-15",
    "now-15x",
    "-1",
    "1e3",
    "2026-13-01",
    "2026-09-21 10:00",
    "99999999999999999999",
    "9223372036854775808",
    "now-999999d",
  ];
  for (const text of wrong) assert.equal(parseMoment(text, NOW_MS), undefined, text);
});

test("a duration has a unit, or is milliseconds", () => {
  const cases: [string, bigint][] = [
    ["250ms", 250_000_000n],
    ["250", 250_000_000n],
    ["1.5s", 1_500_000_000n],
    ["2m", 120_000_000_000n],
    ["1h", 3_600_000_000_000n],
    ["3d", 259_200_000_000_000n],
    ["10us", 10_000n],
    ["7ns", 7n],
    ["0", 0n],
  ];
  for (const [text, nanos] of cases) assert.equal(parseDuration(text), nanos, text);
  for (const text of ["", "s", "-1s", "1 week", "1e3ms", "0x1", "999999999999d"])
    assert.equal(parseDuration(text), undefined, text);
});
