import { type Context, context, createContextKey } from "@opentelemetry/api";

const TRACED = createContextKey("clew.model_call_traced");

/**
 * A context in which calls of model SDKs get no span of their own: for a framework that traces the call
 * itself and calls the SDK inside.
 */
export function withModelCallTraced(parent: Context = context.active()): Context {
  return parent.setValue(TRACED, true);
}

/** Whether somebody further out already has a span for this call of a model. */
export function isModelCallTraced(at: Context = context.active()): boolean {
  return at.getValue(TRACED) === true;
}
