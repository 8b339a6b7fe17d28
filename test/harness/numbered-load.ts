import { randomBytes } from "node:crypto";
import { encodeOtlp } from "@clew/protocol/otlp/encode";
import type { KeyValue } from "@clew/protocol/otlp/model";
import type { Signal } from "@clew/protocol/signal";

/** One request, and which records of its signal it carries. */
export interface NumberedRequest {
  readonly signal: Signal;
  readonly bytes: Uint8Array;
  /** Number of the first record; the others follow. */
  readonly first: number;
  readonly count: number;
}

export interface NumberedLoadOptions {
  /** Default 20. */
  readonly spansPerTrace?: number;
}

const NUMBER = 0x1_0000_0000;

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}

function text(key: string, value: string): KeyValue {
  return { key, value: { stringValue: value } };
}

/**
 * Requests whose every record has a number of its own, so that each can be looked for in the store: span n has
 * the span id n + 1, log record n the body `n`, and data point n the value n. `name` tells loads apart.
 */
export class NumberedLoad {
  /** First eight bytes of all its trace ids, in hex; also `service.name` with a word before it. */
  readonly name = randomBytes(8).toString("hex");
  readonly #spansPerTrace: number;
  #next: Record<Signal, number> = { traces: 0, logs: 0, metrics: 0 };

  constructor({ spansPerTrace = 20 }: NumberedLoadOptions = {}) {
    this.#spansPerTrace = spansPerTrace;
  }

  get service(): string {
    return `load-${this.name}`;
  }

  /** A request of `count` new records. */
  next(signal: Signal, count: number): NumberedRequest {
    const first = this.#next[signal];
    this.#next[signal] += count;
    return this.request(signal, first, count);
  }

  /** The request for records that may have been in another one. */
  request(signal: Signal, first: number, count: number): NumberedRequest {
    const numbers = Array.from({ length: count }, (_, at) => first + at);
    const resource = { attributes: [text("service.name", this.service)] };
    const scope = { name: "clew.test", version: "1" };
    const bytes =
      signal === "traces"
        ? encodeOtlp("traces", {
            resourceSpans: [{ resource, scopeSpans: [{ scope, spans: numbers.map((n) => this.#span(n)) }] }],
          })
        : signal === "logs"
          ? encodeOtlp("logs", {
              resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: numbers.map(logRecord) }] }],
            })
          : encodeOtlp("metrics", {
              resourceMetrics: [
                {
                  resource,
                  scopeMetrics: [
                    { scope, metrics: [{ name: this.name, gauge: { dataPoints: numbers.map(dataPoint) } }] },
                  ],
                },
              ],
            });
    return { signal, bytes, first, count };
  }

  /** Hex id of the trace that span `n` belongs to. */
  traceId(n: number): string {
    return this.name + hex(Math.floor(n / this.#spansPerTrace) + 1, 16);
  }

  #span(n: number) {
    const start = BASE_NS + BigInt(n) * 1_000_000n;
    const root = n - (n % this.#spansPerTrace);
    return {
      traceId: this.traceId(n),
      spanId: hex(n + 1, 16),
      ...(n !== root && { parentSpanId: hex(root + 1, 16) }),
      name: n === root ? "invoke_agent planner" : `chat ${n % 7}`,
      kind: n === root ? 2 : 3,
      startTimeUnixNano: String(start),
      endTimeUnixNano: String(start + 5_000_000n),
      attributes: [
        text("gen_ai.operation.name", n === root ? "invoke_agent" : "chat"),
        text("gen_ai.request.model", "test-model"),
        text("session.id", `session-${this.name}`),
        text("note", NOTE),
        { key: "gen_ai.usage.input_tokens", value: { intValue: "10" } },
      ],
      status: n % 10 === 0 ? { code: 2, message: "no answer" } : {},
    };
  }
}

/** Some bytes, so that a span is about as large as an agent's. */
const NOTE = "the quick brown fox jumps over the lazy dog ".repeat(8);
/** Loads are of today, wherever they are run. */
const BASE_NS = BigInt(Date.now() - 3_600_000) * 1_000_000n;

function timeOf(n: number): string {
  return String(BASE_NS + BigInt(n % NUMBER));
}

function logRecord(n: number) {
  return { timeUnixNano: timeOf(n), severityNumber: 9, body: { stringValue: String(n) } };
}

function dataPoint(n: number) {
  return { timeUnixNano: timeOf(n), asInt: String(n) };
}
