import type { AnyValue } from "@clew/protocol/otlp/model";
import type { PlainAttributes, PlainValue } from "@clew/protocol/traceql/naive/plain-trace";
import { type Random, seededRandom } from "@clew/protocol/traceql/testing/seeded-random";
import type { PlainLog } from "./plain-log.ts";

export const FIRST_NS = 1_790_000_040_000_000_000n;

const LONG = "long ".repeat(300);
const BODIES: readonly (AnyValue | undefined)[] = [
  undefined,
  {},
  { stringValue: "" },
  { stringValue: "connection refused: timed out" },
  { stringValue: "time is\nout" },
  { stringValue: "retry 3 of 5" },
  { stringValue: "Grüße aus ÄÖÜ 😀" },
  { stringValue: `${LONG}end` },
  { stringValue: "\u001b[31mred\u001b[0m" },
  { intValue: "42" },
  { boolValue: true },
  { arrayValue: { values: [{ stringValue: "a" }, { intValue: "1" }] } },
  { kvlistValue: { values: [{ key: "msg", value: { stringValue: "timeout" } }] } },
];
const TRACES = ["", "", "000000000000000000000000000000aa", "0af7651916cd43dd8448eb211c80319c"];

/** Random records over some hours, many of one moment, with what is easily got wrong. No two are alike. */
export function randomLogs(seed: number, count: number): PlainLog[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => randomLog(random, index));
}

function randomLog(random: Random, index: number): PlainLog {
  const moment = FIRST_NS + BigInt(random.below(4000)) * 3_000_000_000n;
  const isUntimed = random.once(12);
  const traceId = random.pick(TRACES);
  return {
    time: isUntimed ? 0n : moment,
    observed: isUntimed || random.once(2) ? moment : 0n,
    traceId,
    spanId: traceId === "" || random.once(3) ? "" : `00000000000000${10 + random.below(3)}`,
    flags: random.below(2),
    severityNumber: random.once(6) ? 0 : random.below(26),
    severityText: random.pick(["", "", "WARNING", "info"]),
    eventName: random.pick(["", "", "gen_ai.choice", "exception"]),
    body: random.pick(BODIES),
    attributes: {
      index: BigInt(index),
      ...once(random, 2, "retry.count", [0n, 3n, 4n, 2.5, "4", true, [1n, 5n]]),
      ...once(random, 2, "n", [1n, 2n, 7n, -3n, 2n ** 63n - 1n]),
      ...once(random, 3, "flag", [true, false]),
      ...once(random, 3, "region", ["eu", "us", ""]),
      ...once(random, 4, "tags", [["x", "y"], ["a", ["b", 'q"\\'], 1n], [], ["x".repeat(2000)]]),
      ...once(random, 4, "note", ["short", `${LONG}end`, `${LONG}other`]),
      ...once(random, 4, "gen_ai.input.messages", ["[]", '[{"role":"user"}]']),
      ...once(random, 5, "a b", ["é😀", "quo'te\"\\"]),
      ...once(random, 5, "ratio", [0.1, -0, 1e300, Number.NaN, Number.POSITIVE_INFINITY, 2]),
      ...once(random, 6, "session.id", ["s-1", "s-2"]),
      ...once(random, 6, "task.id", ["t-1"]),
      ...once(random, 6, "test.case.id", ["late-fee"]),
      ...once(random, 6, "user.id", ["u-1"]),
    },
    resource: {
      ...once(random, 9, "service.name", ["shop"], true),
      ...once(random, 2, "service.name", ["agent-a", "agent-b"]),
      ...once(random, 2, "region", ["eu", "asia"]),
      ...once(random, 3, "tier", [1n, "1", true, 1.5, ["1", 2n]]),
      ...once(random, 3, "zone", ["z1", "z2"]),
      ...once(random, 4, "n", [2n, 9n]),
    },
    scope: {
      name: random.pick(["", "http", "log4js"]),
      version: random.pick(["", "2.1"]),
      attributes: once(random, 3, "rev", [7n, "7"]),
    },
  };
}

function once(
  random: Random,
  times: number,
  key: string,
  values: readonly PlainValue[],
  otherwise = false,
): PlainAttributes {
  return random.once(times) !== otherwise ? { [key]: random.pick(values) } : {};
}
