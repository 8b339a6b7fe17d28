import assert from "node:assert/strict";
import type { AgentRun } from "./agent-process.ts";
import type { ReceivedSpan } from "./otlp-collector.ts";

/** The only span of this name; fails when there is none or more. */
export function spanNamed({ spans }: Pick<AgentRun, "spans">, name: string): ReceivedSpan {
  const found = spans.filter((span) => span.name === name);
  if (found.length !== 1) {
    throw new Error(`${found.length} spans are named ${name}: ${spans.map((span) => span.name).join(", ")}`);
  }
  return found[0]!;
}

/** Attributes of a span but those of the connection, which change from run to run. */
export function genAiAttributes(span: ReceivedSpan): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(span.attributes).filter(
      ([key]) => !/^(server\.|gen_ai\.response\.time_to_first_chunk$)/.test(key),
    ),
  );
}

/** The JSON that an attribute holds as text. */
export function contentOf(span: ReceivedSpan, key: string): unknown {
  const text = span.attributes[key];
  return typeof text === "string" ? JSON.parse(text) : undefined;
}

/** The spans right below this one. */
export function childrenOf({ spans }: Pick<AgentRun, "spans">, parent: ReceivedSpan): ReceivedSpan[] {
  return spans.filter((span) => span.parentSpanId === parent.spanId && span.traceId === parent.traceId);
}

/** Its attributes of these names; undefined where it has none. */
export function attributesOf(span: ReceivedSpan, names: Iterable<string>): Record<string, unknown> {
  return Object.fromEntries(Array.from(names, (name) => [name, span.attributes[name]]));
}

/** How the call ended: status, error type, and the status of the answer. */
export function outcomeOf(run: Pick<AgentRun, "spans">, name: string): unknown[] {
  const { attributes, status } = spanNamed(run, name);
  return [status?.code ?? 0, attributes["error.type"], attributes["http.response.status_code"]];
}

/** The only span below the one of this name is a call that was cancelled, which is no failure; returns it. */
export function cancelledBelow(run: Pick<AgentRun, "spans">, name: string): ReceivedSpan {
  const [span, ...others] = childrenOf(run, spanNamed(run, name));
  assert.ok(span !== undefined && others.length === 0, name);
  assert.equal(span.attributes["clew.cancelled"], true, name);
  assert.equal(span.attributes["error.type"], undefined, name);
  assert.equal(span.status?.code ?? 0, 0, name);
  return span;
}

/**
 * A stream that a span `caller` opened, and a span `consumer` read, which made a request meanwhile, keeps its
 * parent and ends when it was read. Returns its span.
 */
export function assertReadElsewhere(run: Pick<AgentRun, "spans">, name: string): ReceivedSpan {
  const stream = spanNamed(run, name);
  const caller = spanNamed(run, "caller");
  const consumer = spanNamed(run, "consumer");
  assert.deepEqual(childrenOf(run, caller), [stream]);
  assert.equal(childrenOf(run, stream)[0]?.attributes["http.request.method"], "POST");
  assert.equal(childrenOf(run, consumer)[0]?.attributes["http.request.method"], "GET");
  assert.notEqual(consumer.traceId, caller.traceId);
  assert.ok(BigInt(stream.endTimeUnixNano!) > BigInt(caller.endTimeUnixNano!), "it ends when it was read");
  const first = stream.attributes["gen_ai.response.time_to_first_chunk"];
  const seconds = Number(BigInt(stream.endTimeUnixNano!) - BigInt(stream.startTimeUnixNano!)) / 1e9;
  assert.ok(typeof first === "number" && first > 0 && first < seconds, `${first} of ${seconds}`);
  return stream;
}
