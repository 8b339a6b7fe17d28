import assert from "node:assert/strict";
import { encodeOtlp } from "@clew/protocol/otlp/encode";
import type { OtlpData } from "@clew/protocol/otlp/model";
import type { Signal } from "@clew/protocol/signal";
import { Batch, resourceRules } from "../../ingest/encode/batch.ts";
import { KeyTable } from "../../ingest/encode/key-table.ts";
import { IngestMemory } from "../../ingest/encode/memory.ts";
import { Origins } from "../../ingest/encode/origins.ts";
import { TextCache } from "../../ingest/encode/text-cache.ts";
import { inspect } from "../../ingest/inspect.ts";
import { createUnderstand } from "../../ingest/understand/understand.ts";
import type { Store } from "../../store/store.ts";

let batches = 0n;

/** Brings OTLP data into the store the way the server does, as a batch of its own. */
export async function ingest<S extends Signal>(store: Store, signal: S, data: OtlpData[S]): Promise<void> {
  const keys = new KeyTable();
  const batch = new Batch({
    attributes: { keys, texts: new TextCache() },
    resources: new Origins("resource", keys, resourceRules),
    scopes: new Origins("scope", keys, () => []),
    understand: createUnderstand({}),
    memory: new IngestMemory(),
  });
  const body = Buffer.from(encodeOtlp(signal, data));
  assert.equal(inspect(signal, body).rejected, 0);
  batches += 1n;
  batch.begin(20_700);
  batch.add(signal, body);
  for (const block of batch.blocks(batches)) {
    await store.insert({ ...block, deduplicationToken: `${block.table}-${batches}` });
  }
}
