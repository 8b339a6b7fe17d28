import { INTRINSIC_ENTRIES } from "../scopes.ts";
import type { Random } from "./seeded-random.ts";

const ATTRIBUTES = [
  ".a",
  "span.http.status_code",
  "resource.service.name",
  "event.message",
  "link.kind",
  "instrumentation.lang",
  "parent.a",
  "parent.span.b",
  "parent.resource.c",
  'span."a b"',
  '."3x"',
  'span.x."y=z".w',
  'parent."duration"',
  'span."q\\"\\\\"',
  "parent.duration",
  ".a-b+c",
  'resource.""',
];
const STRINGS = ['"a"', '"x\\ny\\t\\"\\\\"', "`raw\\d`", '"ü€😀"', '""', '"\\u0001"', '"\'"'];
const SPANSET_OPERATORS = [
  "&&",
  "||",
  ">",
  ">>",
  "<",
  "<<",
  "~",
  "!>",
  "!>>",
  "!<",
  "!<<",
  "!~",
  "&>",
  "&>>",
  "&<",
  "&<<",
  "&~",
];

/** A query that is valid but for types, built from the grammar; `depth` bounds how deep it is. */
export function randomQuery(random: Random, depth: number): string {
  const text = random.once(2) ? pipeline(random, depth) : metrics(random, depth);
  return random.once(4) ? `${text} with(sample=0.1, exemplars=true, note="x", step=1m30s)` : text;
}

function metrics(random: Random, depth: number): string {
  if (depth > 0 && random.once(2)) {
    const series = `(${metrics(random, depth - 1)})`;
    const operator = random.pick(["+", "-", "*", "/"]);
    switch (random.below(4)) {
      case 0:
        return `${series} ${operator} (${metrics(random, depth - 1)})`;
      case 1:
        return `${series} ${operator} ${random.pick(["100", "-1.5", "2 * 3", "(1 - 2)"])}`;
      case 2:
        return `${random.pick(["60", "-2", "1 / 2"])} ${operator} ${series}`;
      default:
        return `${series}${secondStages(random)}`;
    }
  }
  return `${pipeline(random, depth)} | ${aggregate(random)}${secondStages(random)}`;
}

function secondStages(random: Random): string {
  let text = "";
  while (random.once(3)) {
    text += random.once(2)
      ? ` | ${random.pick(["topk", "bottomk"])}(${1 + random.below(9)})`
      : ` ${random.pick(["=", "!=", "<", "<=", ">", ">="])} ${random.pick(["5", "-3", "1.5", "10s", "1 / 2"])}`;
  }
  return text;
}

function aggregate(random: Random): string {
  const by = random.once(2) ? ` by(${field(random)}, ${field(random)})` : "";
  const number = random.pick([
    "duration",
    "span.size",
    ".a",
    "agent:tokens",
    "agent:cost",
    "span:childCount",
  ]);
  switch (random.below(4)) {
    case 0:
      return `${random.pick(["rate", "count_over_time"])}()${by}`;
    case 1:
      return `quantile_over_time(${number}, 0.5, .99, 1)${by}`;
    default: {
      const name = random.pick(["min", "max", "avg", "sum", "histogram"]);
      return `${name}_over_time(${number})${by}`;
    }
  }
}

function pipeline(random: Random, depth: number): string {
  const stages = [random.once(5) ? `by(${field(random)})` : spanset(random, depth)];
  while (random.once(2)) stages.push(stage(random, depth));
  return stages.join(" | ");
}

function stage(random: Random, depth: number): string {
  switch (random.below(5)) {
    case 0:
      return spanset(random, depth);
    case 1:
      return `select(${field(random)}, ${field(random)})`;
    case 2:
      return `by(${field(random)}) | coalesce()`;
    default:
      return `${scalar(random, depth)} ${random.pick(["=", "!=", "<", ">="])} ${scalar(random, depth)} + count()`;
  }
}

function scalar(random: Random, depth: number): string {
  if (depth > 0 && random.once(3)) {
    const operator = random.pick(["+", "-", "*", "/", "%", "^"]);
    const text = `${scalar(random, depth - 1)} ${operator} ${scalar(random, depth - 1)}`;
    return random.once(2) ? `(${text} - count())` : `${text} - count()`;
  }
  switch (random.below(4)) {
    case 0:
      return "count()";
    case 1:
      return `max(${random.pick(["duration", ".a", "span.x + 1", "-duration * 2"])})`;
    case 2:
      return `({ ${expression(random, depth)} } | count())`;
    default:
      return `(${random.pick(["5", "-1.5", "2m"])} * count())`;
  }
}

function spanset(random: Random, depth: number): string {
  if (depth > 0 && random.once(3)) {
    const operator = random.pick(SPANSET_OPERATORS);
    return `${spanset(random, depth - 1)} ${operator} ${spanset(random, depth - 1)}`;
  }
  if (depth > 0 && random.once(4)) {
    return random.once(2)
      ? `(${spanset(random, depth - 1)})`
      : `({ ${expression(random, depth - 1)} } | count() > 1)`;
  }
  return random.once(8) ? "{ }" : `{ ${expression(random, depth)} }`;
}

function expression(random: Random, depth: number): string {
  if (depth === 0 || random.once(4)) return comparison(random);
  switch (random.below(5)) {
    case 0:
      return `!(${expression(random, depth - 1)})`;
    case 1:
      return `(${expression(random, depth - 1)})`;
    case 2:
      return `${attribute(random)} ${random.pick(["=", "!="])} ${arithmetic(random, depth)}`;
    default:
      return `${expression(random, depth - 1)} ${random.pick(["&&", "||"])} ${expression(random, depth - 1)}`;
  }
}

function arithmetic(random: Random, depth: number): string {
  if (depth === 0) return random.pick(["1", "2.5", "1h30m", attribute(random), "minInt", "1e21"]);
  const operator = random.pick(["+", "-", "*", "/", "%", "^"]);
  const text = `${arithmetic(random, depth - 1)} ${operator} ${arithmetic(random, depth - 1)}`;
  return random.pick([text, `(${text})`, `-${text}`, `-(${text})`, `--${text}`]);
}

function comparison(random: Random): string {
  switch (random.below(8)) {
    case 0:
      return `${attribute(random)} ${random.pick(["=~", "!~"])} ${random.pick(['"a.*|b"', "`\\d+`", '"(?i)x"'])}`;
    case 1:
      return random.pick(["status = error", "kind != server", "status = unset", "kind = consumer"]);
    case 2:
      return random.pick([
        "parent = nil",
        `${attribute(random)} != nil`,
        `nil = ${attribute(random)}`,
        "nil = nil",
      ]);
    case 3:
      return random.pick([
        "duration > 1h30m",
        "agent:tokens >= 1000",
        "traceDuration < 1.5s",
        "nestedSetParent < 0",
      ]);
    case 4:
      return random.pick(["true", "false", "!.flag", ".flag", "agent:running"]);
    case 5:
      return `${attribute(random)} = ${random.pick(STRINGS)}`;
    case 6:
      return `name >= ${random.pick(STRINGS)}`;
    default:
      return `${attribute(random)} ${random.pick(["=", "!=", "<", "<=", ">", ">="])} ${arithmetic(random, 1)}`;
  }
}

function attribute(random: Random): string {
  return random.pick(ATTRIBUTES);
}

function field(random: Random): string {
  if (random.once(2)) return attribute(random);
  const [name] = random.pick(INTRINSIC_ENTRIES.filter(([known]) => known !== "parent"));
  return name;
}
