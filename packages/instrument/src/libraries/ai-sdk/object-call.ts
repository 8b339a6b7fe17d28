import { context, createContextKey } from "@opentelemetry/api";
import { attempt } from "../../attempt.ts";
import type { Operation } from "../../genai/operation.ts";
import { type Fields, fields } from "../../models/value.ts";
import { isOurs, modelOf } from "./call-options.ts";
import { type Recording, startAgent, startChat } from "./calls.ts";

/** The spans of a call that asks a model for an object: one request, at most repeated. */
export interface ObjectCall {
  readonly agent: Operation;
  readonly chat: Operation;
}

type Call = (this: unknown, options: Fields, ...of: unknown[]) => unknown;

const CALL = createContextKey("clew.ai_object_call");

/** The call inside which the SDK tells that one has started. */
export function activeObjectCall(): ObjectCall | undefined {
  return context.active().getValue(CALL) as ObjectCall | undefined;
}

/**
 * Version 7's functions for objects, which run inside the span of their request: the SDK lets nobody else put a
 * context around it.
 */
export function withObjectCalls(exports: Fields, recording: () => Recording): Record<string, unknown> {
  const replaced: Record<string, unknown> = {};
  for (const name of ["generateObject", "streamObject"]) {
    const original = exports[name];
    if (typeof original !== "function") continue;
    const traced: Call = function (options, ...of) {
      const run = () => (original as Call).call(this, options, ...of);
      const call = isOurs(fields(options))
        ? attempt("clew.ai", () => start(recording(), options))
        : undefined;
      if (call === undefined) return run();
      const result = context.with(call.chat.context.setValue(CALL, call), run);
      if (result instanceof Promise) result.catch((error: unknown) => endBoth(call, error));
      return result;
    };
    Object.defineProperty(traced, "name", { value: name, configurable: true });
    replaced[name] = traced;
  }
  return replaced;
}

function start(recording: Recording, options: Fields): ObjectCall {
  const { model, telemetry, experimental_telemetry: older, ...given } = options;
  const event = { ...given, ...pick(modelOf(model)), functionId: fields(telemetry ?? older).functionId };
  const agent = startAgent(recording, event);
  return { agent, chat: startChat(recording, event, agent.context) };
}

function pick({ provider, modelId }: Fields): Fields {
  return { provider, modelId };
}

/** Does nothing to spans that have ended when the SDK told of the failure. */
function endBoth({ agent, chat }: ObjectCall, error: unknown): void {
  chat.fail(error);
  agent.fail(error);
}
