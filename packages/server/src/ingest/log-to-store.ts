import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Block, Inserter, InsertTrouble } from "../store/inserter.ts";
import { Batch, type BatchContext } from "./encode/batch.ts";
import type { CommittedEnd } from "./log/committed-end.ts";
import type { LogDamage, LogReader } from "./log/log-reader.ts";
import { comparePositions, type Position } from "./log/position.ts";
import type { IngestProgress, Intent, ProgressFile } from "./progress-file.ts";

/** What one insert brought into the store. */
export interface StoredBatch {
  readonly batchId: bigint;
  /** Partition of its rows: days since the Unix epoch, UTC. */
  readonly day: number;
  readonly through: Position;
  readonly spans: number;
  readonly logs: number;
  readonly metricPoints: number;
  /** Ids of the traces that got spans, 16 bytes each; some may be missing from a very large batch. */
  readonly traceIds: Uint8Array;
  /** Tables whose rows the store refuses for good; the requests are kept beside the log. */
  readonly refused: readonly string[];
}

export interface LogToStoreOptions {
  readonly dir: string;
  readonly reader: LogReader;
  readonly committed: CommittedEnd;
  readonly progress: ProgressFile;
  readonly inserter: Inserter;
  readonly context: BatchContext;
  /** How long to wait for more at least once something came, in milliseconds. */
  readonly gatherMs: number;
  readonly onStored: (stored: StoredBatch) => void;
  readonly onDamage: (damage: readonly LogDamage[]) => void;
}

const MAX_ROWS = 150_000;
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_TRACE_IDS = 10_000;
const STREAM_BYTES_PER_SECOND = 1024 * 1024;
const FLOOD_BYTES_PER_SECOND = 18 * 1024 * 1024;
const DAY_MS = 86_400_000;
const START: Position = { segment: 0, offset: 0 };

/**
 * Moves what the durable log has into the store, a batch at a time and in order, each record exactly once.
 * While one batch is inserted the next is encoded. Before an insert begins, its extent is written down, so that
 * a new process can build the same batch and ask the store whether it has it.
 */
export class LogToStore {
  readonly #options: LogToStoreOptions;
  readonly #batches: readonly [Batch, Batch];
  #stopping = false;
  #day = -1;
  #nextBatch = 1n;
  #stored: Position = START;

  constructor(options: LogToStoreOptions) {
    this.#options = options;
    this.#batches = [new Batch(options.context), new Batch(options.context)];
  }

  get trouble(): InsertTrouble | undefined {
    return this.#options.inserter.trouble;
  }

  /** Spans left out because they had come before. */
  get duplicates(): number {
    return this.#options.context.memory.duplicates;
  }

  /** Stores what is in the log by now and ends; an insert that cannot happen is left for the next start. */
  stop(): void {
    this.#stopping = true;
  }

  /** Ends after `stop`. Rejects with `InsertStopped` when the store was away at the end. */
  async run(): Promise<void> {
    await this.#resume();
    let insert: Promise<void> = Promise.resolve();
    let failure: unknown;
    let at = this.#stored;
    for (let round = 0; failure === undefined; round++) {
      const end = await this.#gather(at);
      if (end === undefined) break;
      const batch = this.#batches[round & 1]!;
      const to = await this.#fill(batch, at, end);
      await insert;
      // What is written down next counts all before it as stored.
      if (failure !== undefined) break;
      const intent = { batchId: String(this.#nextBatch++), day: this.#day, from: at, to };
      insert = this.#insert(batch, intent, false).catch((error: unknown) => {
        failure = error;
      });
      at = to;
    }
    await insert;
    if (failure !== undefined) throw failure;
  }

  /** Learns what is stored already, and finishes the insert that was under way when the last process ended. */
  async #resume(): Promise<void> {
    const progress = this.#options.progress.read();
    if (progress === undefined) return;
    this.#stored = progress.stored;
    this.#nextBatch = BigInt(progress.nextBatch);
    const { memory } = this.#options.context;
    const rememberer = this.#batches[0].spans;
    for await (const { records } of this.#options.reader.read(START, progress.stored)) {
      for (const record of records) {
        if (record.signal === "traces") rememberer.remember(record.body);
        else memory.requests.remember(record.body);
      }
    }
    memory.duplicates = 0;
    const { intent } = progress;
    if (intent === undefined) return;
    const batch = this.#batches[0];
    this.#beginDay(intent.day);
    batch.begin(intent.day);
    for await (const { records } of this.#options.reader.read(intent.from, intent.to)) {
      for (const record of records) batch.add(record.signal, record.body);
    }
    await this.#insert(batch, intent, true);
  }

  /** Where a batch may end: waits for something to come and then a little for more. Undefined at the end. */
  async #gather(at: Position): Promise<Position | undefined> {
    const { committed, gatherMs } = this.#options;
    let end = committed.load();
    while (comparePositions(end, at) <= 0) {
      if (this.#stopping) return undefined;
      end = await committed.changed(end, 250);
    }
    // Few large inserts cost far less than many small ones, so the more comes, the longer it is gathered.
    for (
      let waited = 0;
      !this.#stopping && waited < patienceMs(at, end, waited, gatherMs);
      waited += gatherMs
    ) {
      await new Promise((resolve) => setTimeout(resolve, gatherMs));
      end = committed.load();
    }
    return end;
  }

  /** Adds records until the batch is full, the day changes or `end` is reached; returns where it stopped. */
  async #fill(batch: Batch, from: Position, end: Position): Promise<Position> {
    let at = from;
    let count = 0;
    for await (const { records, next, damage } of this.#options.reader.read(from, end)) {
      if (damage.length > 0) this.#options.onDamage(damage);
      for (const record of records) {
        const day = Math.floor(record.appendedMs / DAY_MS);
        if (count === 0) {
          this.#beginDay(day);
          batch.begin(day);
        } else if (day !== this.#day) return at;
        batch.add(record.signal, record.body);
        at = record.next;
        count++;
        if (batch.rows >= MAX_ROWS || (count % 32 === 0 && batch.size >= MAX_BYTES)) return at;
      }
      at = next;
    }
    return comparePositions(at, end) < 0 ? end : at;
  }

  #beginDay(day: number): void {
    if (day === this.#day) return;
    this.#day = day;
    const { resources, scopes, attributes } = this.#options.context;
    resources.forget();
    scopes.forget();
    attributes.keys.forget();
  }

  async #insert(batch: Batch, intent: Intent, uncertain: boolean): Promise<void> {
    const { inserter, progress, onStored } = this.#options;
    const batchId = BigInt(intent.batchId);
    const blocks = batch.blocks(batchId);
    const nextBatch = String(batchId + 1n);
    let refused: string[] = [];
    if (blocks.length > 0) {
      await progress.write({ stored: intent.from, intent, nextBatch });
      refused = await inserter.insert(blocks, batchId, uncertain);
      if (refused.length > 0) await this.#keepRefused(blocks, refused, intent);
    }
    const done: IngestProgress = { stored: intent.to, intent: undefined, nextBatch };
    await progress.write(done);
    this.#stored = intent.to;
    const { spans, logs, metrics } = batch;
    onStored({
      batchId,
      day: intent.day,
      through: intent.to,
      spans: spans.rows,
      logs: logs.rows,
      metricPoints: metrics.rows,
      traceIds: distinctIds(spans.takeTraceIds()),
      refused,
    });
    batch.reset();
  }

  /**
   * Keeps the requests of a batch whose rows the store would not take. Protobuf messages that follow one
   * another are one message, so each file is an export request that `clew import` reads.
   */
  async #keepRefused(blocks: readonly Block[], tables: readonly string[], intent: Intent): Promise<void> {
    if (!blocks.some((block) => tables.includes(block.table))) return;
    const files = new Map<string, Buffer[]>();
    for await (const { records } of this.#options.reader.read(intent.from, intent.to)) {
      for (const { signal, body } of records)
        files.set(signal, [...(files.get(signal) ?? []), Buffer.from(body)]);
    }
    for (const [signal, bodies] of files) {
      const file = await open(join(this.#options.dir, `refused-${intent.batchId}-${signal}.pb`), "w", 0o600);
      try {
        await file.writev(bodies);
        await file.sync();
      } finally {
        await file.close();
      }
    }
  }
}

/**
 * How long to gather in all, given what came in the first `waited` milliseconds: a trickle is stored at once, a
 * stream every 0.4 s, a flood every two seconds or when the batch is full.
 */
function patienceMs(from: Position, end: Position, waited: number, gatherMs: number): number {
  if (waited === 0) return gatherMs;
  const bytes = end.segment === from.segment ? end.offset - from.offset : MAX_BYTES;
  if (bytes >= MAX_BYTES) return 0;
  const bytesPerSecond = (bytes * 1000) / waited;
  if (bytesPerSecond > FLOOD_BYTES_PER_SECOND) return 2000;
  return bytesPerSecond > STREAM_BYTES_PER_SECOND ? 400 : gatherMs;
}

function distinctIds(ids: readonly Buffer[]): Uint8Array {
  const distinct = new Map<string, Buffer>();
  for (const id of ids) {
    distinct.set(id.toString("latin1"), id);
    if (distinct.size >= MAX_TRACE_IDS) break;
  }
  return Buffer.concat([...distinct.values()]);
}
