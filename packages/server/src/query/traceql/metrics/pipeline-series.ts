import type { FieldExpression, MetricsPipeline } from "@clew/protocol/traceql/ast";
import { stepIndex } from "@clew/protocol/traceql/time-steps";
import { isNumber, seriesNumber } from "@clew/protocol/traceql/value";
import { Parameters } from "../../sql.ts";
import { Conditions } from "../conditions.ts";
import { planSearch, type SearchPlan } from "../search-plan.ts";
import { evaluate } from "../span-reader.ts";
import { comparedSeries } from "./compared-series.ts";
import { flatConditions } from "./flat-condition.ts";
import {
  asFarAsPossible,
  type MetricsContext,
  type PipelineSeries,
  type Progress,
} from "./metrics-context.ts";
import { originCodes } from "./origin-codes.ts";
import { isOfRow } from "./row-fields.ts";
import { bucketLabel, exponentOf, fieldOf, isHistogram, labelMaker } from "./series-labels.ts";
import { densities, slicesOfPoints } from "./slices.ts";
import { spanTimeOf } from "./span-time.ts";
import { type SpansWay, tallySpans } from "./spans-way.ts";
import { summaryWay, tallySummaries } from "./summary-way.ts";
import { type Summed, Tallies } from "./tallies.ts";
import { type TakeSpan, walkTraces } from "./traces-way.ts";

/** Spans that one statement adds up. */
const SPANS_AT_ONCE = 20_000_000;

/**
 * The series of one pipeline: added up by the store where each span by itself counts or does not, else by judging whole
 * traces. Memory, time and what is read are bounded.
 */
export async function pipelineSeries(
  context: MetricsContext,
  { pipeline, aggregate }: MetricsPipeline,
): Promise<PipelineSeries> {
  if (aggregate.kind === "compare") return await comparedSeries(context, pipeline, aggregate);
  const { store, signal } = context;
  const field = fieldOf(aggregate);
  const fields = field === undefined ? aggregate.by : [...aggregate.by, field];
  const plan = await planSearch(store, pipeline, signal, { fields });
  const tallies = new Tallies(aggregate, context.steps);
  const progress: Progress = {};
  const conditions = fields.every(isOfRow) ? flatConditions(pipeline) : undefined;
  const partial = await asFarAsPossible(progress, async () => {
    if (conditions === undefined || !areOfRows(conditions, plan)) {
      await walkTraces(context, plan, progress, spanTaker(context, aggregate, tallies));
      return;
    }
    const origins = await originCodes(store, fields, plan.known, signal);
    const way = { ...context, plan, aggregate, conditions, origins, once: false };
    await addUp(context, way, tallies, progress);
  });
  return { series: tallies.series(), ...partial };
}

function areOfRows(conditions: readonly FieldExpression[], { known, inContent }: SearchPlan): boolean {
  const withContent = inContent.length > 0;
  const own = new Conditions({ known, parameters: new Parameters(), withContent });
  return conditions.every((condition) => own.exact(condition) !== undefined);
}

async function addUp(
  { store, steps, budget, exemplars, onceUpTo }: MetricsContext,
  way: SpansWay,
  tallies: Tallies,
  progress: Progress,
): Promise<void> {
  const time = spanTimeOf(steps);
  const { aggregate, conditions, plan } = way;
  const summary = exemplars.most > 0 ? undefined : summaryWay(aggregate, conditions, steps, plan.known);
  if (summary !== undefined) {
    await tallySummaries(store, summary, way, tallies, budget);
    progress.doneNs = time.afterNs;
    return;
  }
  const known = await densities(store, time, budget);
  const once = known.reduce((sum, { spans }) => sum + spans, 0) <= onceUpTo;
  for (const slice of slicesOfPoints(steps, time, known, SPANS_AT_ONCE)) {
    await tallySpans(store, { ...way, once }, slice, tallies, budget);
    progress.doneNs = slice.afterNs;
  }
}

function spanTaker({ steps, exemplars }: MetricsContext, aggregate: Summed, tallies: Tallies): TakeSpan {
  const field = fieldOf(aggregate);
  const labelsOf = labelMaker(aggregate, tallies);
  return (trace, span) => {
    const point = stepIndex(steps, trace.tree.spans.starts[span]!);
    if (point === undefined) return;
    const value = field && evaluate(field, trace, span);
    const number = seriesNumber(value);
    if (field !== undefined && number === undefined) return;
    const by = labelsOf(aggregate.by.map((each) => evaluate(each, trace, span)));
    let labels = by;
    if (isHistogram(aggregate) && isNumber(value)) {
      labels = [...by, bucketLabel(exponentOf(Number(value.value)), value.type === "duration")];
    }
    if (aggregate.kind === "quantile") tallies.addNumber(labels, point, number!);
    else tallies.add(labels, point, 1, number ?? 0);
    const { ids, starts } = trace.tree.spans;
    const example = { traceId: trace.traceId, spanId: ids[span]!, startNs: starts[span]!, value: number };
    exemplars.add(labels, example);
  };
}
