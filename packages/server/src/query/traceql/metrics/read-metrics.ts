import type { MetricsExpression, MetricsPipeline, MetricsQuery, Pipeline } from "@clew/protocol/traceql/ast";
import { InvalidQuery } from "../invalid-query.ts";
import { parsed, refused, refuseTooMuch } from "../read-search.ts";

const MOST_PIPELINES = 8;
const MOST_QUANTILES = 20;
const MOST_LABELS = 20;
const MOST_OPERATIONS = 200;

/** Reads a query that asks for series. Throws `InvalidQuery`. */
export function readMetrics(text: string): MetricsQuery {
  const query = parsed(text);
  if (query.kind !== "metrics") {
    const message = "this query finds traces; series need a metrics function behind, such as | rate()";
    throw new InvalidQuery(message, { offset: query.start, length: query.end - query.start });
  }
  const parts = partsOf(query.expression);
  if (parts.length > MOST_OPERATIONS) {
    throw refused(`a query may calculate at most ${MOST_OPERATIONS} times`, parts[MOST_OPERATIONS]!);
  }
  const pipelines = parts.filter((part) => part.kind === "metricsPipeline");
  const tooMany = pipelines[MOST_PIPELINES];
  if (tooMany !== undefined) throw refused(`a query may have at most ${MOST_PIPELINES} pipelines`, tooMany);
  for (const { aggregate } of pipelines) {
    if (aggregate.kind === "quantile" && aggregate.quantiles.length > MOST_QUANTILES)
      throw refused(`a query may ask for at most ${MOST_QUANTILES} quantiles at once`, aggregate);
    const field = aggregate.kind === "compare" ? undefined : aggregate.by[MOST_LABELS];
    if (field !== undefined) throw refused(`by() may have at most ${MOST_LABELS} fields`, field);
  }
  refuseTooMuch(pipelines.flatMap((one) => [one.pipeline, ...selectionOf(one)]));
  return query;
}

function partsOf(expression: MetricsExpression): MetricsExpression[] {
  const found: MetricsExpression[] = [];
  const open = [expression];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    found.push(one);
    if (one.kind === "metricsMath") open.push(one.right, one.left);
    else if (one.kind === "metricsStages") open.push(one.input);
  }
  return found;
}

/** The filter of `compare()`, as a pipeline of its own. */
function selectionOf({ aggregate }: MetricsPipeline): Pipeline[] {
  if (aggregate.kind !== "compare") return [];
  const { selection } = aggregate;
  return [{ kind: "pipeline", stages: [selection], start: selection.start, end: selection.end }];
}
