import type { IntrinsicName } from "@clew/protocol/traceql/intrinsics";
import type { Store } from "../../store/store.ts";
import { POINT_LOOKUP } from "../query-settings.ts";
import { andAll, fragment, Parameters, type SqlFragment, statement } from "../sql.ts";
import type { AttributeLevel } from "./attribute-keys.ts";
import { fieldColumn } from "./field-columns.ts";
import { SHORT_READ } from "./known-names.ts";
import { EVER, newestSpans, type Stretch } from "./newest-spans.ts";
import { resourcesWithTags, type SpanMatch, spanMatchConditions } from "./span-match.ts";

/** What has values: a field that every span has, or an attribute; `any` is one of the span or its resource. */
export type ValuesField =
  | { readonly kind: "intrinsic"; readonly name: IntrinsicName }
  | { readonly kind: "attribute"; readonly level: AttributeLevel | "any"; readonly key: string };

export interface FieldValuesRequest {
  readonly field: ValuesField;
  /** When the spans start that are looked at. Without it, attributes of resources come from all time. */
  readonly stretch?: Stretch;
  /** Which spans are looked at. */
  readonly match?: SpanMatch;
  readonly most: number;
  readonly signal?: AbortSignal;
}

export interface FieldValue {
  readonly type: "string" | "int" | "float" | "bool";
  readonly value: string;
}

/** Reading the attributes of more spans takes seconds. */
const MOST_SPANS = 1_000_000;

/**
 * Different values of a field, sorted as text; empty ones and long texts are left out. Of more than a million spans
 * the newest are looked at. A field that is a number or different for every span has none.
 */
export async function fieldValues(store: Store, request: FieldValuesRequest): Promise<FieldValue[]> {
  const { field, most, signal } = request;
  const reader = new ValuesReader(store, request);
  if (field.kind === "intrinsic") {
    const column = fieldColumn(field.name);
    if (column === undefined) return [];
    const texts = await reader.read(column.table, () => column.value);
    return texts.sort().map((value) => ({ type: "string", value }));
  }
  const levels = field.level === "any" ? (["span", "resource"] as const) : [field.level];
  const types = await attributeTypes(store, levels, field.key, signal);
  if (types.size === 0) return [];
  const found = await Promise.all(levels.map((level) => reader.attribute(level, field.key)));
  const texts = [...new Set(found.flat())].sort().slice(0, most);
  return texts.map((value) => ({ type: typeOf(value, types), value }));
}

class ValuesReader {
  readonly #store: Store;
  readonly #request: FieldValuesRequest;

  constructor(store: Store, request: FieldValuesRequest) {
    this.#store = store;
    this.#request = request;
  }

  attribute(level: AttributeLevel, key: string): Promise<string[]> {
    const of = (map: SqlFragment) => (parameters: Parameters) =>
      fragment`${map}[${parameters.bind("String", key)}]`;
    const ofEach = (maps: SqlFragment) => (parameters: Parameters) =>
      fragment`arrayJoin(arrayMap(attribute -> attribute[${parameters.bind("String", key)}], ${maps}))`;
    switch (level) {
      case "span":
        return this.read("spans", of(fragment`attributes`));
      case "resource":
        return this.read("resources", of(fragment`attributes`));
      case "event":
        return this.read("spans", ofEach(fragment`events.attributes`));
      case "link":
        return this.read("spans", ofEach(fragment`links.attributes`));
      default:
        // Attributes of scopes are stored as they were sent, and not apart.
        return Promise.resolve([]);
    }
  }

  async read(
    table: "spans" | "traces" | "scopes" | "resources",
    value: (parameters: Parameters) => SqlFragment,
  ): Promise<string[]> {
    const { stretch, match, most, signal } = this.#request;
    const parameters = new Parameters();
    const conditions: SqlFragment[] = [];
    if (table === "spans" || stretch !== undefined || match !== undefined) {
      const newest = await newestSpans(this.#store, stretch ?? EVER, MOST_SPANS, signal);
      if (newest === undefined) return [];
      const spans = await this.#spans(newest, parameters);
      conditions.push(
        table === "spans"
          ? spans
          : fragment`${LINKS[table]} IN (SELECT ${LINKS[table]} FROM spans WHERE ${spans})`,
      );
    }
    const slots = { value: value(parameters), table: TABLES[table], condition: andAll(conditions) };
    const rows = await this.#store.query<{ value: string }>(statement("compatible-values", slots), {
      parameters: { ...parameters.values, most },
      settings: SHORT_READ,
      ...(signal && { signal }),
    });
    return rows.map((row) => row.value);
  }

  async #spans({ fromNs, toNs }: Stretch, parameters: Parameters): Promise<SqlFragment> {
    const { match = {}, signal } = this.#request;
    const moment = (nanos: bigint) =>
      fragment`fromUnixTimestamp64Nano(${parameters.bind("Int64", nanos)}, 'UTC')`;
    const resourceIds = await resourcesWithTags(this.#store, match, signal);
    const conditions = spanMatchConditions(match, resourceIds, parameters);
    return fragment`start_time >= ${moment(fromNs)} AND start_time < ${moment(toNs)}${andAll(conditions)}`;
  }
}

const TABLES = {
  spans: fragment`spans`,
  traces: fragment`traces`,
  scopes: fragment`scopes`,
  resources: fragment`resources`,
};

/** What leads from spans to the rows of the other tables. */
const LINKS = { traces: fragment`trace_id`, scopes: fragment`scope_id`, resources: fragment`resource_id` };

async function attributeTypes(
  store: Store,
  levels: readonly AttributeLevel[],
  key: string,
  signal: AbortSignal | undefined,
): Promise<Set<string>> {
  const rows = await store.query<{ type: string }>(statement("compatible-attribute-types"), {
    parameters: { levels, key },
    settings: POINT_LOOKUP,
    ...(signal && { signal }),
  });
  return new Set(rows.map((row) => row.type));
}

/** Values are stored as text: of the types the attribute has, the one that the text fits. */
function typeOf(value: string, types: ReadonlySet<string>): FieldValue["type"] {
  if (types.has("bool") && (value === "true" || value === "false")) return "bool";
  if (types.has("int") && /^-?\d+$/.test(value)) return "int";
  if (types.has("double") && Number.isFinite(Number(value))) return "float";
  return "string";
}
