import type {
  PlainAttributes,
  PlainSpan,
  PlainTrace,
  PlainValue,
} from "@clew/protocol/traceql/naive/plain-trace";
import { randomTraces } from "@clew/protocol/traceql/testing/random-traces";
import { type Random, seededRandom } from "@clew/protocol/traceql/testing/seeded-random";

/**
 * Random traces with what is easily got wrong: texts too long for an index, prompts, numbers at the edges, one key with
 * many types on resources and scopes, arrays within arrays, spans that run. What Clew makes of agents stands there as
 * attributes.
 */
export function oddTraces(seed: number, count: number): PlainTrace[] {
  const random = seededRandom(seed);
  return randomTraces(random, count).map(({ traceId, spans }) => ({
    traceId,
    spans: spans.slice(0, random.once(6) ? 30 : 3).map((span) => oddSpan(random, span)),
  }));
}

function oddSpan(random: Random, span: PlainSpan): PlainSpan {
  const isRunning = span.agent["agent:running"] === true;
  return {
    ...span,
    duration: isRunning ? 0n : span.duration,
    agent: isRunning ? { "agent:running": true } : {},
    attributes: {
      ...span.attributes,
      ...sentOfAgents(span),
      ...(isRunning && { "clew.running": true }),
      ...once(random, 6, "note", ["short", `${"long ".repeat(300)}end`, `${"long ".repeat(300)}other`]),
      ...once(random, 6, "input.value", ["buy two pears", '{"q":"pears"}', "", 5n]),
      ...once(random, 6, "edge", [2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n, 0n, -1n]),
      ...once(random, 6, "ratio", [0.1, -0, 1e300, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]),
      ...once(random, 6, "list", [["a", ["b", 'q"\\'], 1n], [1.5, 2n, true], [], ["x".repeat(2000)]]),
      ...once(random, 9, "quo'te\"\\", ["v"]),
    },
    resource: {
      ...span.resource,
      ...once(random, 3, "tier", [1n, "1", true, 1.5, ["1", 2n]]),
      ...once(random, 4, "zone", ["z1", "z2"]),
      ...once(random, 5, "flag", [true, false]),
    },
    instrumentation: {
      ...span.instrumentation,
      attributes: { ...span.instrumentation.attributes, ...once(random, 5, "rev", [7n, "7"]) },
    },
    events: span.events.map((event) => ({
      ...event,
      attributes: { ...event.attributes, ...once(random, 3, "n", [1n, 2n, "2", [3n, 4n], []]) },
    })),
  };
}

function sentOfAgents({ agent }: PlainSpan): PlainAttributes {
  const attributes: Record<string, PlainValue> = {};
  const sent = (key: string, value: string | number | bigint | boolean | undefined) => {
    if (value !== undefined) attributes[key] = typeof value === "number" ? BigInt(value) : value;
  };
  sent("gen_ai.agent.name", agent["agent:name"]);
  sent("session.id", agent["agent:session"]);
  sent("gen_ai.tool.name", agent["agent:tool"]);
  sent("gen_ai.request.model", agent["agent:model"]);
  sent("gen_ai.usage.input_tokens", agent["agent:input_tokens"]);
  sent("gen_ai.usage.output_tokens", agent["agent:output_tokens"]);
  if (agent["agent:cost"] !== undefined) attributes["gen_ai.usage.cost"] = Number(agent["agent:cost"]);
  if (agent["agent:type"] === "llm") attributes["gen_ai.operation.name"] = "chat";
  if (agent["agent:type"] === "tool") attributes["gen_ai.operation.name"] = "execute_tool";
  return attributes;
}

function once(random: Random, times: number, key: string, values: readonly PlainValue[]): PlainAttributes {
  return random.once(times) ? { [key]: random.pick(values) } : {};
}
