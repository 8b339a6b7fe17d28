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

/** Whether a model was called. */
export interface ModelCallWatch {
  wasCalled: boolean;
}

const WATCH = createContextKey("clew.model_call_watch");

/** A context in which `watch` notices whether a model is called with a span of that call's own. */
export function watchingModelCalls(parent: Context, watch: ModelCallWatch): Context {
  return parent.setValue(WATCH, watch);
}

/** To be called where the span of a call of a model starts. */
export function noteModelCall(at: Context): void {
  const watch = at.getValue(WATCH) as ModelCallWatch | undefined;
  if (watch !== undefined) watch.wasCalled = true;
}
