import { type Attributes, type Context, trace } from "@opentelemetry/api";
import { attempt } from "../attempt.ts";
import type { Library } from "../library.ts";
import { bindEach } from "../messaging/each-message.ts";
import { carried, contextOf } from "../messaging/message-context.ts";
import {
  type MessageFacts,
  recordReceive,
  runIn,
  type Started,
  startProcess,
  startSend,
} from "../messaging/message-spans.ts";
import { instrumentationOf } from "../module-patch.ts";

interface MessageAttribute {
  readonly DataType?: string;
  readonly StringValue?: string;
}

type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

interface Sending {
  readonly MessageAttributes?: MessageAttributes;
}

interface Received {
  readonly MessageId?: string;
  MessageAttributes?: MessageAttributes;
  MD5OfMessageAttributes?: string;
}

interface Input extends Sending {
  readonly QueueUrl?: string;
  readonly Entries?: readonly Sending[];
  readonly MessageAttributeNames?: readonly string[];
}

interface Output {
  readonly MessageId?: string;
  readonly Messages?: Received[];
}

interface Command {
  readonly input: Input;
}

type CommandClass = new (...args: never[]) => Command;
type Send = (this: unknown, command: Command, ...rest: unknown[]) => Promise<Output> | undefined;
type Callback = (error: unknown, output?: Output) => void;

const tracer = trace.getTracer("clew.aws-sqs");
const NAME = "@aws-sdk/client-sqs";
const CONTEXT = ["traceparent", "baggage", "tracestate"];
/** SQS takes no more of them with a message. */
const MAX_ATTRIBUTES = 10;

/**
 * Messages carry their context in message attributes, as many as there is room for. A consumer asks for these
 * beside those that it wants, and gets to see the latter only.
 */
export const awsSqs: Library = {
  name: NAME,
  instrumentation: () =>
    instrumentationOf("clew.aws-sqs", [{ module: NAME, versions: [">=3 <4"], patch: patchClient }]),
};

function patchClient(exports: Record<string, unknown>): void {
  const { prototype } = exports.SQSClient as { prototype: { send: Send } };
  const { send } = prototype;
  const is = (command: Command, name: string) => command instanceof (exports[name] as CommandClass);
  prototype.send = function (command, ...rest) {
    const call = (changed: Command, ...args: unknown[]) => send.call(this, changed, ...args);
    if (is(command, "SendMessageCommand")) return sendMessages(call, command, rest, oneMessage);
    if (is(command, "SendMessageBatchCommand")) return sendMessages(call, command, rest, batch);
    if (is(command, "ReceiveMessageCommand")) return receive(call, command, rest);
    return call(command, ...rest);
  };
}

type Call = (command: Command, ...rest: unknown[]) => Promise<Output> | undefined;

/** The command with another input; the agent's own stays as it is. */
function copyOf(command: Command, input: Input): Command {
  return Object.assign(Object.create(Object.getPrototypeOf(command)), command, { input }) as Command;
}

function sendMessages(
  call: Call,
  command: Command,
  rest: readonly unknown[],
  withContext: (input: Input, context: Context) => Input,
): Promise<Output> | undefined {
  const sent = attempt(NAME, () => {
    const count = command.input.Entries?.length;
    const attributes: Attributes = count === undefined ? {} : { "messaging.batch.message_count": count };
    const started = startSend(tracer, { ...factsOf(command.input, attributes), operation: "send" });
    return { started, command: copyOf(command, withContext(command.input, started.context)) };
  });
  if (sent === undefined) return call(command, ...rest);
  return runIn(sent.started, () => {
    const answer = call(sent.command, ...rest);
    return answer?.then((output) => {
      if (output?.MessageId) sent.started.span.setAttribute("messaging.message.id", output.MessageId);
      return output;
    });
  });
}

function oneMessage(input: Input, context: Context): Input {
  return { ...input, MessageAttributes: attributesWith(context, input.MessageAttributes) };
}

function batch(input: Input, context: Context): Input {
  const entries = input.Entries?.map((entry) => ({
    ...entry,
    MessageAttributes: attributesWith(context, entry.MessageAttributes),
  }));
  return entries === undefined ? input : { ...input, Entries: entries };
}

function attributesWith(context: Context, own: MessageAttributes = {}): MessageAttributes {
  const { traceparent: _, tracestate: __, ...kept } = own;
  const result: Record<string, MessageAttribute> = kept;
  const headers = carried(context, own.baggage?.StringValue);
  for (const name of CONTEXT) {
    const value = headers[name];
    const hasRoom = name in result || Object.keys(result).length < MAX_ATTRIBUTES;
    if (value !== undefined && hasRoom) result[name] = { DataType: "String", StringValue: value };
  }
  return result;
}

function receive(call: Call, command: Command, rest: readonly unknown[]): Promise<Output> | undefined {
  const { input } = command;
  const asked = input.MessageAttributeNames ?? [];
  const isAll = asked.some((name) => name === "All" || name === ".*");
  const names = isAll ? asked : [...new Set([...asked, ...CONTEXT])];
  const changed = attempt(NAME, () => copyOf(command, { ...input, MessageAttributeNames: names })) ?? command;
  const told = (output: Output | undefined) =>
    attempt(NAME, () => take(input, output, isAll ? names : asked));
  const callback = rest.at(-1);
  if (typeof callback === "function") {
    const traced: Callback = (error, output) => {
      told(output);
      (callback as Callback)(error, output);
    };
    return call(changed, ...rest.slice(0, -1), traced);
  }
  return call(changed, ...rest)?.then((output) => {
    told(output);
    return output;
  });
}

/** Makes use of what came with the messages, and takes away what the agent did not ask for. */
function take(input: Input, output: Output | undefined, asked: readonly string[]): void {
  const messages = output?.Messages ?? [];
  if (messages.length === 0) return;
  const contexts = new Map(messages.map((message) => [message, contextOfMessage(message)]));
  for (const message of messages) strip(message, asked);
  const facts = factsOf(input, { "messaging.batch.message_count": messages.length });
  const received = recordReceive(tracer, { ...facts, operation: "receive" }, [...contexts.values()]);
  bindEach(messages, (message): Started => {
    const { MessageId: id } = message;
    const own = factsOf(input, id === undefined ? {} : { "messaging.message.id": id });
    const from = contexts.get(message);
    const isTraced = from !== undefined && trace.getSpanContext(from) !== undefined;
    return startProcess(tracer, { ...own, operation: "process" }, [isTraced ? from : received]);
  });
}

function strip(message: Received, asked: readonly string[]): void {
  if (message.MessageAttributes === undefined || asked.includes("All") || asked.includes(".*")) return;
  const isAsked = (name: string) =>
    asked.some((each) => each === name || (each.endsWith(".*") && name.startsWith(each.slice(0, -1))));
  const entries = Object.entries(message.MessageAttributes);
  const kept = entries.filter(([name]) => !CONTEXT.includes(name) || isAsked(name));
  if (kept.length === entries.length) return;
  // It is over more than the agent sees.
  delete message.MD5OfMessageAttributes;
  if (kept.length === 0) delete message.MessageAttributes;
  else message.MessageAttributes = Object.fromEntries(kept);
}

function factsOf({ QueueUrl = "" }: Input, attributes: Attributes): Omit<MessageFacts, "operation"> {
  const destination = QueueUrl.slice(QueueUrl.lastIndexOf("/") + 1);
  return { system: "aws_sqs", destination, attributes: { "aws.sqs.queue.url": QueueUrl, ...attributes } };
}

function contextOfMessage({ MessageAttributes: attributes }: Received): Context {
  return contextOf((name) => attributes?.[name]?.StringValue);
}
