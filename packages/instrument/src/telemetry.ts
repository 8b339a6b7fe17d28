import { context, logs, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from "@opentelemetry/core";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { LoggerProvider } from "@opentelemetry/sdk-logs";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { ExitFlush } from "./exit.ts";
import { Exporter, type SpanRecord } from "./export/exporter.ts";
import { Outbox } from "./export/outbox.ts";
import { countFault } from "./fault.ts";
import { SendingLogProcessor, SendingSpanProcessor } from "./processors.ts";
import { resourceAttributes } from "./resource.ts";
import { RunningSpans } from "./running-spans.ts";
import { samplerFrom } from "./sampler.ts";
import type { Settings } from "./settings.ts";

/** Makes the process's providers and registers them with the API. */
export function startTelemetry(settings: Settings): void {
  const resource = resourceFromAttributes(resourceAttributes(settings));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(
    new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }),
  );
  const outbox = new Outbox((count, why) => countFault("export.lost", `${count} records: ${why}`));
  const exporter = new Exporter(settings, resource, outbox);
  const running = new RunningSpans<SpanRecord>((span) => exporter.addSpan(span, true));
  const exit = new ExitFlush(exporter, () => running.announceAll());
  trace.setGlobalTracerProvider(
    new TracerProvider({
      resource,
      sampler: samplerFrom(settings),
      spanProcessors: [new SendingSpanProcessor(exporter, running, exit)],
    }),
  );
  logs.setGlobalLoggerProvider(
    new LoggerProvider({ resource, processors: [new SendingLogProcessor(exporter)] }),
  );
}
