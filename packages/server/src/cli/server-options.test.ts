import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMoment } from "./server-options.ts";

test("a length of time is that long ago", () => {
  assert.equal(parseMoment("1.5h"), "now-1.5h");
});

test("a date is local, with and without a time, unless it names its zone", () => {
  assert.equal(parseMoment("2026-11-21"), new Date(2026, 10, 21).toISOString());
  assert.equal(parseMoment("2026-11-21 09:30"), new Date(2026, 10, 21, 9, 30).toISOString());
  assert.equal(parseMoment("2026-11-21T09:30:01.5+02:00"), "2026-11-21T07:30:01.500Z");
});

test("what only JavaScript takes for a date is none", () => {
  for (const text of ["5", "1 hour", "30min", "2026-02-30T25:00", "yesterday 1"]) {
    assert.throws(() => parseMoment(text), { code: "commander.invalidArgument" }, text);
  }
});
