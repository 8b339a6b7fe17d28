import { decodeBase64 } from "@clew/protocol/otlp/base64";
import { decodeResource, decodeScope } from "@clew/protocol/otlp/decode";
import type { KeyValue } from "@clew/protocol/otlp/model";
import { MalformedProtobuf } from "@clew/protocol/otlp/protobuf-reader";
import type { Store } from "../../store/store.ts";
import { POINT_LOOKUP } from "../query-settings.ts";
import { statement } from "../sql.ts";
import { codeOf } from "./coded-value.ts";

/** Which resources, or scopes, have an attribute, and its value as a coded text each. */
export interface InlinedOrigins {
  readonly ids: readonly bigint[];
  readonly codes: readonly string[];
}

/** Reads what only the messages themselves tell: types that differ between resources, attributes of scopes. */
export async function inlineOrigins(
  store: Store,
  kind: "resource" | "scope",
  key: string,
  signal?: AbortSignal,
): Promise<InlinedOrigins> {
  const rows = await store.query<{ id: string; raw: string }>(
    statement(kind === "resource" ? "traceql-resources-with-key" : "traceql-scopes"),
    {
      parameters: kind === "resource" ? { key } : {},
      settings: POINT_LOOKUP,
      ...(signal && { signal }),
    },
  );
  const ids: bigint[] = [];
  const codes: string[] = [];
  for (const { id, raw } of rows) {
    const found = attributesOf(kind, raw).find((attribute) => (attribute.key ?? "") === key)?.value;
    const code = found === undefined ? "" : codeOf(found);
    if (code === "") continue;
    ids.push(BigInt(id));
    codes.push(code);
  }
  return { ids, codes };
}

function attributesOf(kind: "resource" | "scope", raw: string): readonly KeyValue[] {
  const bytes = decodeBase64(raw);
  if (bytes === undefined) return [];
  try {
    return (kind === "resource" ? decodeResource(bytes) : decodeScope(bytes)).attributes ?? [];
  } catch (error) {
    if (error instanceof MalformedProtobuf) return [];
    throw error;
  }
}
