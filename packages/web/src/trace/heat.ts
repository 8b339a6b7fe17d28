import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { cost, count, duration } from "../format/quantities.ts";
import type { SpanTimes } from "./own-times.ts";
import type { ShownTree } from "./shown-tree.ts";
import { spanAmounts } from "./span-amounts.ts";

/** What bars are coloured by, by its name in the page's address. */
export const HEATS = [
  { name: "duration", label: "Duration" },
  { name: "self", label: "Self time" },
  { name: "tokens", label: "Tokens" },
  { name: "cost", label: "Cost" },
] as const;

export type HeatName = (typeof HEATS)[number]["name"];

/** Steps of the ramp; 0 is for what has nothing. */
export const HEAT_STEPS = 5;

/** Amounts of spans, relative to the largest of the trace. */
export interface Heat {
  readonly name: HeatName;
  /** By row: microseconds, tokens or millionths of a dollar; of the span itself, but for durations. */
  readonly amounts: Float64Array;
  readonly most: number;
}

export function readHeat(text: string | null): HeatName | undefined {
  return HEATS.find(({ name }) => name === text)?.name;
}

/** One after the other, then none. */
export function nextHeat(heat: HeatName | undefined): HeatName | undefined {
  return HEATS[HEATS.findIndex(({ name }) => name === heat) + 1]?.name;
}

export function heatOf(name: HeatName, trace: TraceColumns, tree: ShownTree, times: SpanTimes): Heat {
  const amounts =
    name === "duration"
      ? Float64Array.from({ length: trace.n }, (_, row) =>
          Math.max(0, (times.end[row] || 0) - (times.start[row] || 0)),
        )
      : spanAmounts(name, trace, tree, times);
  let most = 0;
  for (const row of tree.order) most = Math.max(most, amounts[row]!);
  return { name, amounts, most };
}

/** 0 for nothing, else 1 to `HEAT_STEPS`. Roots, so that what is far from the largest can be told apart as well. */
export function heatStep({ most }: Pick<Heat, "most">, amount: number): number {
  if (amount <= 0 || most <= 0) return 0;
  return Math.min(HEAT_STEPS, 1 + Math.floor(HEAT_STEPS * Math.sqrt(amount / most)));
}

export function heatText(name: HeatName, amount: number): string {
  if (amount <= 0) return "–";
  if (name === "tokens") return `${count(amount)} tok`;
  return name === "cost" ? cost(amount / 1e6) : duration(amount / 1000);
}
