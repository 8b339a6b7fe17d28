import assert from "node:assert/strict";
import { test } from "node:test";
import type { MetricsSeries } from "@clew/protocol/api/metrics";
import { assertGolden } from "../../fixtures/golden.ts";
import { unpainted } from "../../screen/paint.ts";
import type { Screen } from "../../screen/screen.ts";
import { textWidth } from "../../screen/text-width.ts";
import { metricsPicture } from "./metrics-picture.ts";
import { LAST_MS, metricsQuery, series, times } from "./testing/answers.ts";

const SCREEN: Screen = { width: 100, color: false, unicode: true, isTerminal: true };
const PIPE: Screen = { ...SCREEN, isTerminal: false };

/** Goes up and down, at most `most`. */
function wave(points: number, most: number, shift = 0): number[] {
  return Array.from({ length: points }, (_, at) => ((Math.sin((at + shift) / 6) + 1) * most) / 2);
}

function picture(
  query: string,
  all: readonly MetricsSeries[],
  screen: Partial<Screen> = {},
  stepMs?: number,
): string[] {
  const timesMs = times(all[0]?.values.length ?? 1, stepMs);
  return metricsPicture(metricsQuery(query), { timesMs, series: all }, { ...SCREEN, ...screen }, LAST_MS);
}

const EXEMPLAR = {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "00f067aa0ba902b7",
  timeMs: LAST_MS - 1_500_000,
  value: 2.87,
};
const WITH_GAP = wave(60, 1.26).map((value, at) => (at > 20 && at < 28 ? null : value));

const GROUPED = [
  series({ "agent:name": "planner" }, wave(60, 0.42)),
  series({ "agent:name": "\u001b[2Jresearcher \u202eof things with a name that is long" }, WITH_GAP),
  series({ "agent:name": undefined }, wave(60, 0)),
];
const QUANTILES = [
  series({ "agent:model": "gpt-5.1", p: 0.5 }, wave(60, 0.4)),
  series({ "agent:model": "gpt-5.1", p: 0.99 }, wave(60, 3, 9), [EXEMPLAR]),
];
const BUCKETS = [0.268435456, 0.536870912, 1.073741824, 4.294967296].map((bucket, at) =>
  series(
    { __bucket: bucket },
    wave(60, 20 - 4 * at, 5 * at).map((value) => Math.round(value)),
  ),
);
const COMPARED = [
  series({ __meta_type: "selection", name: "execute_tool search" }, [10]),
  series({ __meta_type: "selection", name: "chat" }, [2]),
  series({ __meta_type: "selection_total", name: undefined }, [12]),
  series({ __meta_type: "baseline", name: "chat" }, [2400]),
  series({ __meta_type: "baseline", name: "execute_tool search" }, [100]),
  series({ __meta_type: "baseline_total", name: undefined }, [3400]),
  series({ __meta_type: "selection", status: "error" }, [12]),
  series({ __meta_type: "baseline", status: "unset" }, [3400]),
  series({ __meta_type: "selection", "resource.service.name": "shop" }, [6]),
  series({ __meta_type: "baseline", "resource.service.name": "shop" }, [1700]),
  series({ __meta_type: "selection", "span.http.url": "/x" }, [3]),
  series({ __meta_error: "__too_many_values__", "span.http.url": undefined }, []),
];

/** Every kind of picture. */
const PICTURES: readonly (readonly [query: string, all: readonly MetricsSeries[], stepMs?: number])[] = [
  ["{ } | rate()", [series({ __name__: "rate" }, WITH_GAP, [{ ...EXEMPLAR, value: null }])]],
  ["{ } | max_over_time(duration)", [series({ __name__: "max_over_time" }, wave(200, 100))], 3_600_000],
  ["{ } | count_over_time()", [series({ __name__: "count_over_time" }, [3, 0, null, 12_000, 4])]],
  ["{ } | rate() by (agent:name)", GROUPED],
  ["{ } | quantile_over_time(duration, .5, .99) by (agent:model)", QUANTILES],
  ["{ } | histogram_over_time(duration)", BUCKETS],
  ["{ .a } | compare({ status = error })", COMPARED],
  [
    "{ } | sum_over_time(agent:cost) by (agent:model)",
    [["tiny", 0.0042] as const, ["gpt-5.1", 2.31] as const, ["o9", 0.412] as const].map(([model, usd]) =>
      series({ "agent:model": model }, [usd]),
    ),
  ],
  [
    "{ } | histogram_over_time(agent:tokens)",
    [128, 1024, 512].map((to) => series({ __bucket: to }, [to / 64])),
  ],
];

function all(screen: Partial<Screen>): string[] {
  return PICTURES.flatMap(([query, of, stepMs]) => [`$ ${query}`, ...picture(query, of, screen, stepMs), ""]);
}

test("a series is a chart, several are lines, a histogram a heat map, a comparison a table", () => {
  assertGolden("metrics", all({}));
});

test("without Unicode pictures are made of signs", () => {
  const lines = all({ unicode: false, width: 72 });
  assertGolden("metrics-ascii", lines);
  for (const line of lines) assert.match(line, /^[\x20-\x7e]*$/);
});

test("in a file or a pipe series are a table without a picture", () => {
  const lines = all(PIPE);
  assertGolden("metrics-piped", lines);
  for (const line of lines) assert.doesNotMatch(line, /[▁-█░▒▓│]/);
});

test("everything fits the terminal, and nothing steers it", () => {
  for (const width of [40, 60, 80, 200]) {
    for (const line of PICTURES.flatMap(([query, of, stepMs]) => picture(query, of, { width }, stepMs))) {
      assert.ok(textWidth(line) <= width, `${width}: ${line}`);
      assert.doesNotMatch(line, /[\p{Cc}\u202a-\u202e]/u);
    }
  }
});

test("colour is for screens that have it", () => {
  const [query, of] = PICTURES[3]!;
  const painted = picture(query, of, { color: true });
  assert.deepEqual(painted.map(unpainted), picture(query, of));
  assert.notDeepEqual(painted, picture(query, of));
});

test("no series at all is no picture", () => {
  assert.deepEqual(picture("{ } | rate()", []), []);
});

test("a histogram with labels has a map for each, as far as a screen takes them", () => {
  const maps = Array.from({ length: 10 }, (_, at) =>
    series({ "agent:name": `agent ${at}`, __bucket: 1 }, wave(30, 10)),
  );
  const lines = picture("{ } | histogram_over_time(duration) by (agent:name)", maps);
  assert.deepEqual(
    lines.filter((line) => line.startsWith("agent:name=")),
    Array.from({ length: 8 }, (_, at) => `agent:name=agent ${at}`),
  );
  assert.equal(lines.at(-1), "and 2 more");
});

test("many buckets share rows, and none is lost", () => {
  const buckets = Array.from({ length: 60 }, (_, at) => series({ __bucket: 2 ** at / 1e9 }, [1, 0]));
  const rows = picture("{ } | histogram_over_time(duration)", buckets).filter((line) => line.includes("│"));
  assert.equal(rows.length, 20);
  for (const row of rows) assert.match(row, /│█{8}$/);
});
