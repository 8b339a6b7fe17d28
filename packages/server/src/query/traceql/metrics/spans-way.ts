import type { Field, FieldExpression } from "@clew/protocol/traceql/ast";
import type { TimeSteps } from "@clew/protocol/traceql/time-steps";
import type { Value } from "@clew/protocol/traceql/value";
import { fieldType } from "@clew/protocol/traceql/value-type";
import type { Store } from "../../../store/store.ts";
import { QueryTooLarge } from "../../../store/store-errors.ts";
import { andAll, fragment, Parameters, type SqlFragment, statement } from "../../sql.ts";
import { Conditions } from "../conditions.ts";
import { BudgetSpent, type SearchBudget } from "../search-budget.ts";
import type { SearchPlan } from "../search-plan.ts";
import type { Exemplars } from "./exemplars.ts";
import type { OriginCodes } from "./origin-codes.ts";
import { RowFields, type RowLabel } from "./row-fields.ts";
import { bucketLabel, fieldOf, isHistogram, labelMaker } from "./series-labels.ts";
import { IN_TIME, type SpanTime, timeParameters } from "./span-time.ts";
import { MOST_SERIES, type Summed, type Tallies, tooManySeries } from "./tallies.ts";

/** What is added up by the store itself: spans that each by itself count or do not. */
export interface SpansWay {
  readonly plan: SearchPlan;
  readonly aggregate: Summed;
  /** All have to hold. */
  readonly conditions: readonly FieldExpression[];
  readonly origins: ReadonlyMap<Field, OriginCodes>;
  readonly steps: TimeSteps;
  readonly exemplars: Exemplars;
  /**
   * Whether a span counts once that ingest did not recognise as sent again and stored twice. It has a cost for each span
   * that counts.
   */
  readonly once: boolean;
}

/** Groups that one statement may make. */
const MOST_GROUPS = 200_000;
const LIMITED = {
  max_rows_to_group_by: MOST_GROUPS,
  group_by_overflow_mode: "throw",
  max_memory_usage: 512 * 1024 ** 2,
  output_format_json_quote_denormals: 1,
} as const;

/**
 * What was told of a span while it ran counts as long as the span itself is not there. Where nothing was, that is not
 * looked for.
 */
const NOT_ENDED_SINCE = fragment`is_running = 0 OR (trace_id, span_id, start_time) NOT IN (
  SELECT trace_id, span_id, start_time FROM spans
  WHERE ${IN_TIME} AND is_running = 0 AND trace_id IN (SELECT trace_id FROM spans WHERE ${IN_TIME} AND is_running = 1))`;

/** Adds up the spans that start in a time, which has to be that of whole points. Throws `BudgetSpent`. */
export async function tallySpans(
  store: Store,
  way: SpansWay,
  time: SpanTime,
  tallies: Tallies,
  budget: SearchBudget,
  which: "all" | "running" = "all",
): Promise<void> {
  const hasRunning = await isThere(store, "traceql-metrics-running", timeParameters(time), budget);
  if (which === "running" && !hasRunning) return;
  const rows = hasRunning ? [NOT_ENDED_SINCE] : [];
  if (which === "running") rows.push(fragment`is_running = 1`);
  const labelsOf = labelMaker(way.aggregate, tallies);
  const field = fieldOf(way.aggregate);
  const isDuration = field !== undefined && fieldType(field) === "duration";
  for (const { row, values } of await spanRows(store, way, { time, rows }, budget)) {
    const by = labelsOf(values);
    const labels = isHistogram(way.aggregate) ? [...by, bucketLabel(Number(row.exponent), isDuration)] : by;
    const point = Number(row.point);
    if (row.quantiles === undefined) tallies.add(labels, point, Number(row.matched), numberOf(row.number));
    else tallies.setQuantiles(labels, point, (row.quantiles as unknown[]).map(numberOf));
    for (const example of (row.examples ?? []) as readonly Example[]) {
      const [traceId, spanId, startNs, value] = example;
      const number = field === undefined ? undefined : numberOf(value);
      way.exemplars.add(labels, { traceId, spanId, startNs: BigInt(startNs), value: number });
    }
  }
}

/** What a statement over spans adds up to, and the values of `by(...)` of each row. */
export interface SpanRow {
  readonly row: Readonly<Record<string, unknown>>;
  readonly values: readonly Value[];
}

export interface WhichSpans {
  readonly time: SpanTime;
  /** Further conditions. */
  readonly rows: readonly SqlFragment[];
  /** Where points begin to be counted, when not at the first. */
  readonly firstNs?: bigint;
  readonly parameters?: Parameters;
}

export async function spanRows(
  store: Store,
  way: SpansWay,
  which: WhichSpans,
  budget: SearchBudget,
): Promise<SpanRow[]> {
  const time = timeParameters(which.time);
  const { inContent } = way.plan;
  const hasContent =
    inContent.length > 0 &&
    (await isThere(store, "traceql-metrics-content", { ...time, keys: inContent }, budget));
  const asked = statementOf(way, hasContent ? inContent : [], which);
  const rows = await grouped(store, asked.sql, { ...asked.parameters, ...time }, budget);
  return rows.map((row) => ({
    row,
    values: asked.labels.map((label, at) => label.decode(row[`label_${at}`])),
  }));
}

async function isThere(
  store: Store,
  name: "traceql-metrics-running" | "traceql-metrics-content",
  parameters: Parameters["values"],
  budget: SearchBudget,
): Promise<boolean> {
  const rows = await budget.run((options) => store.query(statement(name), options), parameters);
  return rows.length > 0;
}

type Example = readonly [traceId: string, spanId: string, startNs: string, value: unknown];

/** Runs a statement that groups, within bounds. Throws `QueryTooLarge` for too many groups. */
export async function grouped(
  store: Store,
  sql: string,
  parameters: Parameters["values"],
  budget: SearchBudget,
): Promise<Record<string, unknown>[]> {
  try {
    return await budget.run(
      (options) =>
        store.query<Record<string, unknown>>(sql, {
          ...options,
          settings: { ...options.settings, ...LIMITED },
        }),
      parameters,
    );
  } catch (error) {
    const isGroups =
      error instanceof BudgetSpent &&
      error.cause instanceof QueryTooLarge &&
      /GROUP BY/i.test(error.cause.message);
    throw isGroups ? tooManySeries(MOST_SERIES) : error;
  }
}

interface Asked {
  readonly sql: string;
  readonly parameters: Parameters["values"];
  readonly labels: readonly RowLabel[];
}

function statementOf(way: SpansWay, inContent: readonly string[], which: WhichSpans): Asked {
  const { aggregate, plan, steps } = way;
  const { known } = plan;
  const { rows, firstNs = steps.first, parameters = new Parameters() } = which;
  const fields = new RowFields({ known, inContent, origins: way.origins, parameters });
  const conditions = new Conditions({ known, parameters, withContent: inContent.length > 0 });
  const wanted = way.conditions.map((condition) => conditions.exact(condition)!);
  const labels = aggregate.by.map((field) => fields.label(field));
  const field = fieldOf(aggregate);
  const number = field && fields.number(field);
  const columns = labels.map(({ key }, at) => fragment`, ${key} AS ${labelName(at)}`);
  const keys = labels.map((_, at) => fragment`, ${labelName(at)}`);
  if (field !== undefined && isHistogram(aggregate)) {
    columns.push(fragment`, ${exponent(fields.wholeNumber(field))} AS exponent`);
    keys.push(fragment`, exponent`);
  }
  columns.push(...made(aggregate, number, parameters));
  const { most } = way.exemplars;
  if (most > 0) columns.push(examples(Math.ceil(most / steps.count), number));
  const there = number === undefined ? [] : [fragment`NOT isNaN(${number})`];
  const sql = statement(way.once ? "traceql-metrics-once" : "traceql-metrics", {
    columns: together(columns),
    keys: together(keys),
    rows: andAll([...wanted, ...there, ...rows]),
  });
  return {
    sql,
    parameters: { ...parameters.values, first_ns: firstNs, step_ns: steps.step },
    labels,
  };
}

/** What a function makes of the numbers of a group. */
function made(aggregate: Summed, number: SqlFragment | undefined, parameters: Parameters): SqlFragment[] {
  const counted = fragment`, count() AS matched`;
  if (aggregate.kind === "spanCount" || number === undefined || isHistogram(aggregate)) return [counted];
  if (aggregate.kind === "quantile") {
    const levels = aggregate.quantiles.map((p) => parameters.bind("Float64", p));
    const all = levels.reduce((list, level) => fragment`${list}, ${level}`);
    return [fragment`, quantilesExactInclusive(${all})(${number}) AS quantiles`];
  }
  const joined =
    aggregate.function === "min_over_time"
      ? fragment`min`
      : aggregate.function === "max_over_time"
        ? fragment`max`
        : fragment`sum`;
  return [counted, fragment`, ${joined}(${number}) AS number`];
}

/** The exponent of the power of two that a number is rounded up to, read off its bits. */
function exponent(number: SqlFragment): SqlFragment {
  const bits = fragment`reinterpretAsUInt64(${number})`;
  const whole = fragment`toInt32(bitAnd(bitShiftRight(${bits}, 52), 2047)) - 1023`;
  const isBetween = fragment`toInt32(bitAnd(${bits}, 4503599627370495) != 0)`;
  return fragment`if(${number} <= 0, -32768, ${whole} + ${isBetween})`;
}

/** Some spans of each group: those whose ids hash lowest. */
function examples(wanted: number, number: SqlFragment = fragment`nan`): SqlFragment {
  const each = fragment`(cityHash64(span_id), trace_id, span_id, toUnixTimestamp64Nano(start_time), ${number})`;
  const shown = fragment`(lower(hex(one.2)), lower(hex(one.3)), one.4, one.5)`;
  return fragment`, arrayMap(one -> ${shown}, groupArraySorted(${EXAMPLES[Math.min(wanted, 100)]!})(${each})) AS examples`;
}

const EXAMPLES = Array.from({ length: 101 }, (_, count) => String(count) as SqlFragment);

/** The name of a column, numbered by the position in `by(...)`. */
export function labelName(at: number): SqlFragment {
  return `label_${at}` as SqlFragment;
}

export function together(fragments: readonly SqlFragment[]): SqlFragment {
  return fragments.reduce((all, one) => fragment`${all}${one}`, fragment``);
}

/** A number as it comes in JSON, where not every float is one. */
export function numberOf(value: unknown): number {
  if (value === "inf") return Number.POSITIVE_INFINITY;
  if (value === "-inf") return Number.NEGATIVE_INFINITY;
  return value === undefined || value === null ? Number.NaN : Number(value);
}
