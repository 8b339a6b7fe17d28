import type { ClickHouseStore } from "./clickhouse-store.ts";
import type { NativeBlock } from "./store.ts";
import { QueryTimeout, QueryTooLarge, StoreRefused, StoreUnavailable } from "./store-errors.ts";
import { isSummary, repairSummaries } from "./summaries.ts";

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** A block that the store understood and refused this often will not be taken the next time either. */
const REFUSALS_BEFORE_GIVING_UP = 5;
/** ClickHouse refusals that pass: a server that is read-only for a while. */
const PASSING_REFUSALS = new Set([164]);

/** A block without its deduplication token, which the batch gives it. */
export type Block = Omit<NativeBlock, "deduplicationToken">;

/** What the inserter tells those who watch, for `clew status`. */
export interface InsertTrouble {
  readonly message: string;
  readonly sinceMs: number;
}

/**
 * Brings blocks into the store exactly once. An insert whose answer was lost may have happened, so before it
 * is repeated the store is asked whether it has rows of the batch: a block is one part, there or not.
 */
export class Inserter {
  readonly #store: ClickHouseStore;
  #trouble: InsertTrouble | undefined;
  #stopped = false;

  constructor(store: ClickHouseStore) {
    this.#store = store;
  }

  /** Why inserting does not advance; undefined while it does. */
  get trouble(): InsertTrouble | undefined {
    return this.#trouble;
  }

  /** Makes a waiting insert give up with `InsertStopped`; its batch is inserted after the next start. */
  stop(): void {
    this.#stopped = true;
  }

  /**
   * Inserts the blocks of one batch. `uncertain` says that it may have been tried before. Resolves with the
   * tables whose block the store refuses for good; the caller keeps their bytes.
   */
  async insert(blocks: readonly Block[], batchId: bigint, uncertain: boolean): Promise<string[]> {
    // Replicated tables know a repeated insert by its token; elsewhere summaries in doubt are made anew.
    const canRepair = this.#store.cluster === undefined;
    const refused: string[] = [];
    let inDoubt = uncertain;
    for (const block of blocks) {
      const sums = isSummary(block.table);
      if (sums && (refused.includes("spans") || (canRepair && inDoubt))) continue;
      const outcome = await this.#insertBlock(block, batchId, uncertain);
      if (outcome !== "done" && (sums || block.table === "spans")) inDoubt = true;
      if (outcome === "refused" && !(sums && canRepair)) refused.push(block.table);
    }
    const hasSpans = blocks.some(({ table }) => table === "spans") && !refused.includes("spans");
    if (inDoubt && canRepair && hasSpans) {
      await this.#persist(() => repairSummaries(this.#store, batchId));
    }
    this.#trouble = undefined;
    return refused;
  }

  async #insertBlock(
    block: Block,
    batchId: bigint,
    uncertain: boolean,
  ): Promise<"done" | "uncertain" | "refused"> {
    let check = uncertain;
    let refusals = 0;
    let wasUncertain = false;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        if (check && (await this.#isStored(block, batchId))) return "uncertain";
        await this.#store.insert({ ...block, deduplicationToken: `${block.table}-${batchId}` });
        return wasUncertain ? "uncertain" : "done";
      } catch (error) {
        if (
          error instanceof StoreRefused &&
          !PASSING_REFUSALS.has(error.clickhouseCode) &&
          ++refusals >= REFUSALS_BEFORE_GIVING_UP
        ) {
          return "refused";
        }
        check = true;
        wasUncertain = true;
        await this.#wait(error, pauseMs);
      }
    }
  }

  /** Tables without a batch are written so that a repeat changes nothing. */
  async #isStored(block: Block, batchId: bigint): Promise<boolean> {
    if (block.table !== "spans" && block.table !== "logs" && block.table !== "metric_points") return false;
    const sql = `SELECT 1 AS found FROM ${block.table} WHERE batch_id = {batch_id:UInt64} LIMIT 1`;
    const rows = await this.#store.query(sql, { parameters: { batch_id: batchId } });
    return rows.length > 0;
  }

  async #persist(work: () => Promise<void>): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        await work();
        return;
      } catch (error) {
        await this.#wait(error, pauseMs);
      }
    }
  }

  async #wait(error: unknown, pauseMs: number): Promise<void> {
    const isPassing =
      error instanceof StoreUnavailable ||
      error instanceof StoreRefused ||
      error instanceof QueryTimeout ||
      error instanceof QueryTooLarge;
    if (!isPassing) throw error;
    this.#trouble ??= { message: "", sinceMs: Date.now() };
    this.#trouble = { ...this.#trouble, message: error.message };
    if (this.#stopped) throw new InsertStopped();
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    if (this.#stopped) throw new InsertStopped();
  }
}

/** The process ends while the store is away; the durable log still has everything. */
export class InsertStopped extends Error {
  override readonly name = "InsertStopped";
}
