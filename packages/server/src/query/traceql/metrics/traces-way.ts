import { setImmediate } from "node:timers/promises";
import type { Store } from "../../../store/store.ts";
import { fragment, Parameters, type SqlFragment } from "../../sql.ts";
import { summariesOf, type TraceSummary } from "../../trace-summary.ts";
import { Conditions } from "../conditions.ts";
import { eachTrace } from "../each-trace.ts";
import { spansetsOf } from "../judge-trace.ts";
import type { ReadTrace } from "../read-spans.ts";
import type { SearchBudget } from "../search-budget.ts";
import type { SearchPlan } from "../search-plan.ts";
import { leftCondition } from "./flat-condition.ts";
import type { MetricsContext, Progress } from "./metrics-context.ts";
import { densities, slices } from "./slices.ts";
import { type SpanTime, spanTimeOf, startsIn } from "./span-time.ts";

/** The first slice is small, so that there is something to tell soon. */
const FIRST_SPANS = 10_000;
const MOST_SPANS = 100_000;
/** Spans read at once, unless one trace has more. */
const SPANS_AT_ONCE = 50_000;
/** How long traces are judged at a stretch. */
const BUSY_MS = 20;

/** A span that a pipeline leaves of its trace. */
export type TakeSpan = (trace: ReadTrace, span: number) => void;

/**
 * Judges all traces that have spans within the time of the points, in slices of time from the newest to the oldest, and
 * calls `take` for the spans that are left and start within. Throws `BudgetSpent`; `progress` tells how far it got.
 */
export async function walkTraces(
  { store, steps, budget }: MetricsContext,
  plan: SearchPlan,
  progress: Progress,
  take: TakeSpan,
): Promise<void> {
  const time = spanTimeOf(steps);
  const known = await densities(store, time, budget);
  const most = (slice: number) => Math.min(FIRST_SPANS * 4 ** slice, MOST_SPANS);
  for (const slice of slices(time, known, most)) {
    const traces = await tracesWithin(store, plan, slice, budget);
    let restMs = performance.now() + BUSY_MS;
    for (const group of groupsOf(traces.filter(plan.mayMatch))) {
      for await (const { trace } of eachTrace(store, group, plan, budget)) {
        if (trace === "tooLarge") progress.leftOut = true;
        if (typeof trace !== "object") continue;
        takeLeft(trace, plan, slice, take);
        if (performance.now() < restMs) continue;
        // Others use this thread too.
        await setImmediate();
        budget.check();
        restMs = performance.now() + BUSY_MS;
      }
      budget.check();
    }
    progress.doneNs = slice.afterNs;
  }
}

function takeLeft(trace: ReadTrace, plan: SearchPlan, slice: SpanTime, take: TakeSpan): void {
  const { starts } = trace.tree.spans;
  for (const { spans } of spansetsOf(trace, plan)) {
    for (const span of spans) {
      const start = starts[span]!;
      if (start > slice.afterNs && start <= slice.untilNs) take(trace, span);
    }
  }
}

/** Traces that may have a span in the slice that is left. */
function tracesWithin(
  store: Store,
  plan: SearchPlan,
  slice: SpanTime,
  budget: SearchBudget,
): Promise<TraceSummary[]> {
  const parameters = new Parameters();
  const withContent = plan.inContent.length > 0;
  const own = new Conditions({ known: plan.known, parameters, withContent });
  const inside = fragment`${startsIn(slice, parameters)} AND ${own.atLeast(leftCondition(plan.pipeline))}`;
  // All spans of these traces lie between the first start and the last end of any of them.
  const extent = (moment: SqlFragment) =>
    fragment`toStartOfFifteenMinutes((SELECT ${moment} FROM traces WHERE trace_id IN (SELECT trace_id FROM spans WHERE ${inside})))`;
  const scope = fragment`toStartOfFifteenMinutes(start_time) >= ${extent(fragment`min(traces.start_time)`)}
    AND toStartOfFifteenMinutes(start_time) <= ${extent(fragment`max(traces.end_time)`)}`;
  const matching = plan.candidates(scope, parameters);
  const others = matching === undefined ? fragment`` : fragment` AND trace_id IN (${matching})`;
  const traces = fragment`SELECT DISTINCT trace_id FROM spans WHERE ${inside}${others}`;
  return budget.run(
    ({ settings = {}, signal }) => summariesOf(store, { traces, parameters, settings }, signal),
    parameters.values,
  );
}

function* groupsOf(traces: readonly TraceSummary[]): Generator<readonly TraceSummary[], void> {
  let group: TraceSummary[] = [];
  let spans = 0;
  for (const trace of traces) {
    if (group.length > 0 && spans + trace.spanCount > SPANS_AT_ONCE) {
      yield group;
      group = [];
      spans = 0;
    }
    group.push(trace);
    // What runs is in no count.
    spans += Math.max(1, trace.spanCount);
  }
  if (group.length > 0) yield group;
}
