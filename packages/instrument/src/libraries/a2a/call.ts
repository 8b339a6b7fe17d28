import { type Attributes, context, type SpanKind, trace } from "@opentelemetry/api";
import { attempt } from "../../attempt.ts";
import { observeIterator } from "../../genai/observe-iterator.ts";
import { Operation } from "../../genai/operation.ts";
import { runOperation } from "../../genai/run-operation.ts";
import { type Fields, fields, textOf } from "../../models/value.ts";
import { beginningOf, rememberBeginning } from "./task.ts";

export type Side = SpanKind.CLIENT | SpanKind.SERVER;

/** One call of a client's method, or of the method of a server's handler that answers it. */
export interface Call {
  /** The protocol's name of the operation, such as `SendMessage`. */
  readonly method: string;
  readonly kind: Side;
  readonly params: Fields;
  /** The client or the handler. */
  readonly by: Fields;
}

/** States by their number in the protocol. */
const STATES = [
  "TASK_STATE_UNSPECIFIED",
  "TASK_STATE_SUBMITTED",
  "TASK_STATE_WORKING",
  "TASK_STATE_COMPLETED",
  "TASK_STATE_FAILED",
  "TASK_STATE_CANCELED",
  "TASK_STATE_INPUT_REQUIRED",
  "TASK_STATE_REJECTED",
  "TASK_STATE_AUTH_REQUIRED",
];

/** Runs a call inside its span. A stream's span ends with the stream. */
export function traceCall<T>(call: Call, run: () => T): T {
  const operation = attempt("clew.a2a", () => start(call));
  if (operation === undefined) return run();
  if (!/^(SendStreamingMessage|SubscribeToTask)$/.test(call.method)) {
    let state: string | undefined;
    return runOperation(operation, run, (result) => {
      state = attempt("clew.a2a", () => record(operation, call, fields(result)));
      endAs(operation, call, state);
    });
  }
  const stream = run() as T & AsyncGenerator;
  const next = stream.next;
  // A generator runs in the context of whoever asks for its next element.
  stream.next = (...of) => context.with(operation.context, () => next.apply(stream, of));
  let state: string | undefined;
  return observeIterator(stream, {
    item(event) {
      operation.chunk();
      const { payload } = fields(event);
      state = record(operation, call, fields(fields(payload).value ?? event)) ?? state;
    },
    done: () => endAs(operation, call, state),
    failed: (error) => operation.fail(error),
    abandoned: () => operation.cancel(),
  });
}

function start({ method, kind, params, by }: Call): Operation {
  const message = fields(params.message);
  const taskId = taskOf(params);
  const attributes: Attributes = { "a2a.method.name": method };
  set(attributes, "a2a.message.id", message.messageId);
  set(attributes, "a2a.task.id", taskId);
  set(attributes, "a2a.tenant", params.tenant);
  set(attributes, "a2a.protocol.version", by.protocolVersion);
  set(attributes, "gen_ai.conversation.id", message.contextId ?? params.contextId);
  set(attributes, "gen_ai.agent.name", fields(by.agentCard).name);
  const span = trace.getTracer("clew.a2a").startSpan(method, { kind, attributes });
  const beginning = taskId === undefined ? undefined : beginningOf(kind, taskId);
  if (beginning !== undefined && beginning.spanId !== span.spanContext().spanId) {
    span.addLink({ context: beginning, attributes: { "a2a.task.id": taskId ?? "" } });
  }
  return new Operation(span, context.active(), "off");
}

function set(attributes: Attributes, key: string, value: unknown): void {
  const text = textOf(value);
  if (text !== undefined) attributes[key] = text;
}

function taskOf(params: Fields): string | undefined {
  return textOf(fields(params.message).taskId) ?? textOf(params.taskId) ?? textOf(params.id);
}

/** Records what an answer or an event of a stream says, and returns the state of its task. */
function record(operation: Operation, { method, kind }: Call, answer: Fields): string | undefined {
  const state = STATES[Number(fields(answer.status).state)];
  const isTask = state !== undefined && textOf(answer.id) !== undefined;
  const taskId = isTask ? textOf(answer.id) : textOf(answer.taskId);
  operation.set({
    "a2a.task.id": taskId,
    "a2a.task.state": state,
    "gen_ai.conversation.id": textOf(answer.contextId),
  });
  if (taskId !== undefined && method.startsWith("Send")) {
    rememberBeginning(kind, taskId, operation.span.spanContext());
  }
  return state;
}

/** A task that failed is a failure of the message that asked for it, not of a question about it. */
function endAs(operation: Operation, { method }: Call, state: string | undefined): void {
  const isFailure = state === "TASK_STATE_FAILED" || state === "TASK_STATE_REJECTED";
  if (isFailure && method.startsWith("Send")) operation.failAs(state);
  else operation.end();
}
