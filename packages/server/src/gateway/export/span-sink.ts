import type { FinishedSpan } from "../spans/finished-span.ts";

/** Takes spans that have ended. Nothing here throws, waits, or tells the caller that an endpoint is away. */
export interface SpanSink {
  /** Encodes the span at once: it may be changed or thrown away afterwards. */
  add(span: FinishedSpan): void;
  /** Sends what was added; resolves when it has arrived, cannot arrive, or the time is over. */
  flush(timeoutMs: number): Promise<void>;
  /** Flushes, then sends no more; spans added later are dropped. */
  close(timeoutMs: number): Promise<void>;
}
