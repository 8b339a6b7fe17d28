import type { InstrumentationScope, Resource } from "@clew/protocol/otlp/model";
import type { Origin, Origins } from "./origins.ts";

/** A row that says which resource and scope it came with. */
interface OriginatedRow {
  readonly resource_id: string;
  readonly scope_id: string;
}

/** What the scope group of every signal begins with. */
export interface ScopeGroup<Row> {
  readonly origin: { readonly scope?: InstrumentationScope; readonly schemaUrl?: string };
  readonly rows: readonly Row[];
}

export interface ResourceGroup<Row> {
  readonly origin: { readonly resource?: Resource; readonly schemaUrl?: string };
  readonly scopes: readonly ScopeGroup<Row>[];
}

/** Rows by resource and scope, each group where its first row was. The origins are loaded. */
export function groupByOrigin<Row extends OriginatedRow>(
  rows: readonly Row[],
  origins: Origins,
): ResourceGroup<Row>[] {
  const byResource = Map.groupBy(rows, (row) => row.resource_id);
  return [...byResource].map(([resourceId, ofResource]) => ({
    origin: named("resource", origins.resource(resourceId)),
    scopes: [...Map.groupBy(ofResource, (row) => row.scope_id)].map(([scopeId, ofScope]) => ({
      origin: named("scope", origins.scope(scopeId)),
      rows: ofScope,
    })),
  }));
}

function named<Name extends string, Message>(name: Name, { message, schemaUrl }: Origin<Message>) {
  return {
    ...(message !== undefined && ({ [name]: message } as { [Key in Name]?: Message })),
    ...(schemaUrl !== "" && { schemaUrl }),
  };
}
