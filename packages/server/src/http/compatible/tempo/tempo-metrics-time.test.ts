import assert from "node:assert/strict";
import { test } from "node:test";
import { QueryValues } from "../query-values.ts";
import { readMetricsTime, readStep } from "./tempo-metrics-time.ts";

const NOW_S = 1_790_000_000;
const values = (parameters: Record<string, string>) =>
  new QueryValues(`http://localhost/?${new URLSearchParams(parameters)}`);

/** Seconds. */
function time(parameters: Record<string, string>): [number, number] {
  const { fromNs, toNs } = readMetricsTime(values(parameters), NOW_S * 1000);
  return [Number(fromNs) / 1e9, Number(toNs) / 1e9];
}

test("a time is one of seconds, with a fraction or without, of nanoseconds, or of RFC 3339", () => {
  for (const start of [
    "1789999400",
    "1789999400.000",
    "1789999400000000000",
    "2026-09-21T14:03:20Z",
    "2026-09-21T16:03:20.000000+02:00",
  ]) {
    assert.deepEqual(time({ start, end: "1789999500.5" }), [1_789_999_400, 1_789_999_500.5], start);
  }
});

test("what is not given is the last hour, or a length of time before the end, which may be yet to come", () => {
  assert.deepEqual(time({}), [NOW_S - 3600, NOW_S]);
  assert.deepEqual(time({ since: "15m" }), [NOW_S - 900, NOW_S]);
  assert.deepEqual(time({ since: "1d12h", end: "1789000000" }), [1_789_000_000 - 36 * 3600, 1_789_000_000]);
  assert.deepEqual(time({ end: `${NOW_S + 60}`, since: "10s" }), [NOW_S - 10, NOW_S + 60]);
  assert.deepEqual(time({ start: "1789000000", since: "1h" }), [1_789_000_000, NOW_S]);
  assert.deepEqual(time({ since: "9000w" }), [0, NOW_S]);
});

test("a time that makes no sense is refused by name", () => {
  for (const [parameters, message] of [
    [{ start: "yesterday" }, /^start is "yesterday"; it must be seconds/],
    [{ end: "-5" }, /^end is "-5"/],
    [{ end: "2026-05-01" }, /^end is "2026-05-01"/],
    [{ start: "9999999999999999999" }, /^start is "9999999999999999999"/],
    [{ since: "long" }, /^since is "long"/],
    [{ start: "5", end: "5" }, /^start must be before end/],
    [{ since: "0s" }, /^start must be before end/],
  ] as const) {
    assert.throws(() => time(parameters as Record<string, string>), { message });
  }
});

/** Seconds. */
function step(length: string, asked?: string): number {
  const parameters = values({ since: length, ...(asked !== undefined && { step: asked }) });
  return Number(readStep(parameters, readMetricsTime(parameters, NOW_S * 1000))) / 1e9;
}

test("a step is one of seconds or a length of time", () => {
  assert.deepEqual(
    ["15", "0.5", "1m30s", "100ms"].map((asked) => step("1h", asked)),
    [15, 0.5, 90, 0.1],
  );
  for (const wrong of ["0", "0s", "-1", "often"]) {
    assert.throws(() => step("1h", wrong), { message: /^step / });
  }
});

test("without a step it is what Tempo takes: some 240 points and round", () => {
  for (const [length, seconds] of [
    ["5s", 0.05],
    ["30s", 0.1],
    ["59s", 0.2],
    ["1m", 1],
    ["15m", 3],
    ["1h", 15],
    ["3h", 45],
    ["6h", 60],
    ["1d", 300],
    ["7d", 2400],
    ["30d", 10_800],
  ] as const) {
    assert.equal(step(length), seconds, length);
  }
});
