import type { TraceAnalysis } from "@clew/protocol/analysis/analysis";

/** What is deeper or more at once shares the last line. */
export const MOST_LEVELS = 6;
/** By as much the runs of one lane may overlap, where times were cut to the millisecond. */
const OVERLAP_US = 1_000;

/** Which line of its lane each span is drawn in, so that none covers another. */
export interface LaneLevels {
  /** By row: 0 is on top; 0 as well for what is left out. */
  readonly levelOf: Uint8Array;
  /** By lane: lines that it needs; 0 where all is left out. */
  readonly levels: Uint8Array;
  /** The rows of lane i are `rows` from `laneStart[i]` up to `laneStart[i + 1]`, by their start. */
  readonly laneStart: Int32Array;
  readonly rows: Int32Array;
}

/**
 * A span is below the one that it belongs to, in the first line that is free:
 *
 *     invoke_agent researcher   ├───────────────────────┤
 *     its calls                  ├─chat─┤├─tool──────┤
 *     at the same time                       ├─tool──┤
 */
export function laneLevels({ tree, clock, lanes }: TraceAnalysis, isLeftOut?: Uint8Array): LaneLevels {
  const { laneOf } = lanes;
  const { start, end } = clock;
  const count = lanes.lanes.length;
  // Sorting keeps the order of those that start together: parents first.
  const byStart = Int32Array.from(tree.order).sort((a, b) => start[a]! - start[b]!);
  const levelOf = new Uint8Array(tree.n);
  const levels = new Uint8Array(count);
  const laneStart = new Int32Array(count + 1);
  /** By row: the line of the nearest span at or above it in the same lane, plus 1; 0 for none. */
  const below = new Uint8Array(tree.n);
  const lineEnd = new Float64Array(count * MOST_LEVELS).fill(Number.NEGATIVE_INFINITY);
  for (const row of byStart) {
    const lane = laneOf[row]!;
    const parent = tree.parent[row]!;
    const least = parent >= 0 && laneOf[parent] === lane ? below[parent]! : 0;
    below[row] = least;
    if (isLeftOut?.[row] === 1) continue;
    const first = lane * MOST_LEVELS;
    let level = Math.min(least, MOST_LEVELS - 1);
    const from = start[row]! + (level === 0 ? OVERLAP_US : 0);
    while (level < MOST_LEVELS - 1 && lineEnd[first + level]! > from) level++;
    lineEnd[first + level] = Math.max(lineEnd[first + level]!, end[row]!);
    levelOf[row] = level;
    below[row] = Math.min(level + 1, MOST_LEVELS - 1);
    levels[lane] = Math.max(levels[lane]!, level + 1);
    laneStart[lane + 1]!++;
  }
  for (let lane = 0; lane < count; lane++) laneStart[lane + 1]! += laneStart[lane]!;
  const next = laneStart.slice();
  const rows = new Int32Array(laneStart[count]!);
  for (const row of byStart) if (isLeftOut?.[row] !== 1) rows[next[laneOf[row]!]!++] = row;
  return { levelOf, levels, laneStart, rows };
}
