import { parseBaggage } from "@clew/protocol/context/baggage";
import { type Context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import type { ContextSettings } from "./context-settings.ts";
import { withBaggageMembers } from "./correlation.ts";
import { remoteSpan } from "./w3c-propagator.ts";

/** The context that the environment of the process carries: `TRACEPARENT`, `TRACESTATE` and `BAGGAGE`. */
export function processContext(settings: ContextSettings): Context {
  const context = withBaggageMembers(ROOT_CONTEXT, parseBaggage(settings.baggage));
  const parent = remoteSpan(settings.traceparent, settings.tracestate);
  return parent === undefined ? context : trace.setSpanContext(context, parent);
}

/**
 * Work that belongs to no request continues the trace of whoever started the process. A request that comes in
 * without a trace does not: it starts its own, or all requests of a long-lived server would be one trace.
 */
export class ProcessContextManager extends AsyncLocalStorageContextManager {
  readonly #ofProcess: Context;

  constructor(ofProcess: Context) {
    super();
    this.#ofProcess = ofProcess;
  }

  override active(): Context {
    const active = super.active();
    return active === ROOT_CONTEXT ? this.#ofProcess : active;
  }
}
