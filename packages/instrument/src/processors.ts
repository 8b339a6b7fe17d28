import type { LogRecordProcessor } from "@opentelemetry/sdk-logs";
import type { SpanProcessor } from "@opentelemetry/sdk-trace";
import type { ExitFlush } from "./exit.ts";
import type { Exporter, LogEntry, SpanRecord } from "./export/exporter.ts";
import type { RunningSpans } from "./running-spans.ts";

const SAMPLED = 1;

/** Hands spans to the exporter. It stays open when a provider is shut down: another may use it. */
export class SendingSpanProcessor implements SpanProcessor {
  readonly #exporter: Exporter;
  readonly #running: RunningSpans<SpanRecord>;
  readonly #exit: ExitFlush;

  constructor(exporter: Exporter, running: RunningSpans<SpanRecord>, exit: ExitFlush) {
    this.#exporter = exporter;
    this.#running = running;
    this.#exit = exit;
  }

  onStart(span: SpanRecord): void {
    if ((span.spanContext().traceFlags & SAMPLED) === 0) return;
    this.#running.started(span);
    this.#exit.onSpan();
  }

  onEnd(span: SpanRecord): void {
    if ((span.spanContext().traceFlags & SAMPLED) === 0) return;
    this.#running.ended(span);
    this.#exporter.addSpan(span, false);
  }

  forceFlush(): Promise<void> {
    return this.#exporter.flush(FLUSH_MS);
  }

  shutdown(): Promise<void> {
    return this.forceFlush();
  }
}

/** As long as the agent may wait for us where it waits for its own exporter. */
const FLUSH_MS = 1000;

/** Hands log records to the exporter. */
export class SendingLogProcessor implements LogRecordProcessor {
  readonly #exporter: Exporter;

  constructor(exporter: Exporter) {
    this.#exporter = exporter;
  }

  enabled(): boolean {
    return true;
  }

  onEmit(record: LogEntry): void {
    this.#exporter.addLog(record);
  }

  forceFlush(): Promise<void> {
    return this.#exporter.flush(FLUSH_MS);
  }

  shutdown(): Promise<void> {
    return this.forceFlush();
  }
}
