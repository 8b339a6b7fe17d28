import { extentOf } from "../extent.ts";
import { andAll, fragment, type Parameters, type SqlFragment } from "../sql.ts";
import type { TraceSummary } from "../trace-summary.ts";

/** Condition on rows of `spans`: those of some traces, of which there is at least one. */
export function rowsOfTraces(traces: readonly TraceSummary[], parameters: Parameters): SqlFragment {
  const ids = parameters.bind(
    "Array(String)",
    traces.map(({ id }) => id),
  );
  const { startNs, endNs } = extentOf(
    traces,
    (trace) => trace.startNs,
    (trace) => trace.endNs,
  );
  const moment = (nanos: bigint) =>
    fragment`fromUnixTimestamp64Nano(${parameters.bind("Int64", nanos)}, 'UTC')`;
  const wanted = fragment`SELECT toFixedString(unhex(arrayJoin(${ids})), 16) AS wanted`;
  return andAll([
    fragment`start_time >= ${moment(startNs)} AND start_time <= ${moment(endNs)}`,
    fragment`xxHash32(spans.trace_id) IN (SELECT xxHash32(wanted) FROM (${wanted}))`,
    fragment`spans.trace_id IN (${wanted})`,
  ]);
}
