import type { FieldExpression } from "@clew/protocol/traceql/ast";
import type { Store } from "../../store/store.ts";
import { hasId } from "../filter.ts";
import { knownTraces } from "../known-traces.ts";
import { traceIdOf } from "../resolve-trace.ts";
import { fragment, type Parameters, type SqlFragment } from "../sql.ts";
import { ID_NAMES, type IdName } from "../trace-conditions.ts";
import { TraceSearch } from "../trace-search.ts";
import { logCondition } from "./log-condition.ts";
import { type LogKnown, learnLogs } from "./log-known.ts";
import { hasWords } from "./log-words.ts";
import type { Surroundings } from "./logs-around.ts";

/** Which log records. All that is given must hold; a list is any of its values. */
export interface LogConditions {
  /** Of a filter; absent for all records. */
  readonly condition?: FieldExpression;
  /** Each occurs in the body, the event's name or a value of an attribute. */
  readonly words?: readonly string[];
  /** A reference as `resolveTrace` takes it. */
  readonly trace?: string;
  /** 16 lower-case hex digits. */
  readonly span?: string;
  readonly services?: readonly string[];
  /** Carried by the record or holding for its trace. */
  readonly ids?: Readonly<Partial<Record<IdName, readonly string[]>>>;
  readonly around?: Surroundings;
}

/** Conditions for which the store was asked what they depend on. */
export interface LogSelection {
  /** The conditions on rows of `logs`. */
  rows(parameters: Parameters): SqlFragment[];
  /** Whether an index leads to the rows, so that all of time can be looked at at once. */
  readonly isRare: boolean;
}

/** Rejects as `traceIdOf` does, and with `InvalidQuery`. */
export async function selectLogs(
  store: Store,
  conditions: LogConditions,
  signal?: AbortSignal,
): Promise<LogSelection> {
  const { condition, words = [], trace, span, services, around } = conditions;
  const [known, traceId, ids] = await Promise.all([
    learnLogs(store, condition, signal),
    trace === undefined ? undefined : traceIdOf(store, trace, signal),
    idConditions(store, conditions, signal),
  ]);
  return {
    isRare: traceId !== undefined,
    rows: (parameters) => [
      ...(traceId === undefined ? [] : [isOfTrace(traceId, parameters)]),
      ...(span === undefined ? [] : [isOfSpan(span, parameters)]),
      ...(services === undefined ? [] : [isOfService(services, parameters)]),
      ...(around === undefined ? [] : [isAround(around, parameters)]),
      ...ids.map((hold) => hold(parameters)),
      ...conditionOf(condition, known, parameters),
      ...(words.length === 0 ? [] : [hasWords(words, parameters)]),
    ],
  };
}

function conditionOf(
  condition: FieldExpression | undefined,
  known: LogKnown,
  parameters: Parameters,
): SqlFragment[] {
  return condition === undefined ? [] : [logCondition(condition, known, parameters)];
}

function isOfTrace(traceId: string, parameters: Parameters): SqlFragment {
  return fragment`trace_id = toFixedString(unhex(${parameters.bind("String", traceId)}), 16)`;
}

function isOfSpan(spanId: string, parameters: Parameters): SqlFragment {
  return fragment`span_id = toFixedString(unhex(${parameters.bind("String", spanId)}), 8)`;
}

function isOfService(services: readonly string[], parameters: Parameters): SqlFragment {
  return fragment`service_name IN ${parameters.bind("Array(String)", services)}`;
}

function isAround({ traceId, service, instance }: Surroundings, parameters: Parameters): SqlFragment {
  const name = parameters.bind("String", service);
  const resources = instance.reduce(
    (all, [key, value]) =>
      fragment`${all} AND attributes[${parameters.bind("String", key)}] = ${parameters.bind("String", value)}`,
    fragment`service_name = ${name}`,
  );
  const ofInstance =
    instance.length === 0
      ? fragment`service_name = ${name}`
      : fragment`service_name = ${name} AND resource_id IN (SELECT resource_id FROM resources WHERE ${resources})`;
  return fragment`${isOfTrace(traceId, parameters)} OR (${ofInstance})`;
}

/**
 * For each id that is asked for, the records that carry it or that are of a trace for which it holds: one that carries
 * it, or that is linked with one that does.
 */
async function idConditions(
  store: Store,
  { ids = {} }: LogConditions,
  signal: AbortSignal | undefined,
): Promise<((parameters: Parameters) => SqlFragment)[]> {
  const asked = ID_NAMES.flatMap((name) => {
    const values = ids[name];
    return values === undefined ? [] : [{ name, values }];
  });
  return Promise.all(
    asked.map(async ({ name, values }) => {
      const traces = await tracesWith(store, name, values, signal);
      return (parameters: Parameters) => {
        const carries = hasId(name, values, parameters);
        return fragment`${carries} OR trace_id IN (${traces(carries, parameters)})`;
      };
    }),
  );
}

/** The traces, or where they are many those that carry the id themselves, as a SELECT of their ids. */
async function tracesWith(
  store: Store,
  name: IdName,
  values: readonly string[],
  signal: AbortSignal | undefined,
): Promise<(carries: SqlFragment, parameters: Parameters) => SqlFragment> {
  const search = await TraceSearch.prepare(store, { ids: { [name]: values } }, signal);
  const known = await knownTraces(search);
  if (known === undefined) return (carries) => fragment`SELECT trace_id FROM spans WHERE ${carries}`;
  const carrying = [...known.ids];
  const linked = carrying.length === 0 ? [] : await search.extras.links.get(carrying.map((id) => ({ id })));
  const all = [...new Set([...carrying, ...[...linked].flatMap((entry) => entry[1])])];
  return (_, parameters) =>
    fragment`SELECT toFixedString(unhex(arrayJoin(${parameters.bind("Array(String)", all)})), 16)`;
}
