import type { LogRecordProcessor } from "@opentelemetry/sdk-logs";
import type { SpanProcessor } from "@opentelemetry/sdk-trace";
import type { ExitFlush } from "./exit.ts";
import type { Exporter, LogEntry, SpanRecord } from "./export/exporter.ts";

const SAMPLED = 1;

/** Follows the spans that are open. */
export interface OpenSpans {
  started(span: SpanRecord): void;
  ended(span: SpanRecord): void;
}

/** Hands spans to the exporter. It stays open when a provider is shut down: another may use it. */
export class SendingSpanProcessor implements SpanProcessor {
  readonly #exporter: Exporter;
  readonly #open: readonly OpenSpans[];
  readonly #exit: ExitFlush;

  constructor(exporter: Exporter, open: readonly OpenSpans[], exit: ExitFlush) {
    this.#exporter = exporter;
    this.#open = open;
    this.#exit = exit;
  }

  onStart(span: SpanRecord): void {
    if ((span.spanContext().traceFlags & SAMPLED) === 0) return;
    for (const spans of this.#open) spans.started(span);
    this.#exit.onSpan();
  }

  onEnd(span: SpanRecord): void {
    if ((span.spanContext().traceFlags & SAMPLED) === 0) return;
    for (const spans of this.#open) spans.ended(span);
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
