import { extentOf } from "../extent.ts";
import { POINT_LOOKUP, SCAN } from "../query-settings.ts";
import { andAll, fragment, type Parameters, type SqlFragment } from "../sql.ts";
import type { TraceSummary } from "../trace-summary.ts";

/** More spans than this are read faster by several threads. */
const FEW_SPANS = 10_000;

/**
 * Condition on rows of `spans`: those of some traces, of which there is at least one. Quarters of an hour and hashes
 * say no more than times and ids, and are what the primary key can use.
 */
export function rowsOfTraces(traces: readonly TraceSummary[], parameters: Parameters): SqlFragment {
  const ids = parameters.bind("String", traces.map(({ id }) => id).join(""));
  const { startNs, endNs } = extentOf(
    traces,
    (trace) => trace.startNs,
    (trace) => trace.endNs,
  );
  const moment = (nanos: bigint) =>
    fragment`fromUnixTimestamp64Nano(${parameters.bind("Int64", nanos)}, 'UTC')`;
  const from = moment(startNs);
  const to = moment(endNs);
  const quarter = (time: SqlFragment) => fragment`toStartOfFifteenMinutes(${time})`;
  const start = fragment`start_time`;
  const wanted = fragment`extractAll(unhex(${ids}), '(?s)\\C{16}')`;
  return andAll([
    fragment`${quarter(start)} >= ${quarter(from)} AND ${quarter(start)} <= ${quarter(to)}`,
    fragment`xxHash32(spans.trace_id) IN arrayMap(id -> xxHash32(toFixedString(id, 16)), ${wanted})`,
    fragment`start_time >= ${from} AND start_time <= ${to}`,
    fragment`spans.trace_id IN ${wanted}`,
  ]);
}

/** Settings for reading the rows of these traces. */
export function settingsFor(traces: readonly TraceSummary[]): typeof POINT_LOOKUP | typeof SCAN {
  const spanCount = traces.reduce((sum, trace) => sum + trace.spanCount, 0);
  return spanCount > FEW_SPANS ? SCAN : POINT_LOOKUP;
}
