import assert from "node:assert/strict";
import type { ReceivedSpan } from "../harness/otlp-collector.ts";
import { CONSUMER, only, PRODUCER } from "../harness/queue-agent.ts";

/** That the span `name` is work on a message that was sent in the caller's trace, and returns what says so. */
export function processOf(spans: readonly ReceivedSpan[], name: string): ReceivedSpan {
  const step = only(spans, name, (span) => span.name === name);
  const processed = only(spans, "process", ({ spanId }) => spanId === step.parentSpanId);
  assert.equal(processed.kind, CONSUMER);
  only(spans, "send", ({ kind, spanId }) => kind === PRODUCER && spanId === processed.parentSpanId);
  return processed;
}

/** That it says everything about the message: the one with this offset, and the key `k`. */
export function assertProcess({ name, attributes }: ReceivedSpan, topic: string, offset: number): void {
  assert.equal(name, `process ${topic}`);
  assert.deepEqual(attributes, {
    "messaging.system": "kafka",
    "messaging.operation.name": "process",
    "messaging.operation.type": "process",
    "messaging.destination.name": topic,
    "messaging.destination.partition.id": "0",
    "messaging.kafka.offset": offset,
    "messaging.kafka.message.key": "k",
    "messaging.consumer.group.name": "workers",
    "session.id": "s 1",
  });
}
