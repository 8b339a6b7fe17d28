import { context, logs, propagation, trace } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { LoggerProvider } from "@opentelemetry/sdk-logs";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { contextParts } from "./context/context-parts.ts";
import { ContextTracerProvider } from "./context/context-tracer-provider.ts";
import { leftHere } from "./context/worker-carrier.ts";
import { ExitFlush } from "./exit.ts";
import { ChildThreads, takeFromThreads } from "./export/child-threads.ts";
import { Exporter, type SpanRecord } from "./export/exporter.ts";
import { Outbox } from "./export/outbox.ts";
import { ParentThread } from "./export/parent-thread.ts";
import { countFault } from "./fault.ts";
import { OwnSdk } from "./own-sdk/own-sdk.ts";
import { SharedPropagator } from "./own-sdk/shared-propagator.ts";
import { SwitchableTracerProvider } from "./own-sdk/switchable-tracer-provider.ts";
import { SendingLogProcessor, SendingSpanProcessor } from "./processors.ts";
import { resourceAttributes } from "./resource.ts";
import { RunningSpans } from "./running-spans.ts";
import { samplerFrom } from "./sampler.ts";
import type { Settings } from "./settings.ts";
import { ThreadSpans } from "./thread-spans.ts";

/** Makes the process's providers and registers them with the API. */
export function startTelemetry(settings: Settings): OwnSdk {
  // Its first reading takes milliseconds, by which the first span would begin too early.
  performance.now();
  const link = leftHere()?.link;
  const attributes = resourceAttributes(settings, link?.service);
  const resource = resourceFromAttributes(attributes);
  const { manager, propagator, spanProcessor, logProcessor } = contextParts(settings.context);
  context.setGlobalContextManager(manager);
  const sharedPropagator = new SharedPropagator(propagator);
  propagation.setGlobalPropagator(sharedPropagator);
  const lost = (count: number, why: string) => countFault("export.lost", `${count} records: ${why}`);
  const parent = link && new ParentThread(link, lost);
  const exporter = new Exporter(settings, resource, parent ?? new Outbox(lost));
  const threads = new ChildThreads(String(attributes["service.name"]), (parcel) =>
    exporter.addParcel(parcel),
  );
  takeFromThreads(threads);
  const told = parent && new ThreadSpans(parent, (span) => exporter.announcement(span));
  const running = new RunningSpans<SpanRecord>((span) => {
    exporter.addSpan(span, true);
    told?.done(span);
  });
  const exit = new ExitFlush(exporter, () => {
    threads.takeAll();
    running.announceAll();
    told?.tell();
  });
  const sending = new SendingSpanProcessor(exporter, told === undefined ? [running] : [running, told], exit);
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
