import type { Random } from "@clew/protocol/traceql/testing/seeded-random";
import { randomSearch } from "./random-search.ts";

const NUMBERS = [
  "duration",
  "span.a",
  "span.b",
  ".size",
  "agent:tokens",
  "agent:cost",
  "event.n",
  "childCount",
];
const LABELS = [
  "agent:name",
  "agent:type",
  "name",
  "kind",
  "status",
  "span.b",
  ".region",
  ".flag",
  "resource.tier",
  "resource.service.name",
  "event:name",
  "instrumentation:name",
  "rootName",
  "parent.a",
];

/** A metrics query over `oddTraces`; some make no sense. */
export function randomMetrics(random: Random): string {
  const first = series(random);
  if (random.once(5)) return `(${first}) ${random.pick(["+", "-", "*", "/"])} (${series(random)})`;
  if (random.once(6)) return `${first} | ${random.pick(["topk", "bottomk"])}(2)`;
  return random.once(6) ? `${first} ${random.pick([">", "<=", "!="])} 1` : first;
}

function series(random: Random): string {
  // Half of them without anything that looks at other spans.
  const spans = random.once(2) ? randomSearch(random, random.below(3)) : filter(random);
  return `${spans} | ${aggregate(random)}${by(random)}`;
}

function filter(random: Random): string {
  return random.pick([
    "{ }",
    "{ status = error }",
    '{ agent:name = "planner" }',
    '{ .region != "eu" }',
    '{ span.a > 1 || event:name = "token" }',
    "{ duration > 2ms && kind != server }",
    '{ resource.tier = "1" }',
    "{ agent:type != nil }",
  ]);
}

function aggregate(random: Random): string {
  const number = random.pick(NUMBERS);
  switch (random.below(5)) {
    case 0:
      return random.pick(["rate()", "count_over_time()"]);
    case 1:
      return `quantile_over_time(${number}, ${random.pick([".5", ".9, .1", "1"])})`;
    case 2:
      return `histogram_over_time(${number})`;
    default:
      return `${random.pick(["min", "max", "avg", "sum"])}_over_time(${number})`;
  }
}

function by(random: Random): string {
  if (random.once(3)) return "";
  const labels = Array.from({ length: 1 + random.below(2) }, () => random.pick(LABELS));
  return ` by (${[...new Set(labels)].join(", ")})`;
}
