import type { Store } from "../../store/store.ts";
import type { TraceSummary } from "../trace-summary.ts";
import { type ReadTrace, readSpans } from "./read-spans.ts";
import { BudgetSpent, type SearchBudget } from "./search-budget.ts";
import type { SearchPlan } from "./search-plan.ts";

export interface EachTrace {
  readonly summary: TraceSummary;
  /** Undefined when none of its spans can match. */
  readonly trace: ReadTrace | "tooLarge" | undefined;
}

/** The traces of a group in its order, read at once or, where that is too much, in smaller groups. */
export async function* eachTrace(
  store: Store,
  group: readonly TraceSummary[],
  plan: SearchPlan,
  budget: SearchBudget,
): AsyncGenerator<EachTrace, void> {
  try {
    const read = await readSpans(store, group, plan, budget);
    for (const summary of group) yield { summary, trace: read.get(summary.id) };
  } catch (error) {
    if (!(error instanceof BudgetSpent) || error.reason !== "size") throw error;
    if (group.length === 1) return yield { summary: group[0]!, trace: "tooLarge" };
    const half = Math.ceil(group.length / 2);
    yield* eachTrace(store, group.slice(0, half), plan, budget);
    yield* eachTrace(store, group.slice(half), plan, budget);
  }
}
