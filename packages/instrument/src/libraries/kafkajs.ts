import { type Attributes, type Context, trace } from "@opentelemetry/api";
import { attempt } from "../attempt.ts";
import type { Library } from "../library.ts";
import { bindEach } from "../messaging/each-message.ts";
import { callsHandler } from "../messaging/entered-context.ts";
import { contextOf, withContext } from "../messaging/message-context.ts";
import {
  type MessageFacts,
  runIn,
  type Started,
  startProcess,
  startSend,
} from "../messaging/message-spans.ts";
import { instrumentationOf } from "../module-patch.ts";

type Header = string | Uint8Array | (string | Uint8Array)[] | undefined;

interface Message {
  readonly key?: string | Uint8Array | null;
  readonly value: unknown;
  readonly headers?: Readonly<Record<string, Header>>;
}

interface Received extends Message {
  readonly value: Uint8Array | null;
  readonly offset: string;
}

interface TopicMessages {
  readonly topic: string;
  readonly messages: readonly Message[];
}

interface Sender {
  send(record: TopicMessages): Promise<unknown>;
  sendBatch(batch: { topicMessages?: readonly TopicMessages[] }): Promise<unknown>;
}

interface Producer extends Sender {
  transaction(...args: unknown[]): Promise<Sender>;
}

interface EachMessage {
  readonly topic: string;
  readonly partition: number;
  readonly message: Received;
}

interface EachBatch {
  readonly batch: { readonly topic: string; readonly partition: number; readonly messages: Received[] };
}

interface RunConfig {
  readonly eachMessage?: (payload: EachMessage) => unknown;
  readonly eachBatch?: (payload: EachBatch) => unknown;
}

interface Consumer {
  run(config?: RunConfig): Promise<void>;
}

interface KafkaPrototype {
  producer(...args: unknown[]): Producer;
  consumer(options?: { readonly groupId?: string }, ...args: unknown[]): Consumer;
}

const tracer = trace.getTracer("clew.kafkajs");
const NAME = "kafkajs";

/** Messages carry their context in headers; a batch is one span with links, and its messages one span each. */
export const kafkajs: Library = {
  name: NAME,
  instrumentation: () =>
    instrumentationOf("clew.kafkajs", [{ module: NAME, versions: [">=1 <3"], patch: patchKafka }]),
};

function patchKafka(exports: Record<string, unknown>): void {
  const { prototype } = exports.Kafka as { prototype: KafkaPrototype };
  const { producer, consumer } = prototype;
  prototype.producer = function (...args) {
    const made = producer.apply(this, args);
    attempt(NAME, () => patchProducer(made));
    return made;
  };
  prototype.consumer = function (options, ...args) {
    const made = consumer.call(this, options, ...args);
    attempt(NAME, () => patchConsumer(made, options?.groupId));
    return made;
  };
}

function patchProducer(producer: Producer): void {
  patchSender(producer);
  const { transaction } = producer;
  producer.transaction = async (...args) => {
    const made = await transaction.apply(producer, args);
    attempt(NAME, () => patchSender(made));
    return made;
  };
}

function patchSender(sender: Sender): void {
  const { send, sendBatch } = sender;
  sender.send = (record, ...args: []) => {
    const sent = attempt(NAME, () => sending(record));
    if (sent === undefined) return send.call(sender, record, ...args);
    return runIn(sent.started, () => send.call(sender, sent.record, ...args));
  };
  sender.sendBatch = (batch, ...args: []) => {
    const sent = attempt(NAME, () => batch.topicMessages?.map((record) => sending(record))) ?? [];
    if (sent.length === 0) return sendBatch.call(sender, batch, ...args);
    const records = { ...batch, topicMessages: sent.map(({ record }) => record) };
    const inner = () => sendBatch.call(sender, records, ...args);
    return sent.reduce(
      (work, { started }) =>
        () =>
          runIn(started, work),
      inner,
    )();
  };
}

/** The record as it is sent: a copy, because messages and their headers are the agent's own. */
function sending(record: TopicMessages): { readonly started: Started; readonly record: TopicMessages } {
  const { topic, messages } = record;
  const [message] = messages;
  const started = startSend(tracer, {
    system: "kafka",
    destination: topic,
    operation: "send",
    attributes:
      message !== undefined && messages.length === 1
        ? keyOf(message)
        : { "messaging.batch.message_count": messages.length },
  });
  const copies = messages.map(({ headers, ...message }) => ({
    ...message,
    headers: withContext(started.context, headers, (value) => textOf(firstOf(value))),
  }));
  return { started, record: { ...record, messages: copies } };
}

function patchConsumer(consumer: Consumer, group: string | undefined): void {
  const { run } = consumer;
  consumer.run = (config, ...args: []) => {
    const { eachMessage, eachBatch } = config ?? {};
    const traced = attempt(NAME, () => ({
      ...config,
      ...(typeof eachMessage === "function" ? { eachMessage: tracedMessage(eachMessage, group) } : {}),
      ...(typeof eachBatch === "function" ? { eachBatch: tracedBatch(eachBatch, group) } : {}),
    }));
    return run.call(consumer, traced ?? config, ...args);
  };
}

function tracedMessage(handle: NonNullable<RunConfig["eachMessage"]>, group: string | undefined) {
  return function (this: unknown, payload: EachMessage): unknown {
    const work = callsHandler(() => handle.call(this, payload));
    const started = attempt(NAME, () => processing(payload, payload.message, group));
    return started === undefined ? work() : runIn(started, work);
  };
}

function tracedBatch(handle: NonNullable<RunConfig["eachBatch"]>, group: string | undefined) {
  return function (this: unknown, payload: EachBatch): unknown {
    const work = callsHandler(() => handle.call(this, payload));
    const started = attempt(NAME, () => {
      const { topic, partition, messages } = payload.batch;
      bindEach(messages, (message) => processing({ topic, partition }, message, group));
      const facts = factsOf({ topic, partition }, group, {
        "messaging.batch.message_count": messages.length,
      });
      return startProcess(tracer, { ...facts, operation: "poll" }, messages.map(contextOfMessage));
    });
    return started === undefined ? work() : runIn(started, work);
  };
}

interface Place {
  readonly topic: string;
  readonly partition: number;
}

function processing(place: Place, message: Received, group: string | undefined): Started {
  const facts = factsOf(place, group, {
    "messaging.kafka.offset": Number(message.offset),
    ...keyOf(message),
  });
  return startProcess(tracer, facts, [contextOfMessage(message)]);
}

function factsOf({ topic, partition }: Place, group: string | undefined, more: Attributes): MessageFacts {
  const attributes: Attributes = { "messaging.destination.partition.id": String(partition), ...more };
  if (group !== undefined) attributes["messaging.consumer.group.name"] = group;
  return { system: "kafka", destination: topic, operation: "process", attributes };
}

function keyOf({ key, value }: Message): Attributes {
  const attributes: Attributes = {};
  if (key !== undefined && key !== null) attributes["messaging.kafka.message.key"] = textOf(key);
  if (value === null) attributes["messaging.kafka.message.tombstone"] = true;
  return attributes;
}

function contextOfMessage({ headers, value }: Received): Context {
  return contextOf((name) => {
    const first = firstOf(headers?.[name]);
    return first === undefined ? undefined : textOf(first);
  }, value);
}

function firstOf(value: Header): string | Uint8Array | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function textOf(value: string | Uint8Array | undefined): string {
  return typeof value === "string" ? value : Buffer.from(value ?? "").toString();
}
