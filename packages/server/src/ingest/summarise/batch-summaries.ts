import type { SpanColumns } from "../encode/span-columns.ts";
import type { SpanScanner } from "../encode/span-scanner.ts";
import type { Bytes } from "../native/bytes.ts";
import type { Understood } from "../understand/understand.ts";
import { SpanStats } from "./span-stats.ts";
import type { SpanTimes } from "./span-times.ts";
import { TraceLinks } from "./trace-links.ts";
import { TraceSummaries } from "./trace-summaries.ts";

/** A table that says in sums what `spans` says one by one, and its rows for one batch. */
export interface SummaryBlock {
  readonly table: "traces" | "span_stats" | "trace_links";
  readonly rows: number;
  readonly chunks: Uint8Array[];
}

/**
 * What the spans of one batch add up to. Materialized views would say the same and cost three times as much: each
 * is a statement of its own within the insert. Costs about 0.5 µs a span.
 */
export class BatchSummaries {
  readonly #traces = new TraceSummaries();
  readonly #stats = new SpanStats();
  readonly #links = new TraceLinks();

  /** A span of a request, which is the last row of `columns`. */
  add(
    body: Buffer,
    view: DataView,
    span: SpanScanner,
    times: SpanTimes,
    service: string,
    of: Understood,
    columns: SpanColumns,
  ): void {
    const trace = this.#traces.of(body, span.traceAt);
    trace.add(times, service, span.statusCode, of);
    if (isRoot(view, span)) {
      const name = body.subarray(span.nameStart, span.nameEnd);
      trace.addRoot(times, name, service, span.statusCode, of.isRunning);
    }
    if (!of.isRunning) this.#stats.add(times, service, span.kind, span.statusCode, of, columns);
    if (span.links.count > 0) this.#addLinks(body, span, columns.links.traceIds);
  }

  /** Valid until `reset`. */
  blocks(day: number): SummaryBlock[] {
    const tables = { traces: this.#traces, span_stats: this.#stats, trace_links: this.#links } as const;
    return (["traces", "span_stats", "trace_links"] as const)
      .filter((table) => tables[table].rows > 0)
      .map((table) => ({ table, rows: tables[table].rows, chunks: tables[table].block(day) }));
  }

  reset(): void {
    this.#traces.reset();
    this.#stats.reset();
    this.#links.reset();
  }

  #addLinks(body: Buffer, span: SpanScanner, linked: Bytes): void {
    for (let i = span.links.count; i > 0; i--) {
      this.#links.add(body, span.traceAt, linked.buf, linked.length - 16 * i);
    }
  }
}

function isRoot(view: DataView, { parentAt, parentLength }: SpanScanner): boolean {
  return parentLength !== 8 || (view.getInt32(parentAt, true) | view.getInt32(parentAt + 4, true)) === 0;
}
