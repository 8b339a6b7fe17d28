import type { KindName, StatusName } from "../ast.ts";
import type { PlainAttributes, PlainSpan, PlainTrace, PlainValue } from "../naive/plain-trace.ts";
import type { Random } from "./seeded-random.ts";

/** Start of the first trace: 14 November 2023. */
export const FIRST_START = 1_700_000_000_000_000_000n;
const KINDS: readonly KindName[] = ["internal", "client", "server", "producer", "consumer", "unspecified"];
const STATUSES: readonly StatusName[] = ["unset", "unset", "ok", "error"];
const NAMES = ["chat", "plan", "search", "GET /cart", "execute_tool"];
const AGENTS = ["planner", "writer", "critic"];

/**
 * Traces of agents, one a second, with few values so that conditions hit: one to thirty spans; some without a root, with
 * two, or with a parent that is missing; attributes of all types, the same key with different ones among them.
 */
export function randomTraces(random: Random, count: number): PlainTrace[] {
  return Array.from({ length: count }, (_, index) => randomTrace(random, index));
}

function randomTrace(random: Random, index: number): PlainTrace {
  const traceId = (BigInt(index + 1) * 0x9e3779b97f4a7c15n)
    .toString(16)
    .padStart(32, random.once(4) ? "0" : "a");
  const start = FIRST_START + BigInt(index) * 1_000_000_000n;
  const spans: PlainSpan[] = [];
  const count = 1 + random.below(random.once(5) ? 30 : 8);
  for (let position = 0; position < count; position++) {
    const isRoot = position === 0 ? !random.once(8) : random.once(25);
    const parent = position === 0 || random.once(20) ? "00000000000000ff" : random.pick(spans).spanId;
    spans.push(
      randomSpan(
        random,
        spanId(index, position),
        isRoot ? "" : parent,
        start + BigInt(position) * 7_000_001n,
      ),
    );
  }
  return { traceId: traceId.slice(0, 32), spans };
}

function spanId(trace: number, position: number): string {
  return (BigInt(trace + 1) * 1_000n + BigInt(position)).toString(16).padStart(16, "0");
}

function randomSpan(random: Random, id: string, parentSpanId: string, start: bigint): PlainSpan {
  const model = random.once(3);
  const tool = !model && random.once(3);
  const status = random.pick(STATUSES);
  return {
    spanId: id,
    parentSpanId,
    name: random.pick(NAMES),
    kind: random.pick(KINDS),
    status,
    statusMessage: status === "error" ? random.pick(["", "quota", "timed out"]) : "",
    start,
    duration:
      BigInt(random.below(5)) * BigInt(random.pick([1, 1_000, 1_500_000, 400_000_000, 2_000_000_000])),
    attributes: randomAttributes(random),
    resource: {
      "service.name": random.pick(["shop", "agent-a", "agent-b"]),
      ...some(random, "region", ["eu", "us"]),
    },
    instrumentation: {
      name: random.pick(["openai", "http", ""]),
      version: random.pick(["1.0.0", "2.1", ""]),
      attributes: some(random, "lang", ["node", "python"]),
    },
    events: Array.from({ length: random.once(4) ? 1 + random.below(3) : 0 }, () => ({
      name: random.pick(["exception", "token", "retry"]),
      time: start + BigInt(random.below(5_000_000)),
      attributes: some(random, "message", ["quota", "timed out", "x"]),
    })),
    links: Array.from({ length: random.once(8) ? 1 + random.below(2) : 0 }, () => ({
      traceId: random.pick(["0".repeat(30), "a".repeat(30)]) + random.pick(["01", "02"]),
      spanId: "00000000000000aa",
      attributes: some(random, "kind", ["follows", "child"]),
    })),
    agent: {
      ...(random.once(2) && {
        "agent:name": random.pick(AGENTS),
        "agent:session": random.pick(["s1", "s2"]),
      }),
      ...(model && {
        "agent:type": "llm",
        "agent:model": random.pick(["m-small", "m-large"]),
        "agent:input_tokens": random.below(5) * 100,
        "agent:output_tokens": random.below(3) * 10,
        "agent:cost": random.below(4) / 8,
        "agent:time_to_first_token": random.below(3) * 250_000_000,
      }),
      ...(tool && { "agent:type": "tool", "agent:tool": random.pick(["search", "shell"]) }),
      ...(random.once(20) && { "agent:running": true }),
    },
  };
}

function randomAttributes(random: Random): PlainAttributes {
  return {
    ...some(random, "a", [1n, 2n, 3n]),
    ...some(random, "b", [1n, 2.5, "2", true]),
    ...some(random, "flag", [true, false]),
    ...some(random, "http.status_code", [200n, 404n, 500n]),
    ...some(random, "size", [0n, 10n, 1_000n, 0.5, -4n]),
    ...some(random, "region", ["eu", "us", "asia"]),
    ...some(random, "tags", [["x", "y"], ["x"], [], [1n, 2n]]),
    ...some(random, "a b", ["é😀", "line\nbreak", ""]),
  };
}

function some(random: Random, key: string, values: readonly PlainValue[]): PlainAttributes {
  return random.once(2) ? { [key]: random.pick(values) } : {};
}
