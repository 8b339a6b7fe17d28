import type { Context } from "@opentelemetry/api";
import { context as activeContext } from "@opentelemetry/api";
import type { LogRecordProcessor, ReadWriteLogRecord } from "@opentelemetry/sdk-logs";
import type { Span, SpanProcessor } from "@opentelemetry/sdk-trace";
import { attempt } from "../attempt.ts";
import type { Correlation } from "./correlation.ts";

/** Puts the ids of its context onto every span as it starts; what the agent set itself stays. */
export class CorrelationSpanProcessor implements SpanProcessor {
  readonly #correlation: Correlation;

  constructor(correlation: Correlation) {
    this.#correlation = correlation;
  }

  onStart(span: Span, parentContext: Context): void {
    attempt("context", () => {
      for (const [key, value] of this.#correlation.idsOf(parentContext)) {
        if (span.attributes[key] === undefined) span.setAttribute(key, value);
      }
    });
  }

  onEnd(): void {}
  async forceFlush(): Promise<void> {}
  async shutdown(): Promise<void> {}
}

/** The same for log records. */
export class CorrelationLogProcessor implements LogRecordProcessor {
  readonly #correlation: Correlation;

  constructor(correlation: Correlation) {
    this.#correlation = correlation;
  }

  onEmit(record: ReadWriteLogRecord, context: Context = activeContext.active()): void {
    attempt("context", () => {
      for (const [key, value] of this.#correlation.idsOf(context)) {
        if (record.attributes[key] === undefined) record.setAttribute(key, value);
      }
    });
  }

  async forceFlush(): Promise<void> {}
  async shutdown(): Promise<void> {}
}
