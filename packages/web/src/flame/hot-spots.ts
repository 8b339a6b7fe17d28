import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import type { SpanTimes } from "../trace/own-times.ts";
import type { ShownTree } from "../trace/shown-tree.ts";
import { aside, textOf } from "../trace/span-facts.ts";
import { amountsOf, type FlameMeasure } from "./flame-measures.ts";

/** What spans of the same name by the same agent took, wherever they were called. */
export interface HotSpot {
  readonly name: string;
  readonly who: string;
  readonly spans: number;
  readonly errors: number;
  /** What they took themselves. */
  readonly amounts: Readonly<Record<FlameMeasure, number>>;
  readonly longest: number;
  readonly longestUs: number;
}

/** In no order. */
export function hotSpots(trace: TraceColumns, tree: ShownTree, times: SpanTimes): HotSpot[] {
  const amounts = {
    duration: amountsOf("duration", trace, tree, times),
    self: amountsOf("self", trace, tree, times),
    tokens: amountsOf("tokens", trace, tree, times),
    cost: amountsOf("cost", trace, tree, times),
  };
  type Spot = { -readonly [Field in keyof HotSpot]: HotSpot[Field] } & {
    amounts: Record<FlameMeasure, number>;
  };
  const spots = new Map<string, Spot>();
  for (const row of tree.order) {
    const key = `${trace.name[row]} ${trace.agent[row]} ${trace.service[row]} ${trace.model[row]}`;
    let spot = spots.get(key);
    if (spot === undefined) {
      spot = {
        name: textOf(trace, "name", row) || "(no name)",
        who: aside(trace, row),
        ...{ spans: 0, errors: 0, longest: row, longestUs: 0 },
        amounts: { duration: 0, self: 0, tokens: 0, cost: 0 },
      };
      spots.set(key, spot);
    }
    spot.spans++;
    if (trace.status[row] === 2) spot.errors++;
    const us = (times.end[row] ?? 0) - (times.start[row] ?? 0);
    if (us > spot.longestUs) {
      spot.longest = row;
      spot.longestUs = us;
    }
    spot.amounts.duration += amounts.duration[row]!;
    spot.amounts.self += amounts.self[row]!;
    spot.amounts.tokens += amounts.tokens[row]!;
    spot.amounts.cost += amounts.cost[row]!;
  }
  return [...spots.values()];
}
