import type { IntrinsicName } from "./intrinsics.ts";

/** Where a node stands in the text: UTF-16 offsets, `end` exclusive. Parentheses around the whole node are left out. */
export interface Located {
  readonly start: number;
  readonly end: number;
}

/** What `parse` returns: a search for spans, or time series made from spans. */
export type Query = SearchQuery | MetricsQuery;

export interface SearchQuery extends Located {
  readonly kind: "search";
  readonly pipeline: Pipeline;
  /** In the order written; of two with one name the later holds. */
  readonly hints: readonly Hint[];
}

export interface MetricsQuery extends Located {
  readonly kind: "metrics";
  readonly expression: MetricsExpression;
  readonly hints: readonly Hint[];
}

/** `name=value` of `with(...)`. Names are not checked: a hint nobody knows has no effect. */
export interface Hint extends Located {
  readonly kind: "hint";
  readonly name: string;
  readonly value: Literal;
}

/**
 * Stages from left to right, each working on the spansets the one before left over. The first works on one spanset
 * with all spans of the trace. Never empty.
 */
export interface Pipeline extends Located {
  readonly kind: "pipeline";
  readonly stages: readonly Stage[];
}

export type Stage = SpansetExpression | ScalarFilter | GroupBy | Coalesce | Select;

/** A `Pipeline` here is one in parentheses; one in parentheses that is only a filter or an operation is that. */
export type SpansetExpression = SpansetFilter | SpansetOperation | Pipeline;

/** `{ ... }`. */
export interface SpansetFilter extends Located {
  readonly kind: "filter";
  /** Absent for `{ }`, which takes every span. */
  readonly condition: FieldExpression | undefined;
}

export interface SpansetOperation extends Located {
  readonly kind: "spansets";
  readonly operator: SpansetOperator;
  readonly left: SpansetExpression;
  readonly right: SpansetExpression;
}

export type SpansetOperator = "&&" | "||" | StructuralOperator;

/** Plain and `!` operators give spans of the right side, `&` ones of both sides. */
export type StructuralOperator = Relation | `!${Relation}` | `&${Relation}`;

/** The right side is child, descendant, parent, ancestor or sibling of the left side. */
export type Relation = ">" | ">>" | "<" | "<<" | "~";

/** `by(...)` within a pipeline: splits each spanset by a value. */
export interface GroupBy extends Located {
  readonly kind: "by";
  readonly expression: FieldExpression;
}

/** `coalesce()`: one spanset of all. */
export interface Coalesce extends Located {
  readonly kind: "coalesce";
}

/** `select(...)`: fields that the answer shows beside the matching spans. */
export interface Select extends Located {
  readonly kind: "select";
  readonly fields: readonly Field[];
}

/** Keeps the spansets for which a comparison of numbers holds, as `count() > 2`. At least one side has an aggregate. */
export interface ScalarFilter extends Located {
  readonly kind: "scalarFilter";
  readonly operator: ScalarComparison;
  readonly left: ScalarExpression;
  readonly right: ScalarExpression;
}

export type ScalarComparison = "=" | "!=" | "<" | "<=" | ">" | ">=";

export type ScalarExpression = Aggregate | ScalarOperation | ScalarPipeline | NumberLiteral;

/** A number of a spanset. */
export interface Aggregate extends Located {
  readonly kind: "aggregate";
  readonly function: AggregateFunction;
  /** Absent for `count()` only. */
  readonly argument: FieldExpression | undefined;
}

export type AggregateFunction = "count" | "avg" | "min" | "max" | "sum";

export interface ScalarOperation extends Located {
  readonly kind: "scalarOperation";
  readonly operator: ArithmeticOperator;
  readonly left: ScalarExpression;
  readonly right: ScalarExpression;
}

/** `({ ... } | count())`: a pipeline in parentheses that ends in a number. */
export interface ScalarPipeline extends Located {
  readonly kind: "scalarPipeline";
  readonly pipeline: Pipeline;
  readonly scalar: ScalarExpression;
}

/** What stands within `{ }` and within the parentheses of `by` and of aggregates. */
export type FieldExpression = Literal | Field | BinaryOperation | UnaryOperation | Existence;

export interface BinaryOperation extends Located {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: FieldExpression;
  readonly right: FieldExpression;
}

export type BinaryOperator = "&&" | "||" | ComparisonOperator | ArithmeticOperator;
export type ComparisonOperator = "=" | "!=" | "<" | "<=" | ">" | ">=" | "=~" | "!~";
export type ArithmeticOperator = "+" | "-" | "*" | "/" | "%" | "^";

export interface UnaryOperation extends Located {
  readonly kind: "unary";
  readonly operator: "-" | "!";
  readonly operand: FieldExpression;
}

/** `operand != nil`, or `operand = nil` when `negated`. */
export interface Existence extends Located {
  readonly kind: "exists";
  readonly negated: boolean;
  readonly operand: FieldExpression;
}

/** Something a span has. */
export type Field = Attribute | Intrinsic;

export interface Attribute extends Located {
  readonly kind: "attribute";
  /** `any` for a name that starts with a dot: the span's attribute, else the resource's. */
  readonly scope: AttributeScope | "any";
  /** Of the parent span instead: `parent.name`, `parent.span.name`, `parent.resource.name`. */
  readonly ofParent: boolean;
  /** Without scope and quotes; may be any text. */
  readonly name: string;
}

export type AttributeScope = "span" | "resource" | "event" | "link" | "instrumentation";

export interface Intrinsic extends Located {
  readonly kind: "intrinsic";
  /** The one name an intrinsic has, however it was written: `duration` is `span:duration`. */
  readonly name: IntrinsicName;
  /** Of the parent span instead: `parent.duration`. */
  readonly ofParent: boolean;
}

export type Literal = NumberLiteral | StringLiteral | BooleanLiteral | StatusLiteral | KindLiteral;

export type NumberLiteral = IntLiteral | FloatLiteral | DurationLiteral;

/** 64 bits, signed. */
export interface IntLiteral extends Located {
  readonly kind: "literal";
  readonly type: "int";
  readonly value: bigint;
}

/** Always finite. */
export interface FloatLiteral extends Located {
  readonly kind: "literal";
  readonly type: "float";
  readonly value: number;
}

export interface DurationLiteral extends Located {
  readonly kind: "literal";
  readonly type: "duration";
  /** Nanoseconds, 64 bits, signed. */
  readonly value: bigint;
}

export interface StringLiteral extends Located {
  readonly kind: "literal";
  readonly type: "string";
  readonly value: string;
}

export interface BooleanLiteral extends Located {
  readonly kind: "literal";
  readonly type: "boolean";
  readonly value: boolean;
}

export interface StatusLiteral extends Located {
  readonly kind: "literal";
  readonly type: "status";
  readonly value: StatusName;
}

export type StatusName = "error" | "ok" | "unset";

export interface KindLiteral extends Located {
  readonly kind: "literal";
  readonly type: "kind";
  readonly value: KindName;
}

export type KindName = "unspecified" | "internal" | "server" | "client" | "producer" | "consumer";

export type MetricsExpression = MetricsPipeline | MetricsStages | MetricsMath | MetricsConstant;

/** Series made from the spans that a pipeline leaves over. */
export interface MetricsPipeline extends Located {
  readonly kind: "metricsPipeline";
  readonly pipeline: Pipeline;
  readonly aggregate: MetricsAggregate;
}

export type MetricsAggregate = SpanCount | FieldOverTime | Quantile | Compare;

/** `rate()`: spans per second. `count_over_time()`: spans per step. */
export interface SpanCount extends Located {
  readonly kind: "spanCount";
  readonly function: "rate" | "count_over_time";
  readonly by: readonly Field[];
}

export interface FieldOverTime extends Located {
  readonly kind: "fieldOverTime";
  readonly function:
    | "min_over_time"
    | "max_over_time"
    | "avg_over_time"
    | "sum_over_time"
    | "histogram_over_time";
  readonly field: Field;
  readonly by: readonly Field[];
}

export interface Quantile extends Located {
  readonly kind: "quantile";
  readonly field: Field;
  /** Each from 0 to 1; at least one. */
  readonly quantiles: readonly number[];
  readonly by: readonly Field[];
}

/** How spans that the filter takes differ from the others, value by value of all their fields. */
export interface Compare extends Located {
  readonly kind: "compare";
  readonly selection: SpansetFilter;
  /** How many values of each field are told; 10 unless written. */
  readonly topN: number;
  /** Unix nanoseconds between which the selection is taken; both 0 for the whole time. */
  readonly from: bigint;
  readonly to: bigint;
}

/** Series with further stages behind, applied from left to right. Never empty, and never on another `MetricsStages`. */
export interface MetricsStages extends Located {
  readonly kind: "metricsStages";
  readonly input: MetricsPipeline | MetricsMath;
  readonly stages: readonly SecondStage[];
}

export type SecondStage = Rank | MetricsFilter;

/** `topk(limit)` or `bottomk(limit)`, for each step apart. */
export interface Rank extends Located {
  readonly kind: "rank";
  readonly function: "topk" | "bottomk";
  readonly limit: number;
}

/** Drops the points that do not compare as said, and series that have none left. */
export interface MetricsFilter extends Located {
  readonly kind: "metricsFilter";
  readonly operator: ScalarComparison;
  /** A duration counts as seconds, as durations in series do. */
  readonly value: NumberLiteral;
}

/** Arithmetic point by point. At most one side is a constant. */
export interface MetricsMath extends Located {
  readonly kind: "metricsMath";
  readonly operator: "+" | "-" | "*" | "/";
  readonly left: MetricsExpression;
  readonly right: MetricsExpression;
}

export interface MetricsConstant extends Located {
  readonly kind: "metricsConstant";
  readonly value: number;
}
