import { type Attributes, type Context, trace } from "@opentelemetry/api";
import { attempt } from "../attempt.ts";
import type { Library } from "../library.ts";
import { callsHandler } from "../messaging/entered-context.ts";
import { contextOf, withContext } from "../messaging/message-context.ts";
import {
  type MessageFacts,
  recordReceive,
  runIn,
  startProcess,
  startSend,
} from "../messaging/message-spans.ts";
import { instrumentationOf } from "../module-patch.ts";

interface PublishOptions {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly messageId?: string;
  readonly correlationId?: string;
}

interface Message {
  readonly content: Uint8Array;
  readonly fields: { readonly exchange: string; readonly routingKey: string };
  readonly properties: PublishOptions;
}

type OnMessage = (message: Message | null) => unknown;
type GetCallback = (error: unknown, message: Message | false) => void;

interface ChannelPrototype {
  readonly connection?: {
    readonly stream?: { readonly remoteAddress?: string; readonly remotePort?: number };
  };
  publish(exchange: string, key: string, content: Uint8Array, options?: PublishOptions): boolean;
  consume(queue: string, onMessage: OnMessage, ...rest: unknown[]): unknown;
  get(queue: string, options?: object, callback?: GetCallback): Promise<Message | false> | undefined;
}

const tracer = trace.getTracer("clew.amqplib");
const NAME = "amqplib";

/** RabbitMQ and others that speak AMQP 0-9-1, by promises or callbacks: the context goes with the headers. */
export const amqplib: Library = {
  name: NAME,
  instrumentation: () =>
    instrumentationOf("clew.amqplib", [
      {
        module: NAME,
        versions: [">=0.8 <3"],
        files: ["lib/channel_model.js", "lib/callback_model.js"],
        patch: ({ Channel }) => patchChannel((Channel as { prototype: ChannelPrototype }).prototype),
      },
    ]),
};

/** Channels that confirm publish by this prototype too. */
function patchChannel(prototype: ChannelPrototype): void {
  const { publish, consume, get } = prototype;
  prototype.publish = function (exchange, key, content, options, ...rest: []) {
    const sent = attempt(NAME, () => {
      const started = startSend(tracer, {
        ...factsOf(this, [exchange, key], options, content),
        operation: "publish",
      });
      return {
        started,
        options: { ...options, headers: withContext(started.context, options?.headers, String) },
      };
    });
    if (sent === undefined) return publish.call(this, exchange, key, content, options, ...rest);
    return runIn(sent.started, () => publish.call(this, exchange, key, content, sent.options, ...rest));
  };
  prototype.consume = function (queue, onMessage, ...rest) {
    const channel = this;
    const traced: OnMessage = function (this: unknown, message) {
      const work = callsHandler(() => onMessage.call(this, message));
      if (message === null) return work();
      const started = attempt(NAME, () =>
        startProcess(tracer, receivedFacts(channel, queue, message, "process"), [contextOfMessage(message)]),
      );
      return started === undefined ? work() : runIn(started, work);
    };
    return consume.call(this, queue, typeof onMessage === "function" ? traced : onMessage, ...rest);
  };
  prototype.get = function (queue, options, callback, ...rest: []) {
    const told = (message: Message | false) => {
      if (message === false) return;
      attempt(NAME, () => {
        recordReceive(tracer, receivedFacts(this, queue, message, "get"), [contextOfMessage(message)]);
      });
    };
    if (typeof callback === "function") {
      const traced: GetCallback = (error, message) => {
        if (error === null) told(message);
        callback(error, message);
      };
      return get.call(this, queue, options, traced, ...rest);
    }
    return get.call(this, queue, options, callback, ...rest)?.then((message) => {
      told(message);
      return message;
    });
  };
}

/** The conventions' name of a destination: exchange, routing key and queue, of those that say something. */
function factsOf(
  { connection }: ChannelPrototype,
  names: readonly string[],
  properties: PublishOptions | undefined,
  content: Uint8Array,
): Omit<MessageFacts, "operation"> {
  const destination = [...new Set(names)].filter((name) => name !== "").join(":");
  const { remoteAddress, remotePort } = connection?.stream ?? {};
  const all: Record<string, string | number | undefined> = {
    "messaging.rabbitmq.destination.routing_key": names[1],
    "messaging.message.id": properties?.messageId,
    "messaging.message.conversation_id": properties?.correlationId,
    "messaging.message.body.size": content?.length,
    "server.address": remoteAddress,
    "server.port": remotePort,
  };
  const attributes: Attributes = Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== undefined),
  );
  return { system: "rabbitmq", destination, attributes };
}

function receivedFacts(channel: ChannelPrototype, queue: string, message: Message, operation: string) {
  const { fields, properties, content } = message;
  return { ...factsOf(channel, [fields.exchange, fields.routingKey, queue], properties, content), operation };
}

function contextOfMessage({ properties, content }: Message): Context {
  return contextOf((name) => {
    const value = properties.headers?.[name];
    return value === undefined ? undefined : String(value);
  }, content);
}
