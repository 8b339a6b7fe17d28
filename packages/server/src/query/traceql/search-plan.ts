import type { Field, FieldExpression, Pipeline, SpansetFilter } from "@clew/protocol/traceql/ast";
import type { Store } from "../../store/store.ts";
import { andAll, anyOf, fragment, Parameters, type SqlFragment } from "../sql.ts";
import type { TraceSummary } from "../trace-summary.ts";
import { AttributeTypes, keysOf } from "./attribute-types.ts";
import { Conditions, isServiceColumn, type Known, SERVICE_NAME } from "./conditions.ts";
import { contentKeys } from "./content-keys.ts";
import { fieldsOf } from "./fields-of.ts";
import { type FilterTest, looksAround, planFilter } from "./filter-test.ts";
import { type InlinedOrigins, inlineOrigins } from "./origins-inlined.ts";
import { expressionsOf, filtersOf, selectedFields } from "./read-search.ts";
import { ownFields } from "./span-reader.ts";
import { SpanColumnsPlan } from "./span-table.ts";
import { durationTest } from "./trace-durations.ts";
import { type Need, needOf, rareNeed, takersOf, tracesThatHave } from "./trace-needs.ts";

/** What has to be asked of the store to answer a query. */
export interface SearchPlan {
  readonly pipeline: Pipeline;
  readonly known: Known;
  /** Attributes that have to be looked for in `content` too. */
  readonly inContent: readonly string[];
  /** How each filter is decided; a filter without condition takes all. */
  readonly tests: ReadonlyMap<SpansetFilter, FilterTest>;
  /** What the answer shows beside spans. */
  readonly selected: readonly Field[];
  /** What is read of the spans of traces that may match. */
  readonly columns: SpanColumnsPlan;
  /** Which of their spans are read; absent when all are. */
  readonly rows?: SqlFragment;
  /** Traces that may match, of those with spans within `scope`; undefined when all may. */
  candidates(scope: SqlFragment, parameters: Parameters): SqlFragment | undefined;
  /** Whether a trace can match, going by its summary. */
  mayMatch(trace: TraceSummary): boolean;
  /** A condition that few spans may fulfil and that an index answers, and without which no trace matches. */
  rareSpans(parameters: Parameters): SqlFragment | undefined;
}

/** What is asked of spans beside what a pipeline asks. */
export interface PlannedBeside {
  readonly fields?: readonly Field[];
  readonly filters?: readonly SpansetFilter[];
}

/** Asks the store what conditions depend on, and plans the statements. */
export async function planSearch(
  store: Store,
  pipeline: Pipeline,
  signal?: AbortSignal,
  beside: PlannedBeside = {},
): Promise<SearchPlan> {
  const asked = expressionsOf(pipeline);
  const filters = [...filtersOf(pipeline), ...(beside.filters ?? [])];
  const conditions = filters.flatMap(({ condition }) => condition ?? []);
  const others = [...asked.others, ...(beside.fields ?? [])];
  const selected = selectedFields(pipeline);
  const read = [...conditions, ...others, ...selected];
  const known = await learn(store, read, signal);
  const inContent = await contentKeys(store, read, known.types, signal);
  const columns = new SpanColumnsPlan(known, inContent, new Parameters());
  const withContent = inContent.length > 0;
  const tests = new Map<SpansetFilter, FilterTest>();
  for (const filter of filters) {
    if (filter.condition === undefined) continue;
    tests.set(filter, planFilter(filter.condition, { known, withContent }, columns));
  }
  for (const field of [...others, ...selected].flatMap(fieldsOf)) {
    for (const own of ownFields(field)) columns.addFields(own);
  }
  const isAround = [...tests.values()].some(looksAround) || readsAround([...others, ...selected]);
  const takers = isAround ? undefined : takersOf(pipeline);
  const own = new Conditions({ known, parameters: columns.parameters, withContent });
  const need = needOf(pipeline);
  return {
    pipeline,
    known,
    inContent,
    tests,
    columns,
    selected,
    ...(takers && { rows: anyOf(takers.map((taker) => own.atLeast(taker))) }),
    mayMatch: durationTest(pipeline),
    rareSpans: (parameters) => {
      const rare = need && rareNeed(need, (condition) => isRare(condition, known, inContent));
      return rare && new Conditions({ known, parameters, withContent: false }).atLeast(rare);
    },
    candidates: (scope, parameters) => need && candidates(need, known, inContent, scope, parameters),
  };
}

function candidates(
  need: Need,
  known: Known,
  inContent: readonly string[],
  scope: SqlFragment,
  parameters: Parameters,
): SqlFragment | undefined {
  const writer = (withContent: boolean, rows: SqlFragment) => ({
    own: new Conditions({ known, parameters, withContent }),
    root: new Conditions({ known, parameters, withContent, place: "root" }),
    rows,
  });
  if (inContent.length === 0) return tracesThatHave(need, [writer(false, scope)], parameters);
  // Prompts and long texts are read where there are some under one of the keys, and nowhere else.
  const has = fragment`hasAny(mapKeys(content), ${parameters.bind("Array(String)", inContent)})`;
  return tracesThatHave(
    need,
    [writer(false, fragment`NOT ${has}${andAll([scope])}`), writer(true, fragment`${has}${andAll([scope])}`)],
    parameters,
  );
}

async function learn(
  store: Store,
  expressions: readonly FieldExpression[],
  signal?: AbortSignal,
): Promise<Known> {
  const types = await AttributeTypes.load(store, [...keysOf(expressions), SERVICE_NAME], signal);
  const wanted = new Map<string, readonly ["resource" | "scope", string]>();
  for (const field of expressions.flatMap(fieldsOf)) {
    if (field.kind !== "attribute" || isServiceColumn(field, types)) continue;
    const { scope, name } = field;
    if (scope === "instrumentation") wanted.set(`scope ${name}`, ["scope", name]);
    else if ((scope === "resource" || scope === "any") && new Set(types.of("resource", name)).size > 1) {
      wanted.set(`resource ${name}`, ["resource", name]);
    }
  }
  const inlined = await Promise.all(
    [...wanted].map(
      async ([place, [kind, key]]): Promise<[string, InlinedOrigins]> => [
        place,
        await inlineOrigins(store, kind, key, signal),
      ],
    ),
  );
  return { types, inlined: new Map(inlined) };
}

const ID_INTRINSICS: ReadonlySet<string> = new Set([
  "trace:id",
  "agent:session",
  "agent:conversation",
  "agent:task",
  "agent:test_case",
  "agent:test_run",
  "agent:user",
]);

/** Whether the condition is one on a value that indexes of spans find. */
function isRare(condition: FieldExpression, { types }: Known, inContent: readonly string[]): boolean {
  if (condition.kind !== "binary" || condition.operator !== "=") return false;
  const { left: field, right: literal } = condition;
  if (
    literal.kind !== "literal" ||
    literal.type !== "string" ||
    literal.value === "" ||
    (field.kind !== "attribute" && field.kind !== "intrinsic")
  )
    return false;
  if (field.ofParent) return false;
  if (field.kind === "intrinsic") return ID_INTRINSICS.has(field.name);
  if (field.scope !== "span" && !(field.scope === "any" && types.of("resource", field.name) === ""))
    return false;
  const codes = types.of("span", field.name);
  return codes !== "" && !codes.includes("a") && !inContent.includes(field.name);
}

function readsAround(expressions: readonly FieldExpression[]): boolean {
  return expressions
    .flatMap(fieldsOf)
    .some(
      (field) =>
        field.ofParent || (field.kind === "intrinsic" && /^(trace:|nested|span:childCount)/.test(field.name)),
    );
}
