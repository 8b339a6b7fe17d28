import type { IngestEvent } from "./ingest-event.ts";
import type { TraceItem } from "./trace-item.ts";

/** Traces that got spans since the last message; an item replaces what was known of its trace. */
export interface TraceUpdate {
  readonly items: readonly TraceItem[];
  /** Changed traces that this message leaves out because there were too many. */
  readonly skipped: number;
  /** What a reader that comes back names, to be told what changed since; holds until the server ends. */
  readonly id: string;
  /** True where the reader named an update and what changed since is not known any more. */
  readonly missed?: true;
}

/** Messages of `/api/v1/traces/stream` by SSE event name. */
export interface TraceStreamMessages {
  traces: TraceUpdate;
}

/** Messages of `/api/v1/ingest/events`: what is remembered first, then each as it happens. */
export interface IngestStreamMessages {
  ingest: IngestEvent;
}
