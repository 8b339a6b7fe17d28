import { attempt } from "../../attempt.ts";
import type { ContentLevel } from "../../settings.ts";
import { fields } from "../value.ts";

/** The client of SDKs that trace by themselves, from 0.137 on. */
interface TracedClient {
  _tracer?: unknown;
  readonly openTelemetry?: OpenTelemetryOption;
}

interface OpenTelemetryOption {
  readonly tracerProvider?: unknown;
  readonly traces?: { readonly contentMode?: string };
}

/**
 * Runs `call`, which starts a request, without the span that the SDK would start for it: the request has ours.
 * A client that sends its spans to a provider of its own keeps them.
 */
export function withoutNativeSpan<T>(client: unknown, call: () => T): T {
  const own = fields(client) as TracedClient;
  const tracer = own._tracer;
  if (tracer === undefined || own.openTelemetry?.tracerProvider !== undefined) return call();
  // The SDK looks for its tracer before the call returns.
  own._tracer = undefined;
  try {
    return call();
  } finally {
    own._tracer = tracer;
  }
}

/** Whether the SDK has started a span for a request, which it hands on in the request's options. */
export function hasNativeSpan(client: unknown, options: unknown): boolean {
  const { openTelemetry } = fields(client) as TracedClient;
  return fields(options).__span !== undefined && openTelemetry?.tracerProvider === undefined;
}

const recording = new WeakMap<object, object>();

/**
 * Has the spans that only the SDK has, those of its tool runner, record content on level `full`. Clients that
 * record it already, or that send their spans to a provider of their own, stay as they are.
 */
export function recordNativeContent(base: unknown, level: ContentLevel): void {
  if (level !== "full" || typeof base !== "function") return;
  const descriptor = Object.getOwnPropertyDescriptor(base.prototype, "openTelemetry");
  const get = descriptor?.get;
  if (descriptor === undefined || get === undefined) return;
  Object.defineProperty(base.prototype, "openTelemetry", {
    ...descriptor,
    get(this: unknown) {
      const option: unknown = get.call(this);
      return attempt("anthropic", () => withContent(option)) ?? option;
    },
  });
}

function withContent(option: unknown): unknown {
  const { tracerProvider, traces } = fields(option) as OpenTelemetryOption;
  if (tracerProvider !== undefined || traces === undefined || traces.contentMode === "content") return option;
  let changed = recording.get(option as object);
  if (changed === undefined) {
    changed = Object.freeze({
      ...fields(option),
      traces: Object.freeze({ ...traces, contentMode: "content" }),
    });
    recording.set(option as object, changed);
  }
  return changed;
}
