import { AllowedDestinations } from "@clew/protocol/context/allowed-destinations";
import { parseBaggage } from "@clew/protocol/context/baggage";
import { mergeCorrelation } from "@clew/protocol/context/correlation";
import type { ContextManager, TextMapPropagator } from "@opentelemetry/api";
import type { ContextSettings } from "./context-settings.ts";
import { Correlation } from "./correlation.ts";
import { CorrelationLogProcessor, CorrelationSpanProcessor } from "./correlation-processors.ts";
import { Egress } from "./egress.ts";
import { ProcessContextManager, processContext } from "./process-context.ts";
import { W3cPropagator } from "./w3c-propagator.ts";

/** What a process needs to keep context. */
export interface ContextParts {
  readonly correlation: Correlation;
  readonly egress: Egress;
  readonly manager: ContextManager;
  readonly propagator: TextMapPropagator;
  /** First among the span processors of a provider, also of one that the agent made. */
  readonly spanProcessor: CorrelationSpanProcessor;
  /** First among the processors of log records. */
  readonly logProcessor: CorrelationLogProcessor;
}

const parts = new WeakMap<ContextSettings, ContextParts>();

/** The same parts for the same settings: instrumentations and providers share them. */
export function contextParts(settings: ContextSettings): ContextParts {
  let made = parts.get(settings);
  if (made === undefined) {
    made = makeParts(settings);
    parts.set(settings, made);
  }
  return made;
}

function makeParts(settings: ContextSettings): ContextParts {
  const started = new Map(parseBaggage(settings.processBaggage).map(({ key, value }) => [key, value]));
  const ofProcess = mergeCorrelation(
    (key) => started.get(key),
    (key) => settings.ids[key],
    settings.moreKeys,
  );
  const correlation = new Correlation(ofProcess, settings.moreKeys);
  const egress = new Egress(new AllowedDestinations(settings.propagateTo), correlation);
  return {
    correlation,
    egress,
    manager: new ProcessContextManager(processContext(settings)).enable(),
    propagator: new W3cPropagator(correlation, egress, settings.headerMap),
    spanProcessor: new CorrelationSpanProcessor(correlation),
    logProcessor: new CorrelationLogProcessor(correlation),
  };
}
