import { ATTRIBUTE_HASHES } from "./attribute-hashes.ts";
import { andAll, anyOf, fragment, type Parameters, type SqlFragment } from "./sql.ts";
import { ID_NAMES, type IdName, type TraceConditions } from "./trace-conditions.ts";
import type { TraceCursor } from "./trace-cursor.ts";

/** What the composer must know besides the conditions. */
export interface FilterContext {
  readonly parameters: Parameters;
  /** Confines the spans that are looked at, e.g. to a stretch of time. */
  readonly scope: SqlFragment;
  /** Whether `content` has a text index, which finds whole words. */
  readonly hasTextIndex: boolean;
  /** Resources that have one of the texts, for each attribute condition. */
  readonly resourceIds: readonly (readonly bigint[])[];
}

const ID_COLUMNS: Readonly<Record<IdName, SqlFragment>> = {
  session: fragment`session_id`,
  conversation: fragment`conversation_id`,
  task: fragment`task_id`,
  testCase: fragment`test_case_id`,
  testRun: fragment`test_run_id`,
  user: fragment`user_id`,
};

const DURATION = fragment`toUnixTimestamp64Nano(max(traces.end_time)) - start_ns`;

/** A condition on a row of `spans`: the span itself carries one of these ids. */
export function hasId(name: IdName, values: readonly string[], parameters: Parameters): SqlFragment {
  return fragment`${ID_COLUMNS[name]} IN ${parameters.bind("Array(String)", values)}`;
}

/** A condition on a row of `spans`: the span itself has the attribute with one of these values. */
export function hasAttribute(key: string, values: readonly string[], parameters: Parameters): SqlFragment {
  // The index leaves out what cannot have it; what it cannot leave out is compared.
  const name = parameters.bind("String", key);
  const wanted = parameters.bind("Array(String)", values);
  return fragment`(indexHint(hasAny(${ATTRIBUTE_HASHES}, arrayMap(value -> cityHash64(${name}, value), ${wanted})))
    AND arrayExists((key, value) -> key = ${name} AND has(${wanted}, value), mapKeys(attributes), mapValues(attributes)))`;
}

/** Conditions on `trace_id` that need the spans. `except` names an id condition known to hold. */
export function spanConditions(
  conditions: TraceConditions,
  context: FilterContext,
  except?: IdName,
): SqlFragment[] {
  const { parameters } = context;
  const found: SqlFragment[] = [];
  for (const name of ID_NAMES) {
    const values = conditions.ids?.[name];
    if (values !== undefined && name !== except) found.push(tracesWithId(name, values, context));
  }
  conditions.attributes?.forEach(({ key, values }, index) => {
    const ways = [tracesWith(hasAttribute(key, values, parameters), context)];
    const resources = context.resourceIds[index] ?? [];
    if (resources.length > 0) {
      ways.push(tracesWith(fragment`resource_id IN ${parameters.bind("Array(UInt64)", resources)}`, context));
    }
    found.push(anyOf(ways));
  });
  if (conditions.tools) {
    found.push(
      tracesWith(fragment`tool_name IN ${parameters.bind("Array(String)", conditions.tools)}`, context),
    );
  }
  if (conditions.name !== undefined) {
    const part = parameters.bind("String", conditions.name);
    found.push(tracesWith(fragment`positionCaseInsensitiveUTF8(name, ${part}) > 0`, context));
  }
  if (conditions.text !== undefined) found.push(tracesWith(hasWords(conditions.text, context), context));
  return found;
}

/** Conditions on a group of all rows of one trace in `traces`, where `start_ns` is its start. */
export function summaryConditions(
  conditions: TraceConditions,
  parameters: Parameters,
  after?: TraceCursor,
): SqlFragment[] {
  const found: SqlFragment[] = [];
  const list = (values: readonly string[]) => parameters.bind("Array(String)", values);
  const { services, agents, models, status, minDurationNs, maxDurationNs, fromNs, toNs } = conditions;
  if (services) found.push(fragment`hasAny(groupUniqArrayArray(traces.services), ${list(services)})`);
  if (agents) found.push(fragment`hasAny(groupUniqArrayArray(traces.agents), ${list(agents)})`);
  if (models) found.push(fragment`hasAny(groupUniqArrayArray(traces.models), ${list(models)})`);
  if (status === "error") found.push(fragment`sum(traces.error_count) > 0`);
  if (status === "ok") found.push(fragment`sum(traces.error_count) = 0`);
  if (minDurationNs !== undefined) {
    found.push(fragment`${DURATION} >= ${parameters.bind("Int64", minDurationNs)}`);
  }
  if (maxDurationNs !== undefined) {
    found.push(fragment`${DURATION} <= ${parameters.bind("Int64", maxDurationNs)}`);
  }
  if (fromNs !== undefined) found.push(fragment`start_ns >= ${parameters.bind("Int64", fromNs)}`);
  if (toNs !== undefined) found.push(fragment`start_ns < ${parameters.bind("Int64", toNs)}`);
  if (after !== undefined) {
    const startNs = parameters.bind("Int64", after.startNs);
    const id = parameters.bind("String", after.traceId);
    found.push(fragment`(start_ns, trace_id) < (${startNs}, toFixedString(unhex(${id}), 16))`);
  }
  return found;
}

/** Whether `summaryConditions` looks at more than the start of a trace. */
export function looksAtSummary(conditions: TraceConditions): boolean {
  const { services, agents, models, status, minDurationNs, maxDurationNs } = conditions;
  return [services, agents, models, status, minDurationNs, maxDurationNs].some((one) => one !== undefined);
}

function tracesWith(condition: SqlFragment, { scope }: FilterContext): SqlFragment {
  return fragment`trace_id IN (SELECT trace_id FROM spans WHERE ${condition}${andAll([scope])})`;
}

/** Traces that carry the id, and those linked to one that does. */
function tracesWithId(name: IdName, values: readonly string[], context: FilterContext): SqlFragment {
  const condition = hasId(name, values, context.parameters);
  return anyOf([
    tracesWith(condition, context),
    fragment`trace_id IN (SELECT linked_trace_id FROM trace_links WHERE trace_id IN (
      SELECT trace_id FROM spans WHERE ${condition} AND trace_id IN (SELECT trace_id FROM trace_links)))`,
    fragment`trace_id IN (SELECT trace_id FROM trace_links WHERE linked_trace_id IN (
      SELECT trace_id FROM spans WHERE ${condition} AND trace_id IN (SELECT linked_trace_id FROM trace_links)))`,
  ]);
}

/** Every word occurs in the content of the span; with a text index as a whole word, else as part of one. */
function hasWords(text: string, { parameters, hasTextIndex }: FilterContext): SqlFragment {
  const words = text.split(/\s+/).filter((word) => word !== "");
  const all = words.map((word) => {
    // The index keeps words as they were written; what it splits at cannot be looked up in it.
    if (hasTextIndex && /^[a-z0-9]+$/i.test(word)) {
      return fragment`hasAnyTokens(mapValues(content), ${parameters.bind("Array(String)", spellings(word))})`;
    }
    const part = parameters.bind("String", word);
    return fragment`arrayExists(value -> positionCaseInsensitiveUTF8(value, ${part}) > 0, mapValues(content))`;
  });
  return fragment`true${andAll(all)}`;
}

function spellings(word: string): string[] {
  const lower = word.toLowerCase();
  return [...new Set([word, lower, word.toUpperCase(), lower.charAt(0).toUpperCase() + lower.slice(1)])];
}
