import type { InstrumentationScope, Resource, Span } from "@clew/protocol/otlp/model";

/** A sampled span that has ended, complete with status. */
export interface FinishedSpan {
  readonly span: Span;
  /** The same object for all spans of one configuration. */
  readonly resource: Resource;
  /** The same object for all spans of one process. */
  readonly scope: InstrumentationScope;
}
