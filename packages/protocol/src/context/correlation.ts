import { formatBaggage, parseBaggage } from "./baggage.ts";

/** An id that holds for everything behind a request, whatever process does it. */
export interface CorrelationKey {
  /** Key of the baggage member and of the attribute alike. */
  readonly key: string;
  /** Variable that sets it for a whole process. */
  readonly variable: string;
  /** Key of the id's name, which travels with it: ids and names of two sources never mix. */
  readonly nameKey?: string;
  readonly nameVariable?: string;
  /** The name is the id where nobody gave one. */
  readonly nameDefaultsToId?: true;
}

/** Ids and their names by key; a value is never empty. */
export type CorrelationIds = Readonly<Record<string, string>>;

/** `correlation-keys.json` says the same to those who do not read TypeScript. */
export const CORRELATION_KEYS: readonly CorrelationKey[] = [
  { key: "session.id", variable: "CLEW_SESSION_ID" },
  { key: "task.id", variable: "CLEW_TASK_ID" },
  {
    key: "test.case.id",
    variable: "CLEW_TEST_CASE_ID",
    nameKey: "test.case.name",
    nameVariable: "CLEW_TEST_CASE_NAME",
    nameDefaultsToId: true,
  },
  {
    key: "test.suite.run.id",
    variable: "CLEW_TEST_SUITE_RUN_ID",
    nameKey: "test.suite.name",
    nameVariable: "CLEW_TEST_SUITE_NAME",
  },
  { key: "user.id", variable: "CLEW_USER_ID" },
];

/**
 * What `specific` says, and for ids of which it says nothing, what `general` says. `more` are keys beside those of
 * `CORRELATION_KEYS`; keys that are in neither list are left out.
 */
export function mergeCorrelation(
  specific: Lookup,
  general: Lookup = () => undefined,
  more: readonly string[] = [],
): CorrelationIds {
  const ids: Record<string, string> = {};
  for (const { key, nameKey, nameDefaultsToId } of CORRELATION_KEYS) {
    const own = specific(key) || (nameKey !== undefined && specific(nameKey));
    const source = own ? specific : general;
    const id = source(key);
    if (id) ids[key] = id;
    if (nameKey === undefined) continue;
    const name = source(nameKey) || (nameDefaultsToId ? id : undefined);
    if (name) ids[nameKey] = name;
  }
  for (const key of more) {
    const value = specific(key) || general(key);
    if (value) ids[key] = value;
  }
  return ids;
}

/** Value of a key; undefined and empty alike mean that there is none. */
export type Lookup = (key: string) => string | undefined;

/** What `CLEW_SESSION_ID` and the other variables say. */
export function correlationFromVariables(
  environment: Readonly<Record<string, string | undefined>>,
): CorrelationIds {
  const given = new Map<string, string | undefined>();
  for (const { key, variable, nameKey, nameVariable } of CORRELATION_KEYS) {
    given.set(key, environment[variable]?.trim());
    if (nameKey !== undefined && nameVariable !== undefined)
      given.set(nameKey, environment[nameVariable]?.trim());
  }
  return mergeCorrelation((key) => given.get(key));
}

/**
 * Variables that give a child process these ids, beside those of `environment`: the `BAGGAGE` there and the names of
 * other ids do not override them.
 */
export function correlationVariables(
  ids: CorrelationIds,
  environment: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  const variables: Record<string, string> = {};
  const given = new Set<string>();
  for (const { key, variable, nameKey, nameVariable } of CORRELATION_KEYS) {
    const id = ids[key];
    const name = nameKey && ids[nameKey];
    if (!id && !name) continue;
    if (id) variables[variable] = id;
    if (nameVariable !== undefined) variables[nameVariable] = name ?? "";
    given.add(key).add(nameKey ?? key);
  }
  const members = parseBaggage(environment.BAGGAGE ?? "");
  const others = members.filter(({ key }) => !given.has(key));
  if (others.length < members.length) variables.BAGGAGE = formatBaggage(others);
  return variables;
}
