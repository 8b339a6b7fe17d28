import { SPAN_FLAG } from "../../api/trace-columns.ts";
import type { SlowTailFinding } from "../analysis.ts";
import { groupRows, type RowGroups } from "../group-rows.ts";
import { sortRows } from "../sort-rows.ts";
import { ROLE } from "../span-role.ts";
import { type Evidence, isError, median, nameOf, timeText, whoOf } from "./evidence.ts";

/** With fewer, none of them is the usual one. */
const CALLS = 6;
/** Durations of one and the same call differ by a few times without a reason. */
const TIMES_MEDIAN = 5;
/** One in four may be slow; where more are, that is usual as well. */
const TIMES_UPPER_QUARTER = 3;
/** Durations that rise step by step have no tail: what is slow is so much slower than the slowest of the rest. */
const TIMES_REST = 3;
/** What nobody would feel: this long, and this share of the trace. */
const LEAST_US = 50_000;
const LEAST_SHARE = 0.02;
/** A call whose slowness is mostly that of a slow call below it is not told apart. */
const EXPLAINS = 0.7;

/**
 * Calls that took much longer than their like: those of the same thing, by callers that are the same:
 *
 *     fetch ├──┤   ├──┤   ├─────────────────────┤   ├──┤   ├──┤
 *
 * A model that writes more needs longer; that is no tail.
 */
export function findSlowTails(evidence: Evidence): SlowTailFinding[] {
  const { tree, clock } = evidence;
  const { count, rows, start } = alike(evidence);
  const slow = new Uint8Array(tree.n);
  const medians = new Float64Array(tree.n);
  const withTail: Int32Array[] = [];
  for (let group = 0; group < count; group++) {
    const calls = rows.subarray(start[group], start[group + 1]);
    if (calls.length >= CALLS && markSlow(evidence, calls, slow, medians)) withTail.push(calls);
  }
  if (withTail.length === 0) return [];
  for (let at = 0; at < tree.n; at++) {
    const row = tree.order[at]!;
    const parent = tree.parent[row]!;
    if (slow[row] === 0 || parent < 0 || slow[parent] === 0) continue;
    const own = length(clock, row) - medians[row]!;
    const above = length(clock, parent) - medians[parent]!;
    if (own >= EXPLAINS * above) slow[parent] = 0;
  }
  const found: SlowTailFinding[] = [];
  for (const calls of withTail) {
    const spans = calls.filter((row) => slow[row] === 1);
    sortRows(spans, clock.start);
    if (spans.length > 0) found.push(finding(evidence, [...spans], medians[spans[0]!]!, calls.length));
  }
  return found;
}

function length({ start, end }: Evidence["clock"], row: number): number {
  return end[row]! - start[row]!;
}

/** Spans that have ended, by what they are and what called them. */
function alike({ trace, tree, keys }: Evidence): RowGroups {
  const rows = new Int32Array(tree.n);
  const kinds = new Float64Array(tree.n);
  let count = 0;
  for (let at = 0; at < tree.n; at++) {
    const row = tree.order[at]!;
    if (((trace.flags[row] ?? 0) & SPAN_FLAG.running) !== 0) continue;
    const parent = tree.parent[row]!;
    rows[count] = row;
    kinds[count++] = (parent < 0 ? 0 : keys[parent]! + 1) * (tree.n + 1) + keys[row]!;
  }
  return groupRows(rows.subarray(0, count), kinds);
}

/** Whether there are slow ones; then all of `calls` have their median in microseconds. */
function markSlow(evidence: Evidence, calls: Int32Array, slow: Uint8Array, medians: Float64Array): boolean {
  const { trace, clock, roles } = evidence;
  let shortest = Number.POSITIVE_INFINITY;
  let longest = 0;
  for (let at = 0; at < calls.length; at++) {
    const took = length(clock, calls[at]!);
    if (took < shortest) shortest = took;
    if (took > longest) longest = took;
  }
  const least = Math.max(LEAST_US, LEAST_SHARE * (clock.toUs - clock.fromUs));
  const standsOut = (usual: number): boolean => longest - usual >= least && longest >= TIMES_MEDIAN * usual;
  // The median is no shorter than the shortest: most need not be sorted.
  if (!standsOut(shortest)) return false;
  const lengths = sortedNumbers(calls, (row) => length(clock, row));
  const usual = median(lengths);
  if (!standsOut(usual)) return false;
  const upper = lengths[Math.floor((lengths.length - 1) * 0.75)]!;
  const written = (row: number): number => trace.tokOut[row] ?? 0;
  const isModel = roles[calls[0]!] === ROLE.model;
  const usuallyWritten = isModel ? median(sortedNumbers(calls, written)) : 0;
  const tail: number[] = [];
  let longestOfRest = 0;
  let shortestOfTail = Number.POSITIVE_INFINITY;
  for (let at = 0; at < calls.length; at++) {
    const row = calls[at]!;
    medians[row] = usual;
    const more = usuallyWritten > 0 ? Math.max(1, written(row) / usuallyWritten) : 1;
    const took = length(clock, row) / more;
    if (took - usual < least / more || took < Math.max(TIMES_MEDIAN * usual, TIMES_UPPER_QUARTER * upper)) {
      longestOfRest = Math.max(longestOfRest, took);
    } else {
      tail.push(row);
      shortestOfTail = Math.min(shortestOfTail, took);
    }
  }
  if (tail.length === 0 || !(shortestOfTail >= TIMES_REST * longestOfRest)) return false;
  for (const row of tail) slow[row] = 1;
  return true;
}

function sortedNumbers(rows: Int32Array, numberOf: (row: number) => number): Float64Array {
  const numbers = new Float64Array(rows.length);
  for (let at = 0; at < rows.length; at++) numbers[at] = numberOf(rows[at]!);
  return numbers.sort();
}

function finding(
  evidence: Evidence,
  spans: readonly number[],
  medianUs: number,
  calls: number,
): SlowTailFinding {
  const { clock } = evidence;
  const worst = spans.reduce((most, row) => Math.max(most, length(clock, row)), 0);
  const first = spans[0]!;
  const failed = spans.some((row) => isError(evidence, row)) ? ", and failed" : "";
  const which = spans.length === 1 ? `one of ${calls} calls` : `${spans.length} of ${calls} calls`;
  return {
    kind: "slow-tail",
    severity: "warning",
    spans,
    medianUs,
    calls,
    text: `${whoOf(evidence, first)}: ${which} of ${nameOf(evidence, first)} took ${spans.length === 1 ? "" : "up to "}${timeText(worst)}${failed}; half of them take ${timeText(medianUs)} or less`,
  };
}
