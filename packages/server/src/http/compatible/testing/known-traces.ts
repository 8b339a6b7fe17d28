import type { KeyValue, TracesData } from "@clew/protocol/otlp/model";

/** A question that a planner passes on: three services, four kinds of span, an error, an event, a link. */
export const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
/** One span, under an id of 64 bits. */
export const SHORT_TRACE = "0000000000000000a3ce929d0e0e4736";
export const UNKNOWN = "ffffffffffffffffffffffffffffffff";

/** When the first of them begins, in seconds since the epoch; the second one begins a minute later. */
export const START_S = 1_790_000_000;

/** Both traces as they are sent. */
export const KNOWN_TRACES: TracesData = {
  resourceSpans: [
    {
      resource: {
        attributes: [text("service.name", "planner"), text("deployment.environment", "test")],
      },
      scopeSpans: [
        {
          scope: { name: "agents", version: "1.2.0" },
          spans: [
            {
              traceId: TRACE,
              spanId: "00f067aa0ba90201",
              name: "invoke_agent planner",
              kind: 2,
              flags: 1,
              traceState: "vendor=1",
              startTimeUnixNano: nanos(0),
              endTimeUnixNano: nanos(1_500_000_999),
              attributes: [
                text("gen_ai.agent.name", "planner"),
                text("gen_ai.operation.name", "invoke_agent"),
                text("session.id", "session-7"),
                { key: "retries", value: { intValue: "9007199254740993" } },
                { key: "score", value: { doubleValue: 0.5 } },
                { key: "cached", value: { boolValue: false } },
                { key: "digest", value: { bytesValue: "AAH+" } },
                {
                  key: "tools",
                  value: { arrayValue: { values: [{ stringValue: "search" }, { intValue: "2" }] } },
                },
              ],
              droppedAttributesCount: 3,
              status: { code: 1 },
            },
            {
              traceId: TRACE,
              spanId: "00f067aa0ba90202",
              parentSpanId: "00f067aa0ba90201",
              name: "POST /search",
              kind: 3,
              startTimeUnixNano: nanos(100_000_000),
              endTimeUnixNano: nanos(900_000_000),
              attributes: [
                text("http.request.method", "POST"),
                { key: "http.response.status_code", value: { intValue: "504" } },
                text("server.address", "search.local"),
                { key: "server.port", value: { intValue: "8080" } },
              ],
            },
          ],
        },
      ],
    },
    {
      resource: { attributes: [text("service.name", "Search-Agent")] },
      scopeSpans: [
        {
          scope: { name: "agents", version: "1.2.0" },
          spans: [
            {
              traceId: TRACE,
              spanId: "00f067aa0ba90203",
              parentSpanId: "00f067aa0ba90202",
              name: "POST /search",
              kind: 2,
              startTimeUnixNano: nanos(150_000_000),
              endTimeUnixNano: nanos(850_000_000),
              attributes: [text("network.peer.address", "10.0.0.7"), text("http.request.method", "POST")],
              events: [
                { timeUnixNano: nanos(800_000_000), name: "gave up" },
                {
                  timeUnixNano: nanos(800_000_500),
                  name: "exception",
                  attributes: [text("exception.type", "Timeout"), text("exception.message", "no answer")],
                },
              ],
              links: [
                {
                  traceId: SHORT_TRACE,
                  spanId: "00f067aa0ba90301",
                  attributes: [text("messaging.operation.type", "process")],
                },
              ],
              status: { code: 2, message: "timed out" },
            },
            {
              traceId: TRACE,
              spanId: "00f067aa0ba90204",
              parentSpanId: "00f067aa0ba90203",
              name: "chat gpt-5",
              kind: 3,
              startTimeUnixNano: nanos(200_000_000),
              endTimeUnixNano: nanos(700_000_000),
              attributes: [
                text("gen_ai.operation.name", "chat"),
                text("gen_ai.request.model", "gpt-5"),
                text("gen_ai.provider.name", "openai"),
                { key: "gen_ai.usage.input_tokens", value: { intValue: "120" } },
                text("peer.service", "OpenAI"),
              ],
            },
          ],
        },
      ],
    },
    {
      resource: {},
      scopeSpans: [
        {
          spans: [
            {
              traceId: SHORT_TRACE,
              spanId: "00f067aa0ba90301",
              name: "send jobs",
              kind: 4,
              startTimeUnixNano: nanos(60_000_000_000),
              endTimeUnixNano: nanos(60_000_000_000),
            },
          ],
        },
      ],
    },
  ],
};

function nanos(afterNs: number): string {
  return String(BigInt(START_S) * 1_000_000_000n + BigInt(afterNs));
}

function text(key: string, stringValue: string): KeyValue {
  return { key, value: { stringValue } };
}
