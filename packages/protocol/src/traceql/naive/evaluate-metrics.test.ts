import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "../parse.ts";
import { spanOf, treeOf } from "../testing/span-of.ts";
import { stepIndex, timeSteps } from "../time-steps.ts";
import { evaluateMetrics } from "./evaluate-metrics.ts";
import type { PlainSpan, PlainTrace } from "./plain-trace.ts";
import { viewTrace } from "./trace-view.ts";

const SECOND = 1_000_000_000n;

//            t = 10 s      20 s        30 s
//  a         * * (1)       * (2)                 status error: the second
//  b         * (1)                     * * (4)
const spans: readonly PlainSpan[] = [
  at(5, "a", { n: 1n }, 1),
  at(10, "a", { n: 3n }, 2, "error"),
  at(11, "a", { n: 5n }, 3),
  at(9, "b", { n: 2n }, 4),
  at(21, "b", {}, 8),
  at(30, "b", { n: 4.5 }, 16),
];
const traces: readonly PlainTrace[] = spans.map((span, index) => ({ traceId: `${index}`, spans: [span] }));
const range = { start: 10n * SECOND, end: 30n * SECOND, step: 10n * SECOND };

function at(
  seconds: number,
  service: string,
  attributes: PlainSpan["attributes"],
  durationSeconds: number,
  status: PlainSpan["status"] = "ok",
): PlainSpan {
  const told = {
    start: BigInt(seconds) * SECOND,
    duration: BigInt(durationSeconds) * SECOND,
    status,
    attributes,
  };
  return spanOf(`${service}${seconds}`, { ...told, resource: { service } });
}

/** Series as text: labels, then the points, with - for a missing one. */
function series(
  text: string,
  of: readonly PlainTrace[] = traces,
  within: Parameters<typeof timeSteps>[0] = range,
) {
  const query = parse(text);
  assert.ok(query.kind === "metrics");
  return evaluateMetrics(query, of.map(viewTrace), within).map(({ labels, values }) => {
    const shown = labels.map(({ name, value }) => {
      if (value === undefined) return `${name}=nil`;
      return `${name}=${value.type === "array" ? value.elements.map((one) => one.value) : value.value}`;
    });
    return `${shown.join()}: ${values.map((value) => (Number.isNaN(value) ? "-" : value)).join(" ")}`;
  });
}

const answers: readonly (readonly [text: string, expected: readonly string[]])[] = [
  ["{ } | count_over_time()", ["__name__=count_over_time: 3 1 2"]],
  ["{ } | rate()", ["__name__=rate: 0.3 0.1 0.2"]],
  ["{ false } | rate()", ["__name__=rate: 0 0 0"]],
  ["{ false } | rate() by (name)", []],
  [
    "{ } | count_over_time() by (resource.service)",
    ["resource.service=a: 2 1 0", "resource.service=b: 1 0 2"],
  ],
  ["{ status = error } | count_over_time() by (span:status)", ["status=error: 1 0 0"]],
  [
    "{ } | count_over_time() by (.n, .x)",
    [".n=4.5: 0 0 1", ".n=1: 1 0 0", ".n=2: 1 0 0", ".n=3: 1 0 0", ".n=5: 0 1 0", ".n=nil: 0 0 1"],
  ],
  ["{ } | min_over_time(.n)", ["__name__=min_over_time: 1 5 4.5"]],
  ["{ } | max_over_time(.n) by (.service)", [".service=a: 3 5 -", ".service=b: 2 - 4.5"]],
  ["{ } | sum_over_time(.n)", ["__name__=sum_over_time: 6 5 4.5"]],
  ["{ } | avg_over_time(.n)", ["__name__=avg_over_time: 2 5 4.5"]],
  ["{ } | sum_over_time(.x)", []],
  ["{ } | sum_over_time(duration)", ["__name__=sum_over_time: 7 3 24"]],
  ["{ } | max_over_time(trace:duration)", ["__name__=max_over_time: 4 3 16"]],
  ["{ } | quantile_over_time(.n, 0, 0.5, 1)", ["p=0: 1 5 4.5", "p=0.5: 2 5 4.5", "p=1: 3 5 4.5"]],
  [
    "{ } | quantile_over_time(duration, .25) by (.service)",
    [".service=a,p=0.25: 1.25 3 -", ".service=b,p=0.25: 4 - 10"],
  ],
  [
    "{ } | histogram_over_time(.n)",
    ["__bucket=1: 1 0 0", "__bucket=2: 1 0 0", "__bucket=4: 1 0 0", "__bucket=8: 0 1 1"],
  ],
  [
    "{ } | histogram_over_time(duration)",
    [
      "__bucket=1.073741824: 1 0 0",
      "__bucket=17.179869184: 0 0 1",
      "__bucket=2.147483648: 1 0 0",
      "__bucket=4.294967296: 1 1 0",
      "__bucket=8.589934592: 0 0 1",
    ],
  ],
  ["{ } | rate() > 0.15", ["__name__=rate: 0.3 - 0.2"]],
  ["{ } | avg_over_time(duration) < 3s", ["__name__=avg_over_time: 2.3333333333333335 - -"]],
  ["{ } | rate() by (.service) > 5", []],
  ["{ } | count_over_time() by (.service) | topk(1)", [".service=a: 2 1 -", ".service=b: - - 2"]],
  ["{ } | count_over_time() by (.service) | bottomk(1)", [".service=a: - - 0", ".service=b: 1 0 -"]],
  ["{ } | count_over_time() by (.service) | topk(1) > 1", [".service=a: 2 - -", ".service=b: - - 2"]],
  ["({ status = error } | rate()) / ({ } | rate())", ["__name__=(rate / rate): 0.33333333333333337 0 0"]],
  ["({ } | rate()) / ({ false } | rate())", []],
  ["100 * ({ status = error } | count_over_time()) + 1", ["__name__=count_over_time: 101 1 1"]],
  [
    "({ } | count_over_time() by (.service)) / ({ } | count_over_time())",
    [".service=a: 0.6666666666666666 1 0", ".service=b: 0.3333333333333333 0 1"],
  ],
  ["1 / ({ } | count_over_time() by (.service))", [".service=a: 0.5 1 -", ".service=b: 1 - 0.5"]],
  [
    "({ } | max_over_time(.n) by (.service)) - ({ .service = `a` } | min_over_time(.n) by (.service))",
    [".service=a: 2 0 -"],
  ],
  ["({ } | count_over_time() by (.service) > 1) * 10", [".service=a: 20 - -", ".service=b: - - 20"]],
  ["({ } | count_over_time()) * 2 > 2 | topk(3)", ["__name__=count_over_time: 6 - 4"]],
];

for (const [text, expected] of answers) {
  test(`${text}`, () => assert.deepEqual(series(text), expected));
}

test("structure is that of the whole trace, but spans outside of the range do not count", () => {
  const trace = treeOf("a(b c)", {
    a: { start: 0n },
    b: { start: 15n * SECOND },
    c: { start: 31n * SECOND },
  });
  assert.deepEqual(series("{ name = `a` } > { } | count_over_time()", [trace]), [
    "__name__=count_over_time: 0 1 0",
  ]);
  assert.deepEqual(series("{ } | count() > 2 | count_over_time()", [trace]), [
    "__name__=count_over_time: 0 1 0",
  ]);
});

test("without a step there is one point for the whole time", () => {
  const whole = { start: 5n * SECOND, end: 25n * SECOND, step: undefined };
  assert.deepEqual(series("{ } | count_over_time()", traces, whole), ["__name__=count_over_time: 4"]);
  assert.deepEqual(series("{ } | rate()", traces, whole), ["__name__=rate: 0.2"]);
});

test("compare() counts values of all fields inside and outside of the selection", () => {
  const lines = series("{ .n != nil } | compare({ .service = `a` }, 2)");
  assert.ok(lines.includes("__meta_type=selection,resource.service=a: 2 1 0"));
  assert.ok(lines.includes("__meta_type=baseline,resource.service=b: 1 0 1"));
  assert.ok(lines.includes("__meta_type=selection,status=error: 1 0 0"));
  assert.ok(lines.includes("__meta_type=selection_total,span.n=nil: 2 1 0"));
  assert.equal(lines.filter((line) => line.startsWith("__meta_type=selection,span.n=")).length, 2);
  assert.ok(lines.includes("__meta_error=__too_many_values__,span.n=nil: "));
  assert.ok(!lines.some((line) => line.includes("duration") || line.includes("span:id")));
  const early = `{ .n != nil } | compare({ .service = \`a\` }, 2, ${5n * SECOND}, ${10n * SECOND})`;
  assert.ok(series(early).includes("__meta_type=selection,resource.service=a: 1 0 0"));
});

test("points are multiples of the step, and a span counts at the first one not before it", () => {
  const steps = timeSteps({ start: 12n, end: 31n, step: 10n });
  assert.deepEqual(steps, { first: 10n, step: 10n, count: 4 });
  const times = [0n, 1n, 10n, 11n, 20n, 31n, 40n, 41n];
  assert.deepEqual(
    times.map((time) => stepIndex(steps, time)),
    [undefined, 0, 0, 1, 1, 3, 3, undefined],
  );
});
