import type { AnyValue, KeyValue, Span, SpanEvent } from "@clew/protocol/otlp/model";
import type { Agent } from "./agents.ts";
import { proseOf } from "./prompt-text.ts";
import type { Random } from "./random.ts";

/** `plain`: no prompts, 697 B and 11 attributes a span. `prompts`: model spans carry 0.4 to 8 KB of text. */
export type Profile = "plain" | "prompts";

/** What the spans of one trace have in common. */
export interface TraceIds {
  readonly traceId: string;
  readonly session: string;
  readonly task: string;
  readonly user: string;
  /** Set for a run of a test case. */
  readonly testCase?: string;
}

/** One span to make, in milliseconds since the start of its group. */
export interface SpanPlace {
  readonly ids: TraceIds;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly startMs: number;
  readonly durationMs: number;
}

const ERROR_RATE = 0.02;
const EVENT_RATE = 0.06;
const KIND = { internal: 1, server: 2, client: 3 };
const SIZES = { shortest: 400, longest: 8000, arguments: 200, result: 2000 };

export const text = (key: string, stringValue: string): KeyValue => ({ key, value: { stringValue } });
const int = (key: string, value: number): KeyValue => ({ key, value: { intValue: String(value) } });
const double = (key: string, doubleValue: number): KeyValue => ({ key, value: { doubleValue } });

/** Makes the spans that agents send, with the attribute names of the GenAI semantic conventions. */
export class AgentSpans {
  readonly #random: Random;
  readonly #profile: Profile;

  constructor(random: Random, profile: Profile) {
    this.#random = random;
    this.#profile = profile;
  }

  /** The request that begins a run of agents. */
  entry(place: SpanPlace, agent: Agent): Span {
    return this.#span(place, "POST /v1/runs", KIND.server, [
      text("gen_ai.operation.name", "invoke_workflow"),
      text("gen_ai.workflow.name", "answer-question"),
      text("http.request.method", "POST"),
      text("url.path", "/v1/runs"),
      text("http.route", "/v1/runs"),
      int("http.response.status_code", 200),
      text("server.address", `${agent.service}.internal`),
    ]);
  }

  invocation(place: SpanPlace, agent: Agent): Span {
    return this.#span(place, `invoke_agent ${agent.name}`, KIND.internal, [
      text("gen_ai.operation.name", "invoke_agent"),
      text("gen_ai.agent.name", agent.name),
      text("gen_ai.agent.id", `agent_${agent.service}_01`),
      text("gen_ai.agent.description", `${agent.description}. ${EVERY_AGENT}`),
      text("gen_ai.conversation.id", place.ids.session),
    ]);
  }

  modelCall(place: SpanPlace, agent: Agent): Span {
    const random = this.#random;
    const input = Math.round(random.doubling(200, 60_000));
    const attributes = [
      text("gen_ai.operation.name", "chat"),
      text("gen_ai.provider.name", agent.provider),
      text("gen_ai.request.model", agent.model),
      text("gen_ai.response.model", `${agent.model}-2026-08-14`),
      text("gen_ai.response.id", `chatcmpl-${random.hex(24)}`),
      { key: "gen_ai.response.finish_reasons", value: list(random.chance(0.4) ? "tool_calls" : "stop") },
      int("gen_ai.usage.input_tokens", input),
      int("gen_ai.usage.output_tokens", Math.round(random.doubling(5, 4000))),
      int("gen_ai.usage.cache_read.input_tokens", random.chance(0.5) ? Math.round(input * random.unit()) : 0),
      double("gen_ai.request.temperature", random.pick([0, 0.2, 0.7, 1])),
      text("gen_ai.agent.name", agent.name),
    ];
    if (this.#profile === "prompts") attributes.push(...this.#messages());
    return this.#span(place, `chat ${agent.model}`, KIND.client, attributes);
  }

  toolCall(place: SpanPlace, agent: Agent): Span {
    const random = this.#random;
    const tool = random.pick(agent.tools);
    const attributes = [
      text("gen_ai.operation.name", "execute_tool"),
      text("gen_ai.tool.name", tool),
      text("gen_ai.tool.type", "function"),
      text("gen_ai.tool.description", describe(tool, agent)),
      text("gen_ai.tool.call.id", `call_${random.hex(24)}`),
      text("gen_ai.agent.name", agent.name),
    ];
    if (this.#profile === "prompts") {
      const size = Math.round(random.doubling(SIZES.shortest, SIZES.result));
      attributes.push(
        text("gen_ai.tool.call.arguments", JSON.stringify({ query: proseOf(random, SIZES.arguments) })),
        text("gen_ai.tool.call.result", JSON.stringify({ text: proseOf(random, size) })),
      );
    }
    return this.#span(place, `execute_tool ${tool}`, KIND.internal, attributes);
  }

  /** A call over the network, to the next agent or to a service. */
  request(place: SpanPlace, agent: Agent, next: Agent): Span {
    return this.#span(place, "POST", KIND.client, [
      text("http.request.method", "POST"),
      text(
        "url.full",
        `http://${next.service}.agents.svc.cluster.local:8080/a2a/v1/message:send?context=${place.ids.task}&priority=normal&attempt=${this.#random.whole(1, 3)}`,
      ),
      text("server.address", `${next.service}.agents.svc.cluster.local`),
      int("server.port", 8080),
      int("http.response.status_code", 200),
      text("network.protocol.version", "1.1"),
      text("user_agent.original", `${agent.service}/2.4.1 node-fetch`),
    ]);
  }

  #span(place: SpanPlace, name: string, kind: number, own: readonly KeyValue[]): Span {
    const { ids, spanId, parentSpanId, startMs, durationMs } = place;
    const failed = this.#random.chance(ERROR_RATE);
    const attributes = [
      ...own,
      text("session.id", ids.session),
      text("task.id", ids.task),
      text("user.id", ids.user),
    ];
    if (ids.testCase !== undefined) {
      attributes.push(text("test.case.id", ids.testCase), text("test.suite.run.id", "nightly-2026-11-20"));
    }
    if (failed) attributes.push(text("error.type", "TimeoutError"));
    const events = this.#events(startMs, durationMs, failed);
    return {
      traceId: ids.traceId,
      spanId,
      ...(parentSpanId !== "" && { parentSpanId }),
      flags: 257,
      name,
      kind,
      startTimeUnixNano: nanos(startMs),
      endTimeUnixNano: nanos(startMs + durationMs),
      attributes,
      ...(events.length > 0 && { events }),
      ...(failed && { status: { code: 2, message: "The upstream did not answer within 30 s" } }),
    };
  }

  #events(startMs: number, durationMs: number, failed: boolean): SpanEvent[] {
    if (failed) {
      const attributes = [
        text("exception.type", "TimeoutError"),
        text("exception.message", "The upstream did not answer within 30 s"),
        text("exception.stacktrace", STACK),
      ];
      return [{ timeUnixNano: nanos(startMs + durationMs), name: "exception", attributes }];
    }
    if (!this.#random.chance(EVENT_RATE)) return [];
    const attributes = [text("gen_ai.agent.step", `step ${this.#random.whole(1, 9)}`)];
    return [{ timeUnixNano: nanos(startMs + durationMs / 2), name: "agent.step", attributes }];
  }

  #messages(): KeyValue[] {
    const random = this.#random;
    const size = Math.round(random.doubling(SIZES.shortest, SIZES.longest));
    const answer = Math.round(size * (0.1 + 0.3 * random.unit()));
    const message = (role: string, bytes: number) => [
      { role, parts: [{ type: "text", content: proseOf(random, bytes) }] },
    ];
    return [
      text("gen_ai.input.messages", JSON.stringify(message("user", size - answer))),
      text("gen_ai.output.messages", JSON.stringify(message("assistant", answer))),
    ];
  }
}

const STACK = [
  "TimeoutError: The upstream did not answer within 30 s",
  "    at Timeout._onTimeout (/app/node_modules/undici/lib/util/timers.js:162:13)",
  "    at listOnTimeout (node:internal/timers:605:17)",
  "    at process.processTimers (node:internal/timers:541:7)",
].join("\n");

const EVERY_AGENT =
  "Works in the workspace it is given and nowhere else, asks when something essential is missing, stops when the " +
  "budget is used up, and leaves a short account of what it did.";

/** What a model is told about a tool: long, and the same each time. */
function describe(tool: string, agent: Agent): string {
  const name = tool.replace("_", " ");
  return (
    `Lets the ${agent.name} agent ${name}. Use it when the task asks to ${name} and nothing of the kind was done ` +
    "in this run. Give every argument that is known and leave out what is not; do not invent values. Dates are " +
    "ISO 8601, sizes are bytes, languages are BCP 47 tags. The answer is a JSON object with the fields status, " +
    "items and next; when next is not empty, call the tool again with it to get more. At most 50 items are " +
    "returned. A failure has a code and a message that may be shown to the user as it is."
  );
}

function list(...values: readonly string[]): AnyValue {
  return { arrayValue: { values: values.map((stringValue) => ({ stringValue })) } };
}

function nanos(ms: number): string {
  return String(Math.round(ms * 1e6));
}
