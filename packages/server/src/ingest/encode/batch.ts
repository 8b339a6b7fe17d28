import type { Signal } from "@clew/protocol/signal";
import type { Block } from "../../store/inserter.ts";
import type { InsertTable } from "../../store/store.ts";
import { nativeBlock } from "../native/block.ts";
import { LowCardinalityColumn, StringColumn } from "../native/columns.ts";
import { ConstantColumn } from "../native/constant-column.ts";
import { ATTRIBUTE_RULES } from "../understand/keys.ts";
import { SLOT } from "../understand/slot.ts";
import type { Understand } from "../understand/understand.ts";
import type { AttributeContext } from "./attributes.ts";
import { LogEncoder } from "./logs.ts";
import type { IngestMemory } from "./memory.ts";
import { MetricEncoder } from "./metrics.ts";
import type { Origins } from "./origins.ts";
import { SpanEncoder } from "./spans.ts";

/** What all batches of one worker share. */
export interface BatchContext {
  readonly attributes: AttributeContext;
  readonly resources: Origins;
  readonly scopes: Origins;
  readonly understand: Understand;
  readonly memory: IngestMemory;
}

/**
 * Requests of the durable log on their way to become one insert per table. Adding is synchronous and
 * allocates little; the blocks refer to the batch's memory until `reset`.
 */
export class Batch {
  readonly #context: BatchContext;
  readonly spans: SpanEncoder;
  readonly logs: LogEncoder;
  readonly metrics: MetricEncoder;
  #day = 0;

  constructor(context: BatchContext) {
    this.#context = context;
    const options = { ...context, context: context.attributes };
    this.spans = new SpanEncoder(options);
    this.logs = new LogEncoder(options);
    this.metrics = new MetricEncoder(options);
  }

  get rows(): number {
    return this.spans.rows + this.logs.rows + this.metrics.rows;
  }

  /** Bytes held by the columns. Costs a walk over all columns. */
  get size(): number {
    return this.spans.size + this.logs.size + this.metrics.size;
  }

  begin(day: number): void {
    this.#context.attributes.keys.bound();
    this.#day = day;
  }

  add(signal: Signal, body: Buffer): void {
    if (signal === "traces") this.spans.add(body, this.#day);
    else if (!this.#context.memory.requests.remember(body)) this.#context.memory.duplicates++;
    else if (signal === "logs") this.logs.add(body, this.#day);
    else this.metrics.add(body, this.#day);
  }

  /** Blocks in the order in which they must be inserted: what rows refer to comes first, what they add up to after them. */
  blocks(batchId: bigint): Block[] {
    const { resources, scopes } = this.#context;
    const day = this.#day;
    const blocks: Block[] = [];
    const add = (table: InsertTable, rows: number, chunks: () => Uint8Array[]) => {
      if (rows > 0) blocks.push({ table, rows, chunks: chunks() });
    };
    for (const [table, origins] of [
      ["resources", resources],
      ["scopes", scopes],
    ] as const) {
      // Few and small; copied (a Buffer's slice is no copy), because the next batch adds to the same columns while
      // this one is inserted.
      add(table, origins.rows, () =>
        nativeBlock(origins.columns, origins.rows).map((chunk) => new Uint8Array(chunk)),
      );
      origins.stored();
    }
    const keys = this.#attributeKeys(day);
    if (keys !== undefined) blocks.push(keys);
    add("spans", this.spans.rows, () => this.spans.block(day, batchId));
    blocks.push(...this.spans.summaries(day));
    add("logs", this.logs.rows, () => this.logs.block(day, batchId));
    add("metric_points", this.metrics.rows, () => this.metrics.block(day, batchId));
    return blocks;
  }

  reset(): void {
    this.spans.reset();
    this.logs.reset();
    this.metrics.reset();
  }

  #attributeKeys(day: number): Block | undefined {
    const fresh = this.#context.attributes.keys.takeFresh();
    if (fresh.length === 0) return undefined;
    const level = new LowCardinalityColumn();
    const key = new StringColumn();
    const type = new LowCardinalityColumn();
    const receivedDay = new ConstantColumn("Date", 2);
    for (const seen of fresh) {
      level.string(seen.level);
      key.data.string(seen.key);
      type.string(seen.type);
    }
    receivedDay.set(BigInt(day), fresh.length);
    const chunks = nativeBlock({ level, key, type, received_day: receivedDay }, fresh.length);
    return { table: "attribute_keys", rows: fresh.length, chunks };
  }
}

/** Ids that stand on a resource hold for all its records that don't have one of their own. */
const RESOURCE_SLOTS: readonly number[] = [
  SLOT.sessionId,
  SLOT.conversationId,
  SLOT.taskId,
  SLOT.testCaseId,
  SLOT.testRunId,
  SLOT.userId,
];
const BELOW_OWN = 1000;

/** Slot and rank pairs that a resource attribute fills for all records of the resource. */
export function resourceRules(key: string): number[] {
  const rules = ATTRIBUTE_RULES.filter((rule) => rule.key === key && RESOURCE_SLOTS.includes(rule.slot));
  return rules.flatMap((rule) => [rule.slot, rule.rank + BELOW_OWN]);
}
