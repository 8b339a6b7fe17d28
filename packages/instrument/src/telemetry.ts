import { context, logs, propagation, trace } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { LoggerProvider } from "@opentelemetry/sdk-logs";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { contextParts } from "./context/context-parts.ts";
import { ContextTracerProvider } from "./context/context-tracer-provider.ts";
import { ExitFlush } from "./exit.ts";
import { Exporter, type SpanRecord } from "./export/exporter.ts";
import { Outbox } from "./export/outbox.ts";
import { countFault } from "./fault.ts";
import { OwnSdk } from "./own-sdk/own-sdk.ts";
import { SharedPropagator } from "./own-sdk/shared-propagator.ts";
import { SwitchableTracerProvider } from "./own-sdk/switchable-tracer-provider.ts";
import { SendingLogProcessor, SendingSpanProcessor } from "./processors.ts";
import { resourceAttributes } from "./resource.ts";
import { RunningSpans } from "./running-spans.ts";
import { samplerFrom } from "./sampler.ts";
import type { Settings } from "./settings.ts";

/** Makes the process's providers and registers them with the API. */
export function startTelemetry(settings: Settings): OwnSdk {
  // Its first reading takes milliseconds, by which the first span would begin too early.
  performance.now();
  const resource = resourceFromAttributes(resourceAttributes(settings));
  const { manager, propagator, spanProcessor, logProcessor } = contextParts(settings.context);
  context.setGlobalContextManager(manager);
  const sharedPropagator = new SharedPropagator(propagator);
  propagation.setGlobalPropagator(sharedPropagator);
  const outbox = new Outbox((count, why) => countFault("export.lost", `${count} records: ${why}`));
  const exporter = new Exporter(settings, resource, outbox);
  const running = new RunningSpans<SpanRecord>((span) => exporter.addSpan(span, true));
  const exit = new ExitFlush(exporter, () => running.announceAll());
  const sending = new SendingSpanProcessor(exporter, running, exit);
  const sendingLogs = new SendingLogProcessor(exporter);
  const tracers = new SwitchableTracerProvider(
    new TracerProvider({
      resource,
      sampler: samplerFrom(settings),
      spanProcessors: [spanProcessor, sending],
    }),
  );
  const ownSdk = new OwnSdk({
    settings,
    tracers,
    propagator: sharedPropagator,
    spanProcessors: { ids: spanProcessor, sending },
    logProcessors: { ids: logProcessor, sending: sendingLogs },
  });
  const contextTracers = new ContextTracerProvider(tracers);
  trace.setGlobalTracerProvider({
    getTracer(name, version, options) {
      ownSdk.onTracer(name);
      return contextTracers.getTracer(name, version, options);
    },
  });
  logs.setGlobalLoggerProvider(new LoggerProvider({ resource, processors: [logProcessor, sendingLogs] }));
  return ownSdk;
}
