import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { Signal } from "@clew/protocol/signal";
import type { StoreHandle } from "../store/attach.ts";
import type { InsertTrouble } from "../store/inserter.ts";
import { DiskSync } from "./disk-sync.ts";
import { MalformedOtlp } from "./errors.ts";
import { inspect } from "./inspect.ts";
import type { Accepted, Intake } from "./intake.ts";
import { DurableLog } from "./log/durable-log.ts";
import type { LogDamage } from "./log/log-reader.ts";
import type { Position } from "./log/position.ts";
import type { StoredBatch } from "./log-to-store.ts";
import { answerDelayMs } from "./pacing.ts";
import { ProgressFile } from "./progress-file.ts";
import { loadPrices } from "./understand/prices.ts";
import { WireError } from "./wire.ts";
import type { WorkerMessage, WorkerOrder, WorkerSettings } from "./worker-messages.ts";

export interface PipelineLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export interface PipelineOptions {
  readonly dataDir: string;
  /** Bytes that may wait in the durable log before senders are asked to wait too; default 2 GiB. */
  readonly maxLogBytes?: number;
  /** Price table of the user's, read when the pipeline starts. */
  readonly pricesFile?: string | undefined;
  /** Milliseconds to gather before an insert at least, default 100. */
  readonly gatherMs?: number;
  readonly log: PipelineLog;
}

/** What went through, since the process started. */
export interface PipelineStatus {
  readonly storedSpans: number;
  readonly storedLogs: number;
  readonly storedMetricPoints: number;
  /** Records left out because they had come before. */
  readonly duplicates: number;
  /** Bytes in the durable log that are not in the store yet. */
  readonly logBytes: number;
  /** Why storing does not advance; undefined while it does. */
  readonly trouble: InsertTrouble | undefined;
}

/**
 * Receivers hand requests in; they are durable when `accept` resolves, and in the store a moment later. It
 * takes requests before it has a store: they wait in the log.
 */
export class Pipeline implements Intake {
  readonly #options: PipelineOptions;
  readonly #dir: string;
  readonly #log: DurableLog;
  readonly #listeners = new Set<(stored: StoredBatch) => void>();
  #worker: Worker | undefined;
  #workerEnded: Promise<boolean> | undefined;
  #store: StoreHandle | undefined;
  #diskSync: DiskSync | undefined;
  #storedSpans = 0;
  #storedLogs = 0;
  #storedMetricPoints = 0;
  /** Of the threads before this one, and of this one. */
  #duplicatesBefore = 0;
  #duplicates = 0;
  #trouble: InsertTrouble | undefined;
  #releasing = false;
  #closing = false;

  private constructor(options: PipelineOptions, dir: string, log: DurableLog) {
    this.#options = options;
    this.#dir = dir;
    this.#log = log;
    if (log.damage.length > 0) this.#reportDamage(log.damage);
  }

  /**
   * Opens the durable log. One process may have a data folder open; the caller sees to that. Rejects with
   * `PricesInvalid`, and with what the log's folder makes impossible.
   */
  static async open(options: PipelineOptions): Promise<Pipeline> {
    // The ingest thread reads them; a mistake in them should be told now and not there.
    if (options.pricesFile !== undefined) loadPrices(options.pricesFile);
    const dir = join(options.dataDir, "ingest");
    const progress = new ProgressFile(dir).read();
    const log = await DurableLog.open({
      dir,
      ...(options.maxLogBytes !== undefined && { maxBytes: options.maxLogBytes }),
      ...(progress !== undefined && { after: progress.stored }),
    });
    return new Pipeline(options, dir, log);
  }

  get status(): PipelineStatus {
    return {
      storedSpans: this.#storedSpans,
      storedLogs: this.#storedLogs,
      storedMetricPoints: this.#storedMetricPoints,
      duplicates: this.#duplicatesBefore + this.#duplicates,
      logBytes: this.#log.waitingBytes,
      trouble: this.#trouble,
    };
  }

  /** Begins to move the log into the store. */
  start(store: StoreHandle): void {
    this.#store = store;
    // Only the embedded engine leaves it to us when its files are on disk.
    if ("socket" in store) this.#diskSync = new DiskSync(this.#options.dataDir);
    this.#startWorker(store);
  }

  /** Calls `listener` after every insert; the returned function ends that. */
  onStored(listener: (stored: StoredBatch) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async accept(signal: Signal, body: Uint8Array): Promise<Accepted> {
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    const { records, rejected, message, service } = look(signal, bytes);
    if (records > rejected) {
      await this.#log.append(signal, bytes);
      const delayMs = answerDelayMs(this.#log.waitingBytes);
      if (delayMs > 0) await sleep(delayMs);
    }
    return { records: records - rejected, rejected, message, service };
  }

  /**
   * Ends after everything accepted is in the store, or after `timeoutMs`, in which case the rest is stored by
   * the next process. Close the receivers before.
   */
  async close(timeoutMs = 15_000): Promise<void> {
    this.#closing = true;
    const worker = this.#worker;
    if (worker !== undefined) {
      worker.postMessage({ type: "finish" } satisfies WorkerOrder);
      const abandon = setTimeout(
        () => worker.postMessage({ type: "abandon" } satisfies WorkerOrder),
        timeoutMs,
      );
      const terminate = setTimeout(() => void worker.terminate(), timeoutMs + 2_000);
      const complete = await this.#workerEnded;
      clearTimeout(abandon);
      clearTimeout(terminate);
      if (complete !== true)
        this.#options.log.warn({}, "not everything is stored yet; it will be after the next start");
    }
    await this.#log.close();
    this.#diskSync?.close();
  }

  #startWorker(store: StoreHandle): void {
    const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
    const worker = new Worker(new URL(`./worker.${extension}`, import.meta.url), {
      workerData: {
        dir: this.#dir,
        committed: this.#log.committed.memory,
        store,
        gatherMs: this.#options.gatherMs ?? 100,
        pricesFile: this.#options.pricesFile,
      } satisfies WorkerSettings,
    });
    this.#worker = worker;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#workerEnded = promise;
    let complete = false;
    worker.on("message", (message: WorkerMessage) => {
      if (message.type === "stored") this.#onStored(message.stored, message.duplicates);
      else if (message.type === "trouble") this.#trouble = message.trouble;
      else if (message.type === "damage") this.#reportDamage(message.damage);
      else complete = message.complete;
    });
    worker.on("error", (error) => {
      this.#options.log.error({ error }, "the ingest thread failed");
      this.#trouble = {
        message: `storing failed: ${error.message}`,
        sinceMs: this.#trouble?.sinceMs ?? Date.now(),
      };
    });
    worker.on("exit", () => {
      resolve(complete);
      this.#worker = undefined;
      this.#duplicatesBefore += this.#duplicates;
      this.#duplicates = 0;
      // Nothing is lost by a failure: the log has it, and a new thread goes on where this one stopped.
      if (!this.#closing) setTimeout(() => this.#restartWorker(), 1000).unref();
    });
  }

  #restartWorker(): void {
    if (!this.#closing && this.#store !== undefined) this.#startWorker(this.#store);
  }

  #onStored(stored: StoredBatch, duplicates: number): void {
    this.#storedSpans += stored.spans;
    this.#storedLogs += stored.logs;
    this.#storedMetricPoints += stored.metricPoints;
    this.#duplicates = duplicates;
    if (stored.refused.length > 0) {
      const details = { tables: stored.refused, folder: this.#dir };
      this.#options.log.error(details, "the store refused a batch; its requests are kept, see `clew import`");
    }
    for (const listener of this.#listeners) listener(stored);
    this.#log.consumed(stored.through);
    void this.#release(stored.through);
  }

  /**
   * Gives up segments that are in the store. The store writes without fsync, so the data folder is flushed
   * before; the segment before the last is kept to recognise retries after a restart.
   */
  async #release(through: Position): Promise<void> {
    const upTo = { segment: through.segment - 1, offset: 0 };
    if (this.#releasing || this.#log.start.segment >= upTo.segment) return;
    this.#releasing = true;
    try {
      await this.#diskSync?.flush();
      await this.#log.release(upTo);
    } catch (error) {
      this.#options.log.warn({ error }, "segments of the durable log could not be released; will try again");
    } finally {
      this.#releasing = false;
    }
  }

  #reportDamage(damage: readonly LogDamage[]): void {
    const bytes = damage.reduce((sum, each) => sum + each.bytes, 0);
    this.#options.log.error({ damage, bytes }, "part of the durable log cannot be read and is skipped");
  }
}

function look(signal: Signal, bytes: Buffer) {
  try {
    return inspect(signal, bytes);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new MalformedOtlp(`The body is not an OTLP ${signal} request in protobuf: ${error.message}`, {
      cause: error,
    });
  }
}
