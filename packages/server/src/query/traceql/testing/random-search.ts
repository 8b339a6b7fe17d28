import type { Random } from "@clew/protocol/traceql/testing/seeded-random";

const NUMBERS = [
  ".a",
  "span.b",
  "span.size",
  "span.edge",
  "span.ratio",
  "resource.tier",
  "event.n",
  "span.list",
];
const TEXTS = [
  ".region",
  "span.region",
  "resource.region",
  "span.note",
  'span."a b"',
  "name",
  "agent:name",
  "event:name",
  "rootName",
  "parent.region",
  "span.tags",
  "resource.zone",
  "event.message",
  "statusMessage",
  "instrumentation:name",
  "span.input.value",
];
const FLAGS = [".flag", "span.flag", "resource.flag", "parent.flag", "agent:running"];
const TIMES = ["duration", "traceDuration", "parent.duration", "event:timeSinceStart"];
const COUNTS = ["childCount", "nestedSetLeft", "agent:tokens", "agent:input_tokens", "parent.a"];
const RELATIONS = [">", ">>", "<", "<<", "~"].flatMap((sign) => [sign, `!${sign}`, `&${sign}`]);

/** A search over `oddTraces`, built from the grammar; `depth` bounds how deep it is. Some make no sense. */
export function randomSearch(random: Random, depth: number): string {
  const stages = [random.once(8) ? `by(${field(random)})` : spanset(random, depth)];
  while (random.once(2)) stages.push(stage(random, depth));
  return stages.join(" | ");
}

function stage(random: Random, depth: number): string {
  switch (random.below(5)) {
    case 0:
      return `by(${field(random)})`;
    case 1:
      return random.once(2) ? "coalesce()" : `select(${field(random)})`;
    case 2:
      return spanset(random, depth);
    default:
      return `${scalar(random, depth)} ${random.pick(["=", "!=", "<", ">="])} ${random.pick(["1", "2", "0.5", "1s", "count()"])}`;
  }
}

function scalar(random: Random, depth: number): string {
  switch (random.below(5)) {
    case 0:
      return `({ ${condition(random, depth)} } | count())`;
    case 1:
      return `${random.pick(["min", "max", "avg", "sum"])}(${random.pick([...NUMBERS, ...TIMES, ...COUNTS])})`;
    case 2:
      return `(count() ${random.pick(["+", "-", "*"])} max(${random.pick(NUMBERS)}))`;
    default:
      return "count()";
  }
}

function spanset(random: Random, depth: number): string {
  if (depth > 0 && random.once(2)) {
    const operator = random.pick(["&&", "||", ...RELATIONS]);
    return `(${spanset(random, depth - 1)}) ${operator} (${spanset(random, depth - 1)})`;
  }
  if (depth > 0 && random.once(6)) return `({ ${condition(random, depth)} } | count() > 1)`;
  return random.once(10) ? "{ }" : `{ ${condition(random, depth)} }`;
}

function condition(random: Random, depth: number): string {
  if (depth > 0 && random.once(2)) {
    const inner = condition(random, depth - 1);
    switch (random.below(4)) {
      case 0:
        return `!(${inner})`;
      case 1:
        return `(${inner}) = ${random.pick(["true", "false", random.pick(FLAGS)])}`;
      default:
        return `(${inner}) ${random.pick(["&&", "||"])} (${condition(random, depth - 1)})`;
    }
  }
  const compare = random.pick(["=", "!=", "<", "<=", ">", ">="]);
  switch (random.below(8)) {
    case 0:
      return `${random.pick(NUMBERS)} ${compare} ${number(random)}`;
    case 1:
      return `${random.pick(NUMBERS)} ${random.pick(["+", "-", "*", "/", "%"])} ${number(random)} ${compare} ${random.pick([...NUMBERS, ...COUNTS])}`;
    case 2:
      return `${random.pick(TEXTS)} ${random.pick(["=~", "!~"])} ${random.pick(['"e.*"', '".*s.*"', '"(?i)EU|chat"', '""'])}`;
    case 3:
      return `${random.pick(TEXTS)} ${compare} ${random.pick(['"eu"', '"chat"', '"us"', '""', '"quota"'])}`;
    case 4:
      return `${field(random)} ${random.pick(["!= nil", "= nil"])}`;
    case 5:
      return random.pick(FLAGS.flatMap((flag) => [flag, `!${flag}`]));
    case 6:
      return `${random.pick(TIMES)} ${compare} ${random.pick(["1ms", "2s", "0s", "1000", "parent.duration"])}`;
    default:
      return random.pick([
        "status = error",
        "kind != client",
        "status = parent.status",
        `${random.pick(COUNTS)} ${compare} 2`,
      ]);
  }
}

function number(random: Random): string {
  return random.pick(["1", "2", "0", "-1", "2.5", "10", "0.1", "maxInt", ...NUMBERS]);
}

function field(random: Random): string {
  return random.pick([...NUMBERS, ...TEXTS, ...FLAGS, ...COUNTS, "kind", "status", "duration"]);
}
