import { type LogAttribute, type LogField, logFieldOf } from "@clew/protocol/log-query/log-field";
import type { FieldExpression } from "@clew/protocol/traceql/ast";
import type { Store } from "../../store/store.ts";
import { POINT_LOOKUP } from "../query-settings.ts";
import { statement } from "../sql.ts";
import { LONGEST_ATTRIBUTE } from "../traceql/attribute-sql.ts";
import { AttributeTypes, keysOf } from "../traceql/attribute-types.ts";
import { fieldsOf, partsOf } from "../traceql/fields-of.ts";
import { InvalidQuery } from "../traceql/invalid-query.ts";
import { type InlinedOrigins, inlineOrigins } from "../traceql/origins-inlined.ts";
import { PlainKeys } from "../traceql/plain-keys.ts";

export const SERVICE_NAME = "service.name";

/** What was asked of the store before a condition on log records can be written. */
export interface LogKnown {
  readonly types: AttributeTypes;
  /** Keys of records whose values may stand in `content`. */
  readonly inContent: ReadonlySet<string>;
  /** What resources and scopes have: by `resource KEY`, `scope KEY`, `scopeName` and `scopeVersion`. */
  readonly origins: ReadonlyMap<string, InlinedOrigins>;
}

/** Asks the store what a condition depends on. Throws `InvalidQuery` when that is too much. */
export async function learnLogs(
  store: Store,
  condition: FieldExpression | undefined,
  signal?: AbortSignal,
): Promise<LogKnown> {
  const expressions = condition === undefined ? [] : [condition];
  const types = await AttributeTypes.load(store, [...keysOf(expressions), SERVICE_NAME], signal);
  const fields = expressions.flatMap(fieldsOf).map(logFieldOf);
  const [origins, inContent] = await Promise.all([
    originsOf(store, fields, types, signal),
    contentKeys(store, condition, fields, types, signal),
  ]);
  return { types, inContent, origins };
}

/** Whether the field is `service.name` of the resource, which records have as a column. */
export function isServiceColumn(field: LogField, types: AttributeTypes): boolean {
  if (field.kind !== "attribute" || field.name !== SERVICE_NAME) return false;
  return field.scope === "resource" || (field.scope === "any" && types.of("log", SERVICE_NAME) === "");
}

async function originsOf(
  store: Store,
  fields: readonly LogField[],
  types: AttributeTypes,
  signal: AbortSignal | undefined,
): Promise<Map<string, InlinedOrigins>> {
  const wanted = new Map<string, () => Promise<InlinedOrigins>>();
  for (const field of fields) {
    if (field.kind === "intrinsic") {
      if (field.name === "instrumentation:name")
        wanted.set("scopeName", () => scopes(store, "scope_name", signal));
      if (field.name === "instrumentation:version")
        wanted.set("scopeVersion", () => scopes(store, "scope_version", signal));
      continue;
    }
    const { scope, name } = field;
    if (scope === "instrumentation" && types.of("scope", name) !== "") {
      wanted.set(`scope ${name}`, () => inlineOrigins(store, "scope", name, signal));
    }
    if ((scope === "resource" || scope === "any") && !isServiceColumn(field, types)) {
      if (types.of("resource", name) === "") continue;
      wanted.set(`resource ${name}`, () => resourceValues(store, field, types.of("resource", name), signal));
    }
  }
  return new Map(await Promise.all([...wanted].map(async ([place, read]) => [place, await read()] as const)));
}

/** Resources whose values one statement is told; of those that differ in type the messages themselves are read. */
const MOST_RESOURCES = 100_000;
const MOST_MESSAGES = 10_000;

async function resourceValues(
  store: Store,
  field: LogAttribute,
  codes: string,
  signal: AbortSignal | undefined,
): Promise<InlinedOrigins> {
  const [code = "n", ...others] = new Set(codes);
  const most = others.length === 0 ? MOST_RESOURCES : MOST_MESSAGES;
  const rows = await store.query<{ id: string; value: string }>(statement("logs-resource-values"), {
    parameters: { key: field.name, most: most + 1 },
    settings: POINT_LOOKUP,
    ...(signal && { signal }),
  });
  if (rows.length > most) {
    const message = `more than ${most} resources have ${field.name}; ask for an attribute that fewer have`;
    throw new InvalidQuery(message, { offset: field.start, length: field.end - field.start });
  }
  if (others.length > 0) return inlineOrigins(store, "resource", field.name, signal);
  if (code === "n") return { ids: [], codes: [] };
  return { ids: rows.map(({ id }) => BigInt(id)), codes: rows.map(({ value }) => code + value) };
}

async function scopes(
  store: Store,
  column: "scope_name" | "scope_version",
  signal: AbortSignal | undefined,
): Promise<InlinedOrigins> {
  const rows = await store.query<{ id: string; scope_name: string; scope_version: string }>(
    statement("logs-scopes"),
    { settings: POINT_LOOKUP, ...(signal && { signal }) },
  );
  return { ids: rows.map(({ id }) => BigInt(id)), codes: rows.map((row) => `s${row[column]}`) };
}

const plainKeys = new PlainKeys("logs-plain-key");

async function contentKeys(
  store: Store,
  condition: FieldExpression | undefined,
  fields: readonly LogField[],
  types: AttributeTypes,
  signal: AbortSignal | undefined,
): Promise<Set<string>> {
  const keys = new Set(fields.flatMap((field) => (isOfRecord(field, types) ? [field.name] : [])));
  const longMatters = new Set(condition === undefined ? [] : keysWhereLongMatters(condition));
  const isLong = (key: string) => {
    const codes = types.of("log", key);
    return /[ampx]/.test(codes) || (codes.includes("s") && longMatters.has(key));
  };
  const short = [...keys].filter((key) => !isLong(key));
  const plain = await plainKeys.among(store, short, signal);
  return new Set([...keys].filter((key) => isLong(key) || !plain.has(key)));
}

function isOfRecord(field: LogField, types: AttributeTypes): boolean {
  if (field.kind !== "attribute" || (field.scope !== "log" && field.scope !== "any")) return false;
  return types.of("log", field.name) !== "";
}

/** Names of attributes that stand elsewhere than in `attribute = "short text"`. */
function* keysWhereLongMatters(expression: FieldExpression): Generator<string> {
  if (expression.kind === "attribute") yield expression.name;
  else if (expression.kind === "binary" && expression.operator === "=") {
    const { left, right } = expression;
    const isShort =
      right.kind === "literal" &&
      (right.type !== "string" || Buffer.byteLength(right.value) <= LONGEST_ATTRIBUTE);
    if (left.kind === "attribute" && isShort) return;
    yield* keysWhereLongMatters(left);
    yield* keysWhereLongMatters(right);
  } else for (const part of partsOf(expression)) yield* keysWhereLongMatters(part);
}
