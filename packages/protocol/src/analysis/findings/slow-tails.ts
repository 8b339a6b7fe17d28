import { SPAN_FLAG } from "../../api/trace-columns.ts";
import type { SlowTailFinding } from "../analysis.ts";
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
  const slow = new Uint8Array(tree.n);
  const medians = new Float64Array(tree.n);
  const groups = alike(evidence).map((rows) => ({ rows, usual: markSlow(evidence, rows, slow, medians) }));
  for (const row of tree.order) {
    const parent = tree.parent[row]!;
    if (slow[row] === 0 || parent < 0 || slow[parent] === 0) continue;
    const own = length(clock, row) - medians[row]!;
    const above = length(clock, parent) - medians[parent]!;
    if (own >= EXPLAINS * above) slow[parent] = 0;
  }
  const found: SlowTailFinding[] = [];
  for (const { rows, usual } of groups) {
    const spans = rows.filter((row) => slow[row] === 1).sort((a, b) => clock.start[a]! - clock.start[b]!);
    if (spans.length > 0) found.push(finding(evidence, spans, usual, rows.length));
  }
  return found;
}

function length({ start, end }: Evidence["clock"], row: number): number {
  return end[row]! - start[row]!;
}

/** Spans that have ended, by what they are and what called them. */
function alike({ trace, tree, keys }: Evidence): number[][] {
  const groups = new Map<number, number[]>();
  for (const row of tree.order) {
    if (((trace.flags[row] ?? 0) & SPAN_FLAG.running) !== 0) continue;
    const parent = tree.parent[row]!;
    const key = (parent < 0 ? 0 : keys[parent]! + 1) * (tree.n + 1) + keys[row]!;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()].filter((rows) => rows.length >= CALLS);
}

/** Returns the median in microseconds. */
function markSlow(
  evidence: Evidence,
  rows: readonly number[],
  slow: Uint8Array,
  medians: Float64Array,
): number {
  const { trace, clock, roles } = evidence;
  const lengths = Float64Array.from(rows, (row) => length(clock, row)).sort();
  const usual = median(lengths);
  const upper = lengths[Math.floor((lengths.length - 1) * 0.75)]!;
  const least = Math.max(LEAST_US, LEAST_SHARE * (clock.toUs - clock.fromUs));
  const longest = lengths.at(-1)!;
  if (!(longest - usual >= least && longest >= TIMES_MEDIAN * usual)) return usual;
  const written = (row: number): number => trace.tokOut[row] ?? 0;
  const isModel = roles[rows[0]!] === ROLE.model;
  const usuallyWritten = isModel ? median(Float64Array.from(rows, written).sort()) : 0;
  const tail: number[] = [];
  let longestOfRest = 0;
  let shortestOfTail = Number.POSITIVE_INFINITY;
  for (const row of rows) {
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
  if (shortestOfTail >= TIMES_REST * longestOfRest) for (const row of tail) slow[row] = 1;
  return usual;
}

function finding(
  evidence: Evidence,
  spans: readonly number[],
  medianUs: number,
  calls: number,
): SlowTailFinding {
  const { clock } = evidence;
  const worst = Math.max(...spans.slice(0, 1000).map((row) => length(clock, row)));
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
