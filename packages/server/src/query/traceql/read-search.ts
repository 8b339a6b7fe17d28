import type {
  Field,
  FieldExpression,
  Located,
  Pipeline,
  ScalarExpression,
  SearchQuery,
  SpansetFilter,
  Stage,
} from "@clew/protocol/traceql/ast";
import { parse } from "@clew/protocol/traceql/parse";
import { printField } from "@clew/protocol/traceql/print";
import { TraceQlError } from "@clew/protocol/traceql/traceql-error";
import { partsOf } from "./fields-of.ts";
import { InvalidQuery } from "./invalid-query.ts";

const MOST_FILTERS = 16;
/** Filters and what they are combined with, stages and aggregates. */
const MOST_STAGES = 100;
/** Levels of operators within each other; the database's own stack ends at some 1,000. */
const MOST_LEVELS = 100;

/** Reads a query that asks for traces. Throws `InvalidQuery`. */
export function readSearch(text: string): SearchQuery {
  const query = parsed(text);
  if (query.kind !== "search") {
    const message = "this query asks for series; a search has no rate() or other metrics function";
    throw new InvalidQuery(message, { offset: query.start, length: query.end - query.start });
  }
  refuseTooMuch([query.pipeline]);
  return query;
}

/** Throws `InvalidQuery` when the pipelines of one query ask for more than one query may. */
export function refuseTooMuch(pipelines: readonly Pipeline[]): void {
  const filters = pipelines.flatMap(filtersOf);
  const tooMany = filters[MOST_FILTERS];
  if (tooMany !== undefined) {
    throw refused(
      `a query may have at most ${MOST_FILTERS} filters, this one has ${filters.length}`,
      tooMany,
    );
  }
  const furthest = pipelines.flatMap(stagesOf)[MOST_STAGES];
  if (furthest !== undefined) throw refused(`a query may have at most ${MOST_STAGES} stages`, furthest);
  for (const { conditions, others } of pipelines.map(expressionsOf))
    for (const expression of [...conditions, ...others]) refuseDepth(expression);
}

/** Throws `InvalidQuery` for what is no query. */
export function parsed(text: string) {
  try {
    return parse(text);
  } catch (error) {
    throw error instanceof TraceQlError ? InvalidQuery.from(error) : error;
  }
}

/** All filters of a pipeline, in the order written. */
export function filtersOf(pipeline: Pipeline): SpansetFilter[] {
  return stagesOf(pipeline).filter((stage) => stage.kind === "filter");
}

/** What a pipeline reads of spans: its filters, and apart from them what its other stages do. */
export function expressionsOf(pipeline: Pipeline): {
  readonly conditions: readonly FieldExpression[];
  readonly others: readonly FieldExpression[];
} {
  const conditions = filtersOf(pipeline).flatMap(({ condition }) => condition ?? []);
  const others = stagesOf(pipeline).flatMap((stage) => {
    switch (stage.kind) {
      case "by":
        return stage.expression;
      case "select":
        return stage.fields;
      case "aggregate":
        return stage.argument ?? [];
      default:
        return [];
    }
  });
  return { conditions, others };
}

/** The fields that the answer shows beside spans, each once. */
export function selectedFields(pipeline: Pipeline): Field[] {
  const fields = stagesOf(pipeline).flatMap((stage) => (stage.kind === "select" ? stage.fields : []));
  return [...new Map(fields.map((field) => [printField(field), field])).values()];
}

/** Everything that a pipeline is made of, at any depth. */
function stagesOf(pipeline: Pipeline): (Stage | ScalarExpression)[] {
  return pipeline.stages.flatMap(partsOfStage);
}

function partsOfStage(stage: Stage | ScalarExpression): (Stage | ScalarExpression)[] {
  switch (stage.kind) {
    case "pipeline":
      return [stage, ...stagesOf(stage)];
    case "spansets":
    case "scalarFilter":
    case "scalarOperation":
      return [stage, ...partsOfStage(stage.left), ...partsOfStage(stage.right)];
    case "scalarPipeline":
      return [stage, ...stagesOf(stage.pipeline), ...partsOfStage(stage.scalar)];
    default:
      return [stage];
  }
}

/** Refuses what nests deeper than the database follows. Throws `InvalidQuery`. */
export function refuseDepth(expression: FieldExpression): void {
  const open = [{ part: expression, depth: 1 }];
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    const { part, depth } = top;
    if (depth > MOST_LEVELS)
      throw refused(`a query may have at most ${MOST_LEVELS} levels of operators within each other`, part);
    for (const inner of partsOf(part)) {
      // A chain of one operator is one level, however long.
      const isChain =
        part.kind === "binary" &&
        inner.kind === "binary" &&
        inner.operator === part.operator &&
        isLogic(part.operator);
      open.push({ part: inner, depth: isChain ? depth : depth + 1 });
    }
  }
}

function isLogic(operator: string): boolean {
  return operator === "&&" || operator === "||";
}

export function refused(message: string, { start, end }: Located): InvalidQuery {
  return new InvalidQuery(message, { offset: start, length: end - start });
}
