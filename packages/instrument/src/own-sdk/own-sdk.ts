import type { LoggerProvider, TextMapPropagator, TracerProvider } from "@opentelemetry/api";
import type { Instrumentation } from "@opentelemetry/instrumentation";
import { attempt } from "../attempt.ts";
import { seeTracer } from "../logs/own-senders.ts";
import type { Settings } from "../settings.ts";
import { addLogProcessor, addSpanProcessor, sendsTo } from "./add-processors.ts";
import type { SharedPropagator } from "./shared-propagator.ts";
import type { SwitchableTracerProvider } from "./switchable-tracer-provider.ts";

/** What the process's telemetry is made of, as far as an SDK of the agent's own is joined to it. */
export interface Telemetry {
  readonly settings: Settings;
  readonly tracers: SwitchableTracerProvider;
  readonly propagator: SharedPropagator;
  /** Gives spans and log records the ids, and sends them. */
  readonly spanProcessors: { readonly ids: object; readonly sending: object };
  readonly logProcessors: { readonly ids: object; readonly sending: object };
}

/** Nobody else asks for tracers of these names. */
const OWN_SCOPES = "clew.";

/** Joins SDKs that the agent starts itself: they go on as they would without us, and we see what they see. */
export class OwnSdk {
  readonly #telemetry: Telemetry;
  readonly #joined = new WeakSet<object>();
  #instrumentations: readonly Instrumentation[] = [];
  #isMaking = false;

  constructor(telemetry: Telemetry) {
    this.#telemetry = telemetry;
  }

  /** From now on a tracer with the name of one of ours is asked for by the agent's own instrumentation. */
  watch(instrumentations: readonly Instrumentation[]): void {
    this.#instrumentations = instrumentations;
  }

  /** The tracers that are asked for meanwhile are those of an instrumentation of ours. */
  making<T>(make: () => T): T {
    const wasMaking = this.#isMaking;
    this.#isMaking = true;
    try {
      return make();
    } finally {
      this.#isMaking = wasMaking;
    }
  }

  /** The agent's own instrumentation of a library takes the place of ours: both would record every call. */
  onTracer(name: string): void {
    if (this.#isMaking || name.startsWith(OWN_SCOPES)) return;
    seeTracer(name);
    const ours = this.#instrumentations.find((one) => one.instrumentationName === name);
    if (ours === undefined) return;
    this.#instrumentations = this.#instrumentations.filter((one) => one !== ours);
    attempt("own-sdk", () => ours.disable());
  }

  /** False where the provider cannot be joined; then it is not used. */
  setTracerProvider(given: TracerProvider): boolean {
    const provider = withoutProxy(given);
    const { tracers, settings, spanProcessors } = this.#telemetry;
    if (this.#isNew(provider)) {
      if (!addSpanProcessor(provider, spanProcessors.ids)) return false;
      if (!sendsTo(provider, [settings.tracesUrl])) addSpanProcessor(provider, spanProcessors.sending);
    }
    tracers.switchTo(provider);
    return true;
  }

  setLoggerProvider(provider: LoggerProvider): void {
    const { settings, logProcessors } = this.#telemetry;
    if (!this.#isNew(provider) || !addLogProcessor(provider, logProcessors.ids)) return;
    if (!sendsTo(provider, [settings.logsUrl])) addLogProcessor(provider, logProcessors.sending);
  }

  setPropagator(propagator: TextMapPropagator): void {
    this.#telemetry.propagator.shareWith(propagator);
  }

  #isNew(provider: object): boolean {
    if (this.#joined.has(provider)) return false;
    this.#joined.add(provider);
    return true;
  }
}

function withoutProxy(provider: TracerProvider): TracerProvider {
  const { getDelegate } = provider as { getDelegate?: () => TracerProvider };
  return typeof getDelegate === "function" ? getDelegate.call(provider) : provider;
}
