import type { Field, FieldExpression } from "@clew/protocol/traceql/ast";
import type { IntrinsicName } from "@clew/protocol/traceql/intrinsics";
import { type Label, labelsKey } from "@clew/protocol/traceql/series";
import type { TimeSteps } from "@clew/protocol/traceql/time-steps";
import type { Value } from "@clew/protocol/traceql/value";
import type { Store } from "../../../store/store.ts";
import { andAll, fragment, Parameters, type SqlFragment, statement } from "../../sql.ts";
import { END_OF_TIME_S } from "../../time-windows.ts";
import { Conditions, isServiceColumn, type Known } from "../conditions.ts";
import { chainOf, fieldsOf } from "../fields-of.ts";
import type { SearchBudget } from "../search-budget.ts";
import { RowFields } from "./row-fields.ts";
import { labelMaker } from "./series-labels.ts";
import { spanTimeOf } from "./span-time.ts";
import {
  grouped,
  labelName,
  numberOf,
  type SpanRow,
  type SpansWay,
  spanRows,
  tallySpans,
  together,
  type WhichSpans,
} from "./spans-way.ts";
import { type Summed, type Tallies, tooManySeries } from "./tallies.ts";

/** What is read of the sums over five minutes instead of the spans. */
export interface SummaryWay {
  /** A column of sums, or the columns whose sum it is. */
  readonly measured: SqlFragment;
  /** Conditions on columns that spans and sums have alike. */
  readonly conditions: readonly FieldExpression[];
}

const FIVE_MINUTES_NS = 300_000_000_000n;
const SAME_COLUMNS: ReadonlySet<IntrinsicName> = new Set([
  "agent:name",
  "agent:model",
  "agent:tool",
  "agent:type",
  "span:kind",
]);
const SUMS: Partial<Record<IntrinsicName, SqlFragment>> = {
  "agent:input_tokens": fragment`input_tokens`,
  "agent:output_tokens": fragment`output_tokens`,
  "agent:tokens": fragment`input_tokens + output_tokens`,
  "agent:cost": fragment`cost_usd`,
};

/**
 * How the sums over five minutes answer exactly what the spans would: when points lie on the edges of these, and nothing
 * is asked that they do not tell. Undefined when they cannot.
 */
export function summaryWay(
  aggregate: Summed,
  conditions: readonly FieldExpression[],
  steps: TimeSteps,
  known: Known,
): SummaryWay | undefined {
  if (steps.step % FIVE_MINUTES_NS !== 0n || steps.first % FIVE_MINUTES_NS !== 0n) return undefined;
  const parts = conditions.flatMap((condition) => chainOf(condition, "&&"));
  const others = parts.filter((part) => !isError(part));
  const isTold = (field: Field) => isSame(field, known);
  if (!aggregate.by.every(isTold) || !others.flatMap(fieldsOf).every(isTold)) return undefined;
  const onlyErrors = others.length < parts.length;
  if (aggregate.kind === "spanCount") {
    return { measured: onlyErrors ? fragment`error_count` : fragment`call_count`, conditions: others };
  }
  if (aggregate.kind !== "fieldOverTime" || aggregate.function !== "sum_over_time") return undefined;
  const { field } = aggregate;
  const measured = field.kind === "intrinsic" && !field.ofParent ? SUMS[field.name] : undefined;
  return measured === undefined || onlyErrors ? undefined : { measured, conditions: others };
}

/** Adds up the sums, and sets right what they do not tell. Throws `BudgetSpent`. */
export async function tallySummaries(
  store: Store,
  way: SummaryWay,
  spans: SpansWay,
  tallies: Tallies,
  budget: SearchBudget,
): Promise<void> {
  const { aggregate, steps } = spans;
  const labelsOf = labelMaker(aggregate, tallies);
  const found = new Map<string, { readonly labels: readonly Label[]; readonly numbers: Float64Array }>();
  const add = (values: readonly Value[], point: number, number: number): void => {
    if (point < 0 || point >= steps.count) return;
    const labels = labelsOf(values);
    const key = labelsKey(labels);
    const group = found.get(key) ?? { labels, numbers: new Float64Array(steps.count) };
    found.set(key, group);
    if (found.size > tallies.mostSeries) throw tooManySeries(tallies.mostSeries);
    group.numbers[point]! += number;
  };
  const isCount = aggregate.kind === "spanCount";
  const [sums, starts] = await Promise.all([
    sumRows(store, way, spans, budget),
    spanRows(store, spans, atPoints(steps), budget),
    // Nothing that runs has used anything yet.
    isCount && tallySpans(store, spans, spanTimeOf(steps), tallies, budget, "running"),
  ]);
  for (const { row, values } of sums) add(values, Number(row.point), numberOf(row.number));
  // A span that starts at a point belongs to it, and its sum to the next.
  for (const { row, values } of starts) {
    const number = isCount ? Number(row.matched) : numberOf(row.number);
    add(values, Number(row.point) - 1, number);
    add(values, Number(row.point), -number);
  }
  for (const { labels, numbers } of found.values()) {
    for (const [point, number] of numbers.entries())
      if (Math.abs(number) > LEAST) tallies.add(labels, point, number, number);
  }
}

/** What is left of floats that should be 0. No cost is as small. */
const LEAST = 1e-10;
const NANOS = 1_000_000_000n;

async function sumRows(
  store: Store,
  { measured, conditions: asked }: SummaryWay,
  { plan: { known }, aggregate, steps }: SpansWay,
  budget: SearchBudget,
): Promise<SpanRow[]> {
  const parameters = new Parameters();
  const fields = new RowFields({ known, inContent: [], origins: new Map(), parameters });
  const conditions = new Conditions({ known, parameters, withContent: false });
  const labels = aggregate.by.map((field) => fields.label(field));
  const sql = statement("traceql-metrics-sums", {
    columns: together(labels.map(({ key }, at) => fragment`, ${key} AS ${labelName(at)}`)),
    keys: together(labels.map((_, at) => fragment`, ${labelName(at)}`)),
    measured,
    rows: andAll(asked.map((condition) => conditions.exact(condition)!)),
  });
  const { afterNs, untilNs } = spanTimeOf(steps);
  const bound = {
    ...parameters.values,
    first_s: steps.first / NANOS,
    step_s: steps.step / NANOS,
    after_s: secondOf(afterNs),
    until_s: secondOf(untilNs),
  };
  const rows = await grouped(store, sql, bound, budget);
  return rows.map((row) => ({
    row,
    values: labels.map((label, at) => label.decode(row[`label_${at}`])),
  }));
}

/** Within what a bucket can hold. */
function secondOf(nanos: bigint): number {
  return Math.min(Math.max(Number(nanos / NANOS), 0), END_OF_TIME_S);
}

/** The spans that start at the points themselves, and at the one before the first. */
function atPoints(steps: TimeSteps): WhichSpans {
  const { afterNs, untilNs } = spanTimeOf(steps);
  const quarters = Array.from({ length: steps.count + 1 }, (_, at) => {
    const point = (afterNs + BigInt(at) * steps.step) / NANOS;
    return point < 0n ? 0n : point - (point % QUARTER_S);
  });
  const parameters = new Parameters();
  const list = parameters.bind("Array(UInt64)", [...new Set(quarters)]);
  return {
    time: { afterNs: afterNs - 1n, untilNs },
    firstNs: afterNs,
    parameters,
    rows: [
      fragment`toStartOfFifteenMinutes(start_time) IN (SELECT toDateTime(arrayJoin(${list}), 'UTC'))`,
      fragment`(toUnixTimestamp64Nano(start_time) - {first_ns:Int64}) % {step_ns:Int64} = 0`,
      fragment`is_running = 0`,
    ],
  };
}

const QUARTER_S = 900n;

function isSame(field: Field, { types }: Known): boolean {
  if (field.ofParent) return false;
  return field.kind === "intrinsic" ? SAME_COLUMNS.has(field.name) : isServiceColumn(field, types);
}

/** `status = error`, which sums tell apart. */
function isError(condition: FieldExpression): boolean {
  if (condition.kind !== "binary" || condition.operator !== "=") return false;
  const { left, right } = condition;
  const isStatus = left.kind === "intrinsic" && left.name === "span:status" && !left.ofParent;
  return isStatus && right.kind === "literal" && right.type === "status" && right.value === "error";
}
