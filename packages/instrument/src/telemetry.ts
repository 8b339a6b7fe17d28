import { context, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from "@opentelemetry/core";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { OtlpSpanExporter } from "./export/otlp-span-exporter.ts";
import type { Settings } from "./settings.ts";

/** Makes the process's providers and registers them with the API; the returned function sends what is left. */
export function startTelemetry(settings: Settings): () => Promise<void> {
  const exporter = new OtlpSpanExporter(settings.endpoint);
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": settings.serviceName || "unknown_service:node" }),
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: 500 })],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(
    new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }),
  );
  trace.setGlobalTracerProvider(provider);
  return () => provider.forceFlush();
}
