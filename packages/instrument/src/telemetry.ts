import { context, propagation, trace } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { contextParts } from "./context/context-parts.ts";
import { ContextTracerProvider } from "./context/context-tracer-provider.ts";
import { OtlpSpanExporter } from "./export/otlp-span-exporter.ts";
import type { Settings } from "./settings.ts";

/** Makes the process's providers and registers them with the API; the returned function sends what is left. */
export function startTelemetry(settings: Settings): () => Promise<void> {
  const { manager, propagator, spanProcessor } = contextParts(settings.context);
  const exporter = new OtlpSpanExporter(settings.endpoint);
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": settings.serviceName || "unknown_service:node" }),
    spanProcessors: [spanProcessor, new BatchSpanProcessor({ exporter, scheduledDelayMillis: 500 })],
  });
  context.setGlobalContextManager(manager);
  propagation.setGlobalPropagator(propagator);
  trace.setGlobalTracerProvider(new ContextTracerProvider(provider));
  return () => provider.forceFlush();
}
