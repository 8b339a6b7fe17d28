import type { FieldExpression, Pipeline, SpansetExpression, Stage } from "@clew/protocol/traceql/ast";
import { anyOf, fragment, type Parameters, type SqlFragment } from "../sql.ts";
import type { Conditions } from "./conditions.ts";
import { asksWithin, chainOf, fieldsOf, isQuestion, withFields } from "./fields-of.ts";
import { IS_ROOT } from "./intrinsic-sql.ts";
import { needOfScalar } from "./scalar-needs.ts";

/** What a trace must have to be found, as far as single spans tell. */
export type Need =
  | { readonly kind: "all" | "any"; readonly needs: readonly Need[] }
  /** Some span takes this, or at least so many do. */
  | {
      readonly kind: "span";
      readonly condition: FieldExpression;
      readonly of: "own" | "root";
      readonly least?: number;
    };

/** What the spans of a trace must be for a pipeline to leave any of them; undefined when they may be any. */
export function needOf(pipeline: Pipeline): Need | undefined {
  const needs: (Need | undefined)[] = [];
  /** What every span that is left by here fulfils. */
  const conditions: FieldExpression[] = [];
  for (const stage of pipeline.stages) {
    needs.push(stage.kind === "scalarFilter" ? needOfScalar(stage, conditions) : needOfStage(stage));
    if (stage.kind === "filter" && stage.condition !== undefined) conditions.push(stage.condition);
  }
  return all(needs);
}

function needOfStage(stage: Stage): Need | undefined {
  switch (stage.kind) {
    case "filter": {
      const { condition } = stage;
      if (condition === undefined) return undefined;
      return all([...chainOf(condition, "&&").map(needAround), { kind: "span", condition, of: "own" }]);
    }
    case "pipeline":
      return needOf(stage);
    case "spansets": {
      const [left, right] = [needOfStage(stage.left), needOfStage(stage.right)];
      if (stage.operator === "||") return left && right && { kind: "any", needs: [left, right] };
      return stage.operator.startsWith("!") ? right : all([left, right]);
    }
    default:
      return undefined;
  }
}

/** What a condition that has to hold says of another span than the one that takes it. */
function needAround(condition: FieldExpression): Need | undefined {
  const fields = fieldsOf(condition);
  // What is nil elsewhere may hold without any such span.
  if (fields.length === 0 || !isQuestion(condition) || asksWithin(condition)) return undefined;
  if (condition.kind === "exists" && condition.negated) return undefined;
  if (fields.every((field) => field.ofParent)) {
    return {
      kind: "span",
      condition: withFields(condition, (field) => ({ ...field, ofParent: false })),
      of: "own",
    };
  }
  // A trace without root has empty names.
  const isPlainName =
    condition.kind === "binary" &&
    condition.operator === "=" &&
    [condition.left, condition.right].some((side) => side.kind === "literal" && side.value !== "");
  if (
    isPlainName &&
    fields.every((field) => field.kind === "intrinsic" && field.name.startsWith("trace:root"))
  ) {
    return { kind: "span", condition, of: "root" };
  }
  return undefined;
}

function all(needs: readonly (Need | undefined)[]): Need | undefined {
  const known = needs.filter((need) => need !== undefined);
  return known.length < 2 ? known[0] : { kind: "all", needs: known };
}

/** How conditions are written for one way to read the rows of `spans`. */
export interface NeedWriter {
  readonly own: Conditions;
  readonly root: Conditions;
  /** The stretch of rows, and which of them are read this way. */
  readonly rows: SqlFragment;
}

/**
 * Ids of traces whose spans are as needed, as a subquery; undefined when nothing is needed of them. Rows may be read in
 * several ways, each for other rows.
 */
export function tracesThatHave(
  need: Need,
  writers: readonly NeedWriter[],
  parameters: Parameters,
): SqlFragment | undefined {
  const limited = withAtMost(need, NAMES.length);
  if (limited === undefined) return undefined;
  const spans = spanNeeds(limited);
  const parts = writers.map((writer) => {
    const conditions = spans.map((span) => conditionOf(span, writer));
    return { rows: writer.rows, conditions };
  });
  const isAnything = spans.map(
    ({ least = 1 }, index) => least <= 1 && parts.some(({ conditions }) => conditions[index] === TRUE),
  );
  const kept = simplified(limited, (span) => !isAnything[spans.indexOf(span)]);
  if (kept === undefined) return undefined;
  const asked = spanNeeds(kept);
  const isOne = asked.length === 1 && (asked[0]!.least ?? 1) <= 1;
  const statements = parts.map(({ rows, conditions }) => {
    const own = asked.map((span) => conditions[spans.indexOf(span)]!);
    const columns = own.map((condition, index) => fragment`, ${condition} AS ${NAMES[index]!}`);
    const listed = isOne ? fragment`` : columns.reduce((sql, column) => fragment`${sql}${column}`);
    return fragment`SELECT trace_id${listed} FROM spans WHERE ${rows} AND (${anyOf(own)})`;
  });
  const united = statements.reduce((sql, statement) => fragment`${sql} UNION ALL ${statement}`);
  if (isOne) return united;
  const having = formula(kept, (span) => {
    const enough = parameters.bind("UInt32", Math.min(Math.max(span.least ?? 1, 1), MOST_COUNTED));
    return fragment`countIf(${NAMES[asked.indexOf(span)]!}) >= ${enough}`;
  });
  return fragment`SELECT trace_id FROM (${united}) GROUP BY trace_id HAVING ${having}`;
}

/** The condition of some span that every match has, of which a part is as asked. */
export function rareNeed(
  need: Need,
  isRare: (part: FieldExpression) => boolean,
): FieldExpression | undefined {
  switch (need.kind) {
    case "any":
      return undefined;
    case "all":
      for (const one of need.needs) {
        const found = rareNeed(one, isRare);
        if (found !== undefined) return found;
      }
      return undefined;
    case "span":
      return need.of === "own" && chainOf(need.condition, "&&").some(isRare) ? need.condition : undefined;
  }
}

const TRUE = fragment`true`;
const MOST_COUNTED = 2 ** 32 - 1;
/** A need of more parts than this is left at some of them. */
const NAMES = Array.from({ length: 32 }, (_, index) => `need_${index}` as SqlFragment);

type SpanNeed = Extract<Need, { readonly kind: "span" }>;

function conditionOf({ condition, of }: SpanNeed, { own, root }: NeedWriter): SqlFragment {
  if (of === "own") return own.atLeast(condition);
  const ofRoot = root.exact(condition);
  return ofRoot === undefined ? IS_ROOT : fragment`${IS_ROOT} AND ${ofRoot}`;
}

function spanNeeds(need: Need): SpanNeed[] {
  return need.kind === "span" ? [need] : need.needs.flatMap(spanNeeds);
}

/** A need that says no more, of at most so many parts. */
function withAtMost(need: Need, most: number): Need | undefined {
  if (spanNeeds(need).length <= most) return need;
  if (need.kind !== "all") return undefined;
  let left = most;
  const kept = need.needs.map((one) => {
    const limited = withAtMost(one, left);
    if (limited !== undefined) left -= spanNeeds(limited).length;
    return limited;
  });
  return all(kept);
}

/** The need without what every trace has; undefined when that is all. */
function simplified(need: Need, isAsked: (span: SpanNeed) => boolean): Need | undefined {
  if (need.kind === "span") return isAsked(need) ? need : undefined;
  const needs = need.needs.map((one) => simplified(one, isAsked));
  if (need.kind === "all") return all(needs);
  return needs.some((one) => one === undefined) ? undefined : { kind: "any", needs: needs as Need[] };
}

function formula(need: Need, write: (span: SpanNeed) => SqlFragment): SqlFragment {
  if (need.kind === "span") return write(need);
  const parts = need.needs.map((one) => formula(one, write));
  return parts.reduce((sql, part) =>
    need.kind === "all" ? fragment`(${sql} AND ${part})` : fragment`(${sql} OR ${part})`,
  );
}

/** The filters one of which takes every span that a pipeline can leave or look at; undefined for any span. */
export function takersOf(pipeline: Pipeline): readonly FieldExpression[] | undefined {
  const [first] = pipeline.stages.filter((stage) => stage.kind !== "select");
  return first === undefined || !isSpanset(first) ? undefined : takers(first);
}

function isSpanset(stage: Stage): stage is SpansetExpression {
  return stage.kind === "filter" || stage.kind === "spansets" || stage.kind === "pipeline";
}

function takers(expression: SpansetExpression): readonly FieldExpression[] | undefined {
  if (expression.kind === "filter") return expression.condition && [expression.condition];
  if (expression.kind === "pipeline") return takersOf(expression);
  // Structure needs the spans between.
  if (expression.operator !== "&&" && expression.operator !== "||") return undefined;
  const [left, right] = [takers(expression.left), takers(expression.right)];
  return left && right && [...left, ...right];
}
