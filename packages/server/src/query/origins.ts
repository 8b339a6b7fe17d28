import { decodeBase64 } from "@clew/protocol/otlp/base64";
import { decodeResource, decodeScope } from "@clew/protocol/otlp/decode";
import type { InstrumentationScope, Resource } from "@clew/protocol/otlp/model";
import { MalformedProtobuf } from "@clew/protocol/otlp/protobuf-reader";
import type { Store } from "../store/store.ts";
import { POINT_LOOKUP } from "./query-settings.ts";
import { statement } from "./sql.ts";

/** A resource or scope as it was sent; undefined when the sender gave none. */
export interface Origin<Message> {
  readonly message: Message | undefined;
  readonly schemaUrl: string;
}

interface OriginRow {
  readonly id: string;
  readonly schema_url: string;
  readonly raw: string;
}

const NONE = { message: undefined, schemaUrl: "" };

/** Resources and scopes by the ids that rows refer to them by; each is read once. */
export class Origins {
  readonly #store: Store;
  readonly #signal: AbortSignal | undefined;
  readonly #resources = new Map<string, Origin<Resource>>();
  readonly #scopes = new Map<string, Origin<InstrumentationScope>>();

  constructor(store: Store, signal?: AbortSignal) {
    this.#store = store;
    this.#signal = signal;
  }

  /** Reads what these rows refer to. */
  async load(rows: readonly { readonly resource_id: string; readonly scope_id: string }[]): Promise<void> {
    await Promise.all([
      this.#read(
        "resources-by-id",
        rows.map((row) => row.resource_id),
        this.#resources,
        decodeResource,
      ),
      this.#read(
        "scopes-by-id",
        rows.map((row) => row.scope_id),
        this.#scopes,
        decodeScope,
      ),
    ]);
  }

  resource(id: string): Origin<Resource> {
    return this.#resources.get(id) ?? NONE;
  }

  scope(id: string): Origin<InstrumentationScope> {
    return this.#scopes.get(id) ?? NONE;
  }

  async #read<Message>(
    name: string,
    wanted: readonly string[],
    into: Map<string, Origin<Message>>,
    decode: (bytes: Uint8Array) => Message,
  ): Promise<void> {
    const ids = [...new Set(wanted)].filter((id) => !into.has(id));
    if (ids.length === 0) return;
    const rows = await this.#store.query<OriginRow>(statement(name), {
      parameters: { ids: ids.map(BigInt) },
      settings: POINT_LOOKUP,
      ...(this.#signal && { signal: this.#signal }),
    });
    for (const row of rows)
      into.set(row.id, { message: messageOf(row.raw, decode), schemaUrl: row.schema_url });
  }
}

function messageOf<Message>(raw: string, decode: (bytes: Uint8Array) => Message): Message | undefined {
  const bytes = decodeBase64(raw);
  if (bytes === undefined || bytes.length === 0) return undefined;
  try {
    return decode(bytes);
  } catch (error) {
    if (error instanceof MalformedProtobuf) return undefined;
    throw error;
  }
}
