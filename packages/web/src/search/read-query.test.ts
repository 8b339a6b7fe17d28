import assert from "node:assert/strict";
import { test } from "node:test";
import { type Reading, readQuery } from "./read-query.ts";

const readings: readonly (readonly [text: string, reading: Reading])[] = [
  ["{ status = error }", { asks: "traces" }],
  ["{ } | rate() by (agent:name)", { asks: "series", unit: "number" }],
  ["{ } | avg_over_time(duration)", { asks: "series", unit: "seconds" }],
  ["{ } | quantile_over_time(agent:time_to_first_token, .5) > 1s", { asks: "series", unit: "seconds" }],
  ["{ } | sum_over_time(agent:cost) by (agent:model) | topk(3)", { asks: "series", unit: "usd" }],
  ["{ } | histogram_over_time(duration)", { asks: "series", unit: "number" }],
  ["({ } | rate()) / ({ } | avg_over_time(duration))", { asks: "series", unit: "number" }],
  [
    "{ agent:nmae = 1 }",
    {
      fault: {
        message: "there is no agent:nmae; did you mean agent:name?",
        offset: 2,
        length: 10,
        suggestion: "agent:name",
      },
    },
  ],
];

for (const [text, reading] of readings)
  test(`what ${text} asks for`, () => assert.deepEqual(readQuery(text), reading));
