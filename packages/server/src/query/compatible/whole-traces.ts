import type { TracesData } from "@clew/protocol/otlp/model";
import { PublicError } from "../../errors.ts";
import type { Store } from "../../store/store.ts";
import { tracesData } from "../export-traces.ts";
import { extentOf } from "../extent.ts";
import { Origins } from "../origins.ts";
import { SCAN } from "../query-settings.ts";
import type { WholeSpanRow } from "../restore-span.ts";
import { EndedFirst } from "../running.ts";
import { andAll, fragment, Parameters, type SqlFragment, statement } from "../sql.ts";
import { traceSummaries } from "../trace-summary.ts";

/** More spans than this are not put into one answer. */
const MOST_SPANS = 100_000;

/** The trace has more spans than one answer holds, in a format that cannot say so. */
export class TraceTooLarge extends PublicError {
  readonly code = "trace_too_large";
  readonly status = 413;

  constructor(id: string) {
    super(`Trace ${id} has more than ${MOST_SPANS} spans; /api/v1/export/traces?trace=${id} has them all`);
  }
}

/** A trace as it was sent. */
export interface WholeTrace {
  /** 32 lower-case hex digits. */
  readonly id: string;
  readonly data: TracesData;
  /** Set when only the first 100,000 spans are there. */
  readonly isPartial: boolean;
}

/**
 * Those of the traces that are stored, in the order asked for. Of several only the first ones that together have at
 * most 100,000 spans.
 */
export async function wholeTraces(
  store: Store,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<WholeTrace[]> {
  const summaries = new Map((await traceSummaries(store, ids, signal)).map((trace) => [trace.id, trace]));
  const stored = [...new Set(ids)].flatMap((id) => summaries.get(id) ?? []);
  let spanCount = 0;
  const fitting = stored.filter((trace, index) => {
    spanCount += trace.spanCount;
    return index === 0 || spanCount <= MOST_SPANS;
  });
  if (fitting.length === 0) return [];
  const rows = await spanRows(store, whichSpans(fitting), signal);
  const origins = new Origins(store, signal);
  await origins.load(rows);
  const byTrace = Map.groupBy(rows, (row) => row.trace_id);
  return fitting.flatMap(({ id }) => {
    const of = byTrace.get(id) ?? [];
    const isPartial = of.length > MOST_SPANS;
    if (of.length === 0) return [];
    return [{ id, data: tracesData(isPartial ? of.slice(0, MOST_SPANS) : of, origins), isPartial }];
  });
}

function whichSpans(
  traces: readonly { readonly id: string; readonly startNs: bigint; readonly endNs: bigint }[],
): { readonly rows: SqlFragment; readonly parameters: Parameters } {
  const parameters = new Parameters();
  const ids = parameters.bind(
    "Array(String)",
    traces.map(({ id }) => id),
  );
  const moment = (nanos: bigint) =>
    fragment`fromUnixTimestamp64Nano(${parameters.bind("Int64", nanos)}, 'UTC')`;
  const { startNs, endNs } = extentOf(
    traces,
    (trace) => trace.startNs,
    (trace) => trace.endNs,
  );
  const wanted = fragment`SELECT toFixedString(unhex(arrayJoin(${ids})), 16) AS wanted`;
  const rows = andAll([
    fragment`start_time >= ${moment(startNs)} AND start_time <= ${moment(endNs)}`,
    fragment`xxHash32(spans.trace_id) IN (SELECT xxHash32(wanted) FROM (${wanted}))`,
    fragment`spans.trace_id IN (${wanted})`,
  ]);
  return { rows, parameters };
}

async function spanRows(
  store: Store,
  { rows, parameters }: ReturnType<typeof whichSpans>,
  signal: AbortSignal | undefined,
): Promise<WholeSpanRow[]> {
  const ended = new EndedFirst();
  const found: WholeSpanRow[] = [];
  const batches = store.stream<WholeSpanRow>(statement("whole-spans", { rows }), {
    parameters: parameters.values,
    settings: SCAN,
    ...(signal && { signal }),
  });
  for await (const batch of batches) {
    for (const row of batch) if (ended.keep(row)) found.push(row);
    if (found.length > MOST_SPANS) break;
  }
  return found;
}
