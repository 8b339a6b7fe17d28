import type { InstrumentationScope, Resource } from "@clew/protocol/otlp/model";
import type { Attribute, Field, FieldExpression } from "@clew/protocol/traceql/ast";
import { array, type Value } from "@clew/protocol/traceql/value";
import type { Parameters, SqlFragment } from "../sql.ts";
import { codedField } from "./coded-sql.ts";
import { decodeValue, sentValue } from "./coded-value.ts";
import { type Known, SERVICE_NAME } from "./conditions.ts";
import { fieldsOf } from "./fields-of.ts";

/** What is asked of spans, column by column; each condition and each field once. */
export class SpanColumnsPlan {
  readonly parameters: Parameters;
  readonly known: Known;
  readonly #columns = new Map<SqlFragment, string>();
  readonly #fields = new Map<string, FieldColumn>();
  readonly #inContent: ReadonlySet<string>;
  #needsOrigins = false;

  constructor(known: Known, inContent: readonly string[], parameters: Parameters) {
    this.known = known;
    this.#inContent = new Set(inContent);
    this.parameters = parameters;
  }

  /** Whether resources and scopes of the spans have to be read as well. */
  get needsOrigins(): boolean {
    return this.#needsOrigins;
  }

  /** Expressions by the names of the columns that they become. */
  get columns(): readonly (readonly [name: string, sql: SqlFragment])[] {
    return [...this.#columns].map(([sql, name]) => [name, sql]);
  }

  /** Reads resources and scopes in any case. */
  addOrigins(): void {
    this.#needsOrigins = true;
  }

  /** The name of the column with this expression. */
  add(sql: SqlFragment): string {
    const name = this.#columns.get(sql) ?? `column_${this.#columns.size}`;
    this.#columns.set(sql, name);
    return name;
  }

  /** Makes the fields of an expression readable. */
  addFields(expression: FieldExpression): void {
    for (const field of fieldsOf(expression)) {
      const key = fieldKey(field);
      if (this.#fields.has(key)) continue;
      const coded = codedField(field, {
        types: this.known.types,
        parameters: this.parameters,
        inContent: this.#inContent,
      });
      const origin = this.#originOf(field);
      if (origin !== undefined) this.#needsOrigins = true;
      this.#fields.set(key, {
        ...(coded && { name: this.add(coded.sql), isList: coded.isList }),
        ...(origin && { origin }),
      });
    }
  }

  column(field: Field): FieldColumn | undefined {
    return this.#fields.get(fieldKey(field));
  }

  #originOf(field: Field): FieldColumn["origin"] {
    if (field.kind === "intrinsic") return field.name.startsWith("instrumentation:") ? "scope" : undefined;
    const { types } = this.known;
    if (field.scope === "instrumentation") return types.of("scope", field.name) === "" ? undefined : "scope";
    if (field.scope !== "resource" && field.scope !== "any") return undefined;
    const isColumn = field.name === SERVICE_NAME && field.scope === "resource";
    return isColumn || types.of("resource", field.name) === "" ? undefined : "resource";
  }
}

/** Where the values of a field come from: a column first, then what the span's resource or scope has. */
export interface FieldColumn {
  readonly name?: string;
  readonly isList?: boolean;
  readonly origin?: "resource" | "scope";
}

function fieldKey(field: Field): string {
  return field.kind === "intrinsic" ? `:${field.name}` : `${field.scope} ${field.name}`;
}

/** Columns of an answer by name. */
export type Columns = Readonly<Record<string, readonly unknown[]>>;

/** What resources and scopes say, by their ids. */
export interface OriginMessages {
  resource(id: string): Resource | undefined;
  scope(id: string): InstrumentationScope | undefined;
}

/** The values of a field in a row of the answer; of events and links as an array. */
export function readColumn(
  field: Field,
  plan: SpanColumnsPlan,
  columns: Columns,
  row: number,
  origins: OriginMessages,
): Value {
  const column = plan.column(field);
  if (column === undefined) return undefined;
  if (column.name !== undefined) {
    const stored = columns[column.name]![row];
    const value = column.isList ? listOf(stored as readonly string[]) : decodeValue(stored as string);
    if (value !== undefined) return value;
  }
  if (column.origin === undefined) return undefined;
  if (column.origin === "resource") {
    return attributeOf(origins.resource(String(columns.resource![row]))?.attributes, field as Attribute);
  }
  const scope = origins.scope(String(columns.scope![row]));
  if (field.kind === "attribute") return attributeOf(scope?.attributes, field);
  const text = field.name === "instrumentation:name" ? scope?.name : scope?.version;
  return { type: "string", value: text ?? "" };
}

function listOf(coded: readonly string[]): Value {
  const values = coded.map(decodeValue).filter((value) => value !== undefined);
  return values.length === 0 ? undefined : array(values);
}

function attributeOf(attributes: Resource["attributes"], field: Attribute): Value {
  const value = attributes?.find((attribute) => (attribute.key ?? "") === field.name)?.value;
  return value && sentValue(value);
}
