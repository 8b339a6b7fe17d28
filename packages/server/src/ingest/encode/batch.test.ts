import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeOtlp } from "@clew/protocol/otlp/encode";
import { createUnderstand } from "../understand/understand.ts";
import { Batch, type BatchContext, resourceRules } from "./batch.ts";
import { KeyTable } from "./key-table.ts";
import { IngestMemory } from "./memory.ts";
import { Origins } from "./origins.ts";
import { TextCache } from "./text-cache.ts";

function contextOfWorker(): BatchContext {
  const keys = new KeyTable();
  return {
    attributes: { keys, texts: new TextCache() },
    resources: new Origins("resource", keys, resourceRules),
    scopes: new Origins("scope", keys, () => []),
    understand: createUnderstand({}),
    memory: new IngestMemory(),
  };
}

/** A span of a service and a scope of their own. */
function request(name: string): Buffer {
  const resource = { attributes: [{ key: "service.name", value: { stringValue: name } }] };
  const spans = [{ traceId: "1".repeat(32), spanId: Buffer.from(name.padEnd(8)).toString("hex"), name }];
  const data = { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: `scope-${name}` }, spans }] }] };
  return Buffer.from(encodeOtlp("traces", data));
}

test("what a batch inserts stays as it is while the next batch is filled", () => {
  const context = contextOfWorker();
  const [first, second] = [new Batch(context), new Batch(context)];
  first.begin(20_700);
  first.add("traces", request("first"));
  const blocks = first.blocks(1n);
  const textOf = () => blocks.map(({ table, chunks }) => [table, Buffer.concat([...chunks]).toString("hex")]);
  const before = textOf();
  assert.deepEqual(
    before.map(([table]) => table),
    ["resources", "scopes", "attribute_keys", "spans", "traces", "span_stats"],
  );
  second.begin(20_700);
  for (const name of ["second", "a third one", "4th"]) second.add("traces", request(name));
  second.blocks(2n);
  assert.deepEqual(textOf(), before);
});
