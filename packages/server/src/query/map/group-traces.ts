import { bytesToHex } from "@clew/protocol/ids";
import type { MapLimits } from "./map-limits.ts";
import type { NativeTable } from "./native-table.ts";

/** Some traces that are read at once. */
export interface TraceGroup {
  /** In hex, one after the other. */
  readonly ids: string;
  readonly count: number;
  /** Between which their spans lie. */
  readonly fromNs: bigint;
  readonly toNs: bigint;
  /** All that begin later are in this group or in those before; absent when more of the group is to come. */
  readonly doneToNs?: bigint;
  /** Traces beside these that have too many spans to be read. */
  readonly tooLarge: number;
}

const ID_BYTES = 16;
/** What lasts longer is read apart, so that the others are not looked for in all the time that it takes. */
const LONG_NS = 3_600_000_000_000n;
const NOT_APART_NS = 2n ** 63n - 1n;

/**
 * Cuts an answer to `map-traces.sql` into groups, in its order but for the long ones, which come before those that they
 * are among. Starts of a group are at most `apartNs` apart.
 */
export function* groupsOf(
  traces: NativeTable,
  limits: MapLimits,
  apartNs: bigint = NOT_APART_NS,
): Generator<TraceGroup, void> {
  const ids = traces.fixed("trace_id");
  const starts = new BigInt64Array(traces.fixed("start_ns").buffer);
  const ends = new BigInt64Array(traces.fixed("end_ns").buffer);
  const counts = traces.integers("span_count");
  const group = (members: readonly number[]): Omit<TraceGroup, "tooLarge"> => {
    const fromNs = starts[members.at(-1) ?? 0]!;
    let toNs = fromNs;
    for (const at of members) if (ends[at]! > toNs) toNs = ends[at]!;
    return {
      ids: members.map((at) => bytesToHex(ids, at * ID_BYTES, (at + 1) * ID_BYTES)).join(""),
      count: members.length,
      fromNs,
      toNs,
    };
  };
  const cut = function* (from: number, to: number): Generator<TraceGroup, void> {
    const all = Array.from({ length: to - from }, (_, at) => from + at);
    const fit = all.filter((at) => counts[at]! <= limits.spansOfTrace);
    const isLong = (at: number): boolean => ends[at]! - starts[at]! > LONG_NS;
    const long = fit.filter(isLong);
    if (long.length > 0) yield { ...group(long), tooLarge: 0 };
    const rest = group(fit.filter((at) => !isLong(at)));
    yield { ...rest, doneToNs: starts[to - 1]!, tooLarge: all.length - fit.length };
  };
  let from = 0;
  let spans = 0;
  for (let at = 0; at < traces.rows; at++) {
    // One that is running alone has a span, too.
    const count = counts[at]! > limits.spansOfTrace ? 0 : Math.max(1, counts[at]!);
    const isFull = at - from === limits.tracesAtOnce || spans + count > limits.spansAtOnce;
    if (at > from && (isFull || starts[from]! - starts[at]! > apartNs)) {
      yield* cut(from, at);
      [from, spans] = [at, 0];
    }
    spans += count;
  }
  if (traces.rows > from) yield* cut(from, traces.rows);
}
