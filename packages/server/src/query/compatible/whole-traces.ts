import type { TracesData } from "@clew/protocol/otlp/model";
import { PublicError } from "../../errors.ts";
import type { Store } from "../../store/store.ts";
import { tracesData } from "../export-traces.ts";
import { Origins } from "../origins.ts";
import type { WholeSpanRow } from "../restore-span.ts";
import { EndedFirst } from "../running.ts";
import { Parameters, statement } from "../sql.ts";
import { type TraceSummary, traceSummaries } from "../trace-summary.ts";
import { rowsOfTraces, settingsFor } from "./rows-of-traces.ts";

/** More spans than this are not put into one answer. */
export const MOST_SPANS = 100_000;

/** The trace has more spans than one answer holds, in a format that cannot say so. */
export class TraceTooLarge extends PublicError {
  readonly code = "trace_too_large";
  readonly status = 413;

  constructor(id: string, mostSpans: number) {
    super(`Trace ${id} has more than ${mostSpans} spans; /api/v1/export/traces?trace=${id} has them all`);
  }
}

/** A trace as it was sent. */
export interface WholeTrace {
  /** 32 lower-case hex digits. */
  readonly id: string;
  readonly data: TracesData;
  /** How many spans are there, when there are more of which these are the first. */
  readonly cutTo?: number;
}

export interface WholeTracesRequest {
  /** 32 lower-case hex digits each. */
  readonly ids: readonly string[];
  /** Spans of all of them together; default `MOST_SPANS`. */
  readonly mostSpans?: number;
  readonly signal?: AbortSignal;
}

/**
 * Those of the traces that are stored, in the order asked for: of several the first ones that together have no more
 * spans than allowed, of one alone its first spans.
 */
export async function wholeTraces(store: Store, request: WholeTracesRequest): Promise<WholeTrace[]> {
  const { ids, mostSpans = MOST_SPANS, signal } = request;
  const summaries = new Map((await traceSummaries(store, ids, signal)).map((trace) => [trace.id, trace]));
  const stored = [...new Set(ids)].flatMap((id) => summaries.get(id) ?? []);
  let spanCount = 0;
  const fitting = stored.filter((trace, index) => {
    spanCount += trace.spanCount;
    return index === 0 || spanCount <= mostSpans;
  });
  if (fitting.length === 0) return [];
  const rows = await spanRows(store, fitting, mostSpans, signal);
  const origins = new Origins(store, signal);
  await origins.load(rows);
  const byTrace = Map.groupBy(rows, (row) => row.trace_id);
  return fitting.flatMap(({ id }) => {
    const of = byTrace.get(id) ?? [];
    if (of.length === 0) return [];
    if (of.length <= mostSpans) return [{ id, data: tracesData(of, origins) }];
    return [{ id, data: tracesData(of.slice(0, mostSpans), origins), cutTo: mostSpans }];
  });
}

async function spanRows(
  store: Store,
  traces: readonly TraceSummary[],
  mostSpans: number,
  signal: AbortSignal | undefined,
): Promise<WholeSpanRow[]> {
  const parameters = new Parameters();
  const rows = rowsOfTraces(traces, parameters);
  const ended = new EndedFirst();
  const found: WholeSpanRow[] = [];
  const batches = store.stream<WholeSpanRow>(statement("whole-spans", { rows }), {
    parameters: parameters.values,
    settings: settingsFor(traces),
    ...(signal && { signal }),
  });
  for await (const batch of batches) {
    for (const row of batch) if (ended.keep(row)) found.push(row);
    if (found.length > mostSpans) break;
  }
  return found;
}
