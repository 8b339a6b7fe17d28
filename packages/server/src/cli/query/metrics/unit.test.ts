import assert from "node:assert/strict";
import { test } from "node:test";
import { metricsQuery } from "./testing/answers.ts";
import { measuredUnit, quantity, unitOf } from "./unit.ts";

test("what series count in follows from the query", () => {
  for (const [query, unit, measured = "number"] of [
    ["{ } | rate() by (name)", "perSecond"],
    ["{ } | count_over_time()", "spans"],
    ["{ } | quantile_over_time(duration, .9) > 2s", "seconds", "seconds"],
    ["{ } | max_over_time(agent:time_to_first_token)", "seconds", "seconds"],
    ["{ } | sum_over_time(agent:output_tokens) | topk(3)", "tokens", "tokens"],
    ["{ } | avg_over_time(agent:cost)", "usd", "usd"],
    ["{ } | avg_over_time(span.size)", "number"],
    ["{ } | histogram_over_time(duration)", "spans", "seconds"],
    ["({ } | rate()) + ({ .a } | rate())", "perSecond"],
    ["({ } | rate()) - 1", "perSecond"],
    ["({ .a } | rate()) / ({ } | rate())", "number"],
    ["100 * ({ } | sum_over_time(agent:cost))", "number", "usd"],
    ["({ } | max_over_time(duration)) - ({ } | rate())", "number", "seconds"],
  ] as const) {
    const { expression } = metricsQuery(query);
    assert.deepEqual([unitOf(expression), measuredUnit(expression)], [unit, measured], query);
  }
});

test("numbers are told with three figures and their unit", () => {
  for (const [value, unit, text] of [
    [0, "perSecond", "0"],
    [0.002_346, "perSecond", "0.00235/s"],
    [1234, "perSecond", "1.2k/s"],
    [0.041_2, "seconds", "41.2 ms"],
    [-1.5, "seconds", "-1.5 s"],
    [0.0042, "usd", "$0.0042"],
    [0, "usd", "0"],
    [62_100, "tokens", "62.1k"],
    [999.7, "number", "1k"],
    [1 / 3, "number", "0.333"],
    [Number.POSITIVE_INFINITY, "number", "Infinity"],
  ] as const) {
    assert.equal(quantity(value, unit), text);
  }
});
