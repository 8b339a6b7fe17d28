import type { ResourceDetail, ScopeDetail } from "@clew/protocol/api/span-detail";
import type { Origins } from "./origins.ts";

/** A resource as it is told beside what it produced; empty when the sender gave none. */
export function resourceDetail(origins: Origins, id: string): ResourceDetail {
  const { message, schemaUrl } = origins.resource(id);
  return {
    schemaUrl,
    attributes: message?.attributes ?? [],
    droppedAttributesCount: message?.droppedAttributesCount ?? 0,
    entityRefs: message?.entityRefs ?? [],
  };
}

/** The same of the library that made it. */
export function scopeDetail(origins: Origins, id: string): ScopeDetail {
  const { message, schemaUrl } = origins.scope(id);
  return {
    schemaUrl,
    name: message?.name ?? "",
    version: message?.version ?? "",
    attributes: message?.attributes ?? [],
    droppedAttributesCount: message?.droppedAttributesCount ?? 0,
  };
}
