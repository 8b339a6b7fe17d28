import { type Attributes, type Context, trace } from "@opentelemetry/api";
import { attempt } from "../attempt.ts";
import type { Library } from "../library.ts";
import { bindEachAwaited } from "../messaging/each-message.ts";
import { callsHandler } from "../messaging/entered-context.ts";
import { contextOf, withContext } from "../messaging/message-context.ts";
import {
  type MessageFacts,
  recordReceive,
  runIn,
  type Started,
  startProcess,
  startSend,
} from "../messaging/message-spans.ts";
import { instrumentationOf, type ModulePatch } from "../module-patch.ts";

interface Headers extends Iterable<[name: string, values: string[]]> {
  get(name: string): string;
  has(name: string): boolean;
  append(name: string, value: string): void;
}

interface Message {
  readonly subject: string;
  readonly headers?: Headers;
  readonly data?: Uint8Array;
}

interface PublishOptions {
  readonly headers?: Headers;
}

type MessageCallback = (...args: unknown[]) => unknown;

interface Subscription {
  readonly noIterator: boolean;
  readonly subject: string;
  callback: MessageCallback;
}

interface Protocol {
  readonly info?: { readonly headers?: boolean };
  readonly options?: { readonly inboxPrefix?: string };
  publish(subject: string, payload?: Uint8Array | string, options?: PublishOptions): void;
  subscribe(subscription: Subscription): unknown;
}

interface JetStreamConsumer {
  consume(options?: { readonly callback?: MessageCallback }): unknown;
  next(...args: unknown[]): Promise<Message | null>;
}

const tracer = trace.getTracer("clew.nats");
const NAME = "nats";
const JET_STREAM = ["consumer.js"];

/**
 * Messages of core NATS and JetStream carry their context in headers, where the server has them. Replies, and what
 * JetStream and the server use subjects for, are no messages of the agent's.
 */
export const nats: Library = {
  name: NAME,
  instrumentation: () =>
    instrumentationOf("clew.nats", [
      ...corePatches("nats", "lib/nats-base-client/", [">=2.7 <3"]),
      ...corePatches("@nats-io/nats-core", "lib/", [">=3 <4"]),
      jetStreamPatch("nats", "lib/jetstream/", [">=2.7 <3"]),
      jetStreamPatch("@nats-io/jetstream", "lib/", [">=3 <4"]),
    ]),
};

function corePatches(module: string, folder: string, versions: readonly string[]): ModulePatch[] {
  let newHeaders: (() => Headers) | undefined;
  const file = (name: string, patch: ModulePatch["patch"]): ModulePatch => ({
    module,
    versions,
    files: [folder + name],
    patch,
  });
  return [
    file("headers.js", (exports) => {
      newHeaders = exports.headers as () => Headers;
    }),
    file("protocol.js", (exports) => {
      const { prototype } = exports.ProtocolHandler as { prototype: Protocol };
      patchPublish(prototype, () => newHeaders?.());
      patchSubscribe(prototype);
    }),
    file("queued_iterator.js", (exports) => {
      patchIterator((exports.QueuedIteratorImpl as { prototype: AsyncIterable<Message> }).prototype);
    }),
  ];
}

function patchPublish(prototype: Protocol, newHeaders: () => Headers | undefined): void {
  const { publish } = prototype;
  prototype.publish = function (subject, payload, options, ...rest: []) {
    const sent = attempt(NAME, () => {
      if (isOwn(subject, this.options?.inboxPrefix)) return undefined;
      const size = typeof payload === "string" ? Buffer.byteLength(payload) : (payload?.length ?? 0);
      const started = startSend(tracer, factsOf(subject, "publish", { "messaging.message.body.size": size }));
      const headers = this.info?.headers === true ? newHeaders() : undefined;
      if (headers === undefined) return { started, options };
      fill(headers, started.context, options?.headers);
      return { started, options: { ...options, headers } };
    });
    if (sent === undefined) return publish.call(this, subject, payload, options, ...rest);
    return runIn(sent.started, () => publish.call(this, subject, payload, sent.options, ...rest));
  };
}

/** Fills new headers with those of the agent, which are its own object, and with the context. */
function fill(headers: Headers, context: Context, own: Headers | undefined): void {
  const all = withContext(context, Object.fromEntries(own ?? []), (values) => values.join(","));
  for (const [name, values] of Object.entries(all)) {
    for (const value of [values].flat()) headers.append(name, value);
  }
}

function patchSubscribe(prototype: Protocol): void {
  const { subscribe } = prototype;
  prototype.subscribe = function (subscription, ...rest: []) {
    attempt(NAME, () => {
      const { noIterator, subject, callback } = subscription;
      if (!noIterator || isOwn(subject, this.options?.inboxPrefix)) return;
      subscription.callback = tracedCallback(callback, 1);
    });
    return subscribe.call(this, subscription, ...rest);
  };
}

/** `at` is where the message stands among the arguments. */
function tracedCallback(callback: MessageCallback, at: number): MessageCallback {
  return function (this: unknown, ...args) {
    const work = callsHandler(() => callback.apply(this, args));
    const started = attempt(NAME, () => begin(args[at]));
    return started === undefined ? work() : runIn(started, work);
  };
}

/** Iterators of everything that comes: messages of subscriptions and of JetStream, but also news and replies. */
function patchIterator(prototype: AsyncIterable<Message>): void {
  const original = prototype[Symbol.asyncIterator];
  prototype[Symbol.asyncIterator] = function () {
    return bindEachAwaited(original.call(this), begin);
  };
}

function jetStreamPatch(module: string, folder: string, versions: readonly string[]): ModulePatch {
  return {
    module,
    versions,
    files: JET_STREAM.map((name) => folder + name),
    patch: (exports) => {
      const { prototype } = exports.PullConsumerImpl as { prototype: JetStreamConsumer };
      const { consume, next } = prototype;
      prototype.consume = function (options, ...rest: []) {
        const callback = options?.callback;
        if (typeof callback !== "function") return consume.call(this, options, ...rest);
        return consume.call(this, { ...options, callback: tracedCallback(callback, 0) }, ...rest);
      };
      prototype.next = async function (...args) {
        const message = await next.apply(this, args);
        attempt(NAME, () => {
          if (!isMessage(message)) return;
          recordReceive(tracer, factsOf(message.subject, "next"), [contextOfMessage(message)]);
        });
        return message;
      };
    },
  };
}

function begin(value: unknown): Started | undefined {
  if (!isMessage(value)) return undefined;
  const { subject, data } = value;
  const facts = factsOf(subject, "process", { "messaging.message.body.size": data?.length ?? 0 });
  return startProcess(tracer, facts, [contextOfMessage(value)]);
}

function isMessage(value: unknown): value is Message {
  const { subject, data } = (value ?? {}) as Partial<Message>;
  return typeof subject === "string" && data !== undefined && !isOwn(subject, undefined);
}

/** Inboxes of replies, and the subjects of the server, of JetStream and of what is built on it. */
function isOwn(subject: string, inboxPrefix = "_INBOX"): boolean {
  return typeof subject !== "string" || subject.startsWith("$") || subject.startsWith(`${inboxPrefix}.`);
}

function factsOf(subject: string, operation: string, attributes: Attributes = {}): MessageFacts {
  return { system: NAME, destination: subject, operation, attributes };
}

function contextOfMessage({ headers }: Message): Context {
  return contextOf((name) => (headers?.has(name) ? headers.get(name) : undefined));
}
