import { decodeBase64 } from "@clew/protocol/otlp/base64";
import { decodeScope } from "@clew/protocol/otlp/decode";
import { MalformedProtobuf } from "@clew/protocol/otlp/protobuf-reader";
import type { Field } from "@clew/protocol/traceql/ast";
import type { Store } from "../../../store/store.ts";
import { POINT_LOOKUP } from "../../query-settings.ts";
import { statement } from "../../sql.ts";
import { isServiceColumn, type Known } from "../conditions.ts";
import { type InlinedOrigins, inlineOrigins } from "../origins-inlined.ts";

/** Of a field that resources or scopes have: its coded value by their ids. */
export interface OriginCodes extends InlinedOrigins {
  readonly kind: "resource" | "scope";
  /** Where there is none, the value is an empty text instead of nil. */
  readonly isNeverNil: boolean;
}

/** Reads what resources and scopes say of fields; nothing for fields that they do not have. */
export async function originCodes(
  store: Store,
  fields: readonly Field[],
  known: Known,
  signal?: AbortSignal,
): Promise<ReadonlyMap<Field, OriginCodes>> {
  const read = await Promise.all(
    fields.map(async (field): Promise<[Field, OriginCodes][]> => {
      const codes = await codesOf(store, field, known, signal);
      return codes === undefined ? [] : [[field, codes]];
    }),
  );
  return new Map(read.flat());
}

async function codesOf(
  store: Store,
  field: Field,
  { types, inlined }: Known,
  signal?: AbortSignal,
): Promise<OriginCodes | undefined> {
  if (field.kind === "intrinsic") {
    if (field.name !== "instrumentation:name" && field.name !== "instrumentation:version") return undefined;
    return { kind: "scope", isNeverNil: true, ...(await scopeTexts(store, field.name, signal)) };
  }
  const { scope, name } = field;
  if (isServiceColumn(field, types)) return undefined;
  const kind = scope === "instrumentation" ? "scope" : "resource";
  if (kind === "resource" && scope !== "resource" && scope !== "any") return undefined;
  if (types.of(kind, name) === "") return undefined;
  const known = inlined.get(`${kind} ${name}`);
  return { kind, isNeverNil: false, ...(known ?? (await inlineOrigins(store, kind, name, signal))) };
}

async function scopeTexts(
  store: Store,
  name: "instrumentation:name" | "instrumentation:version",
  signal?: AbortSignal,
): Promise<InlinedOrigins> {
  const rows = await store.query<{ id: string; raw: string }>(statement("traceql-scopes"), {
    settings: POINT_LOOKUP,
    ...(signal && { signal }),
  });
  return {
    ids: rows.map(({ id }) => BigInt(id)),
    codes: rows.map(({ raw }) => `s${textOf(raw, name)}`),
  };
}

function textOf(raw: string, field: "instrumentation:name" | "instrumentation:version"): string {
  const bytes = decodeBase64(raw);
  if (bytes === undefined) return "";
  try {
    const { name, version } = decodeScope(bytes);
    return (field === "instrumentation:name" ? name : version) ?? "";
  } catch (error) {
    if (error instanceof MalformedProtobuf) return "";
    throw error;
  }
}
