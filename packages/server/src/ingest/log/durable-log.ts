import { fdatasync, writev } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { Signal } from "@clew/protocol/signal";
import { DiskFull, LogWriteFailed, Overloaded } from "../errors.ts";
import { CommittedEnd } from "./committed-end.ts";
import type { LogDamage } from "./log-reader.ts";
import type { Position } from "./position.ts";
import { RECORD_HEADER_BYTES, writeRecordHeader } from "./record.ts";
import { recoverLog } from "./recovery.ts";
import { SEGMENT_HEADER_BYTES } from "./segment.ts";
import type { ActiveSegment } from "./segment-files.ts";
import { SegmentFiles, syncDir, WRITES_ARE_DURABLE } from "./segment-files.ts";

export interface DurableLogOptions {
  /** Folder of the log's own; made when it isn't there. */
  readonly dir: string;
  /** Size at which a new file is begun, default 64 MiB. */
  readonly segmentBytes?: number;
  /** What may wait to be consumed; default 2 GiB. What is kept after that comes on top of it. */
  readonly maxBytes?: number;
  /** What may wait in memory to become durable; default 64 MiB. A single larger body is taken when nothing waits. */
  readonly maxPendingBytes?: number;
  /** False leaves it to the operating system when to write to disk, for tests. */
  readonly sync?: boolean;
  /** How far a consumer got with an earlier log in `dir`; positions up to there are never given out again. */
  readonly after?: Position;
  readonly nowMs?: () => number;
}

interface Pending {
  readonly signal: Signal;
  readonly body: Uint8Array;
  readonly appendedMs: number;
  resolve(position: Position): void;
  reject(error: unknown): void;
}

/** Most records of one write: each takes two of the kernel's 1024 I/O vectors. */
const BATCH_RECORDS = 500;
const BATCH_BYTES = 16 * 1024 * 1024;
const MAX_SPARES = 2;

/**
 * An append-only log in segment files. An append is over when its bytes are on disk; all that wait share one
 * write and one sync. Bodies are not copied. One process may have the log of a folder open.
 */
export class DurableLog {
  /** What could not be read when the log was opened. */
  readonly damage: readonly LogDamage[];
  /** Readers may read up to here. */
  readonly committed = new CommittedEnd();
  readonly #options: Required<Omit<DurableLogOptions, "after">>;
  readonly #files: SegmentFiles;
  readonly #sealed: { number: number; bytes: number }[];
  #active: ActiveSegment | undefined;
  /** Where the next record goes. */
  #end: Position;
  #nextSegment: number;
  #sealedBytes: number;
  /** How far the consumer is, and how many of `bytes` lie before that. */
  #consumed: Position;
  #consumedBytes = 0;
  #queue: Pending[] = [];
  #pendingBytes = 0;
  /** Set when what the active file holds behind `#end` is unknown: it takes no more. */
  #abandoned = false;
  #committing: Promise<void> | undefined;
  #releasing: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(
    options: Required<Omit<DurableLogOptions, "after">>,
    files: SegmentFiles,
    found: { sealed: { number: number; bytes: number }[]; active: ActiveSegment | undefined; end: Position },
    nextSegment: number,
    consumed: Position,
    damage: readonly LogDamage[],
  ) {
    this.#options = options;
    this.#files = files;
    this.#sealed = found.sealed;
    this.#sealedBytes = found.sealed.reduce((sum, each) => sum + each.bytes, 0);
    this.#active = found.active;
    this.#end = found.end;
    this.#nextSegment = nextSegment;
    this.#consumed = consumed;
    this.damage = damage;
    this.committed.store(found.end);
    this.#countConsumed();
  }

  /** Opens the log and finds its end, cutting off what was being written when the process died. */
  static async open(options: DurableLogOptions): Promise<DurableLog> {
    const complete = {
      segmentBytes: 64 * 1024 * 1024,
      maxBytes: 2 * 1024 * 1024 * 1024,
      maxPendingBytes: 64 * 1024 * 1024,
      sync: true,
      nowMs: Date.now,
      ...options,
    };
    try {
      const made = await mkdir(options.dir, { recursive: true, mode: 0o700 });
      if (made !== undefined && complete.sync) await syncDir(dirname(options.dir));
      const { sealed, last, damage } = await recoverLog(options.dir);
      const files = new SegmentFiles(options.dir, complete.sync, MAX_SPARES);
      const active = last && (await files.reopen(last.number, last.nonce));
      const end = { segment: last?.number ?? 0, offset: last?.end ?? 0 };
      const after = options.after ?? end;
      const nextSegment = Math.max(end.segment, after.segment, sealed.at(-1)?.number ?? 0) + 1;
      const found = { sealed: [...sealed], active, end };
      const consumed = options.after ?? { segment: 0, offset: 0 };
      const log = new DurableLog(complete, files, found, nextSegment, consumed, damage);
      log.#abandoned = after.segment > end.segment || after.offset > end.offset;
      return log;
    } catch (error) {
      throw writeError(options.dir, error);
    }
  }

  /** Where the oldest record that is still kept starts, or would. */
  get start(): Position {
    return { segment: this.#sealed[0]?.number ?? this.#end.segment, offset: 0 };
  }

  /** Bytes on disk that are not released. */
  get bytes(): number {
    return this.#sealedBytes + this.#end.offset;
  }

  /** Bytes on disk that the consumer has still to take. */
  get waitingBytes(): number {
    return this.bytes - this.#consumedBytes;
  }

  /** Bytes in memory that are not durable yet. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /**
   * Where the record starts, once it is durable. Rejects with `Overloaded` when the log is at its size limit,
   * too much waits, or it is closed; with `DiskFull` or `LogWriteFailed` when it could not be written, in which
   * case it is not in the log and appending may be tried again.
   */
  append(signal: Signal, body: Uint8Array): Promise<Position> {
    const size = RECORD_HEADER_BYTES + body.length;
    const refusal = this.#refusal(size);
    if (refusal !== undefined) return Promise.reject(refusal);
    this.#pendingBytes += size;
    return new Promise((resolve, reject) => {
      this.#queue.push({ signal, body, appendedMs: this.#options.nowMs(), resolve, reject });
      this.#committing ??= this.#commit();
    });
  }

  /** Says that nothing before `through` waits any more: it makes room, though its segment may be kept. */
  consumed(through: Position): void {
    this.#consumed = through;
    this.#countConsumed();
  }

  /** Gives up the segments that hold nothing from `upTo` on. */
  release(upTo: Position): Promise<void> {
    const released = this.#releasing.then(() => this.#release(upTo));
    this.#releasing = released.catch(() => undefined);
    return released;
  }

  /** Ends after everything appended is durable or refused. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#committing;
    await this.#releasing;
    await this.#files.discardSpares();
    if (this.#active !== undefined) await this.#files.seal(this.#active, this.#end.offset);
    this.#active = undefined;
  }

  #refusal(size: number): Overloaded | undefined {
    if (this.#closed) return new Overloaded("Clew is shutting down", 5_000);
    const { maxBytes, maxPendingBytes } = this.#options;
    if (this.waitingBytes + this.#pendingBytes + size > maxBytes) {
      return new Overloaded(
        `The durable log is at its limit of ${maxBytes} bytes because the store takes nothing at the moment`,
        5_000,
      );
    }
    if (this.#pendingBytes > 0 && this.#pendingBytes + size > maxPendingBytes) {
      return new Overloaded("More arrives than the disk can take", 1_000, 429);
    }
    return undefined;
  }

  async #commit(): Promise<void> {
    // Appends of the same tick join the first write.
    await undefined;
    while (this.#queue.length > 0) {
      let batch = this.#queue;
      try {
        if (this.#mustRoll()) await this.#roll();
        batch = this.#takeBatch();
        const starts = await this.#write(batch);
        this.committed.store(this.#end);
        for (let i = 0; i < batch.length; i++) batch[i]!.resolve(starts[i]!);
      } catch (error) {
        const failure = writeError(this.#options.dir, error);
        for (const each of batch) each.reject(failure);
      }
      for (const each of batch) this.#pendingBytes -= RECORD_HEADER_BYTES + each.body.length;
      this.#queue.splice(0, batch.length);
    }
    this.#committing = undefined;
  }

  #mustRoll(): boolean {
    if (this.#active === undefined || this.#abandoned) return true;
    const size = RECORD_HEADER_BYTES + this.#queue[0]!.body.length;
    return this.#end.offset > SEGMENT_HEADER_BYTES && this.#end.offset + size > this.#options.segmentBytes;
  }

  /** As many as fit the segment and one write, and at least one. */
  #takeBatch(): Pending[] {
    const room = Math.min(this.#options.segmentBytes - this.#end.offset, BATCH_BYTES);
    let count = 0;
    for (let bytes = 0; count < this.#queue.length && count < BATCH_RECORDS; count++) {
      bytes += RECORD_HEADER_BYTES + this.#queue[count]!.body.length;
      if (count > 0 && bytes > room) break;
    }
    return this.#queue.slice(0, count);
  }

  async #write(batch: readonly Pending[]): Promise<Position[]> {
    const { file, nonce } = this.#active!;
    const headers = Buffer.allocUnsafe(batch.length * RECORD_HEADER_BYTES);
    const buffers: Uint8Array[] = [];
    const starts: Position[] = [];
    let { segment, offset } = this.#end;
    for (let i = 0; i < batch.length; i++) {
      const { signal, body, appendedMs } = batch[i]!;
      const at = i * RECORD_HEADER_BYTES;
      writeRecordHeader(headers, at, nonce, signal, body, appendedMs);
      buffers.push(headers.subarray(at, at + RECORD_HEADER_BYTES), body);
      starts.push({ segment, offset });
      offset += RECORD_HEADER_BYTES + body.length;
    }
    try {
      await writeFully(file.fd, buffers, this.#end.offset);
      if (this.#options.sync && !WRITES_ARE_DURABLE) await syncData(file.fd);
    } catch (error) {
      await this.#undo(error);
      throw error;
    }
    this.#end = { segment, offset };
    return starts;
  }

  /**
   * Takes back a write that failed. After anything but a lack of room, nobody knows which of the file's pages
   * are on disk, so that the file takes no more.
   */
  async #undo(error: unknown): Promise<void> {
    if (!isNoRoom(error)) this.#abandoned = true;
    try {
      await this.#active!.file.truncate(this.#end.offset);
    } catch {
      this.#abandoned = true;
    }
  }

  /** Goes on in a new segment. Where that fails, the next append tries again. */
  async #roll(): Promise<void> {
    const active = this.#active;
    if (active !== undefined) {
      this.#active = undefined;
      this.#sealed.push({ number: active.number, bytes: this.#end.offset });
      this.#sealedBytes += this.#end.offset;
      this.#end = { segment: active.number, offset: 0 };
      await this.#files.seal(active, this.#sealed.at(-1)!.bytes);
    }
    this.#active = await this.#files.create(this.#nextSegment);
    this.#abandoned = false;
    this.#end = { segment: this.#nextSegment++, offset: SEGMENT_HEADER_BYTES };
  }

  async #release(upTo: Position): Promise<void> {
    const { maxBytes, segmentBytes } = this.#options;
    while (this.#sealed.length > 0 && this.#sealed[0]!.number < upTo.segment) {
      const { number, bytes } = this.#sealed[0]!;
      const keep = this.bytes + MAX_SPARES * segmentBytes <= maxBytes && bytes >= segmentBytes / 2;
      await this.#files.discard(number, keep);
      this.#sealed.shift();
      this.#sealedBytes -= bytes;
      this.#countConsumed();
    }
  }

  #countConsumed(): void {
    const { segment, offset } = this.#consumed;
    const before = (number: number, bytes: number): number =>
      number < segment ? bytes : number === segment ? Math.min(offset, bytes) : 0;
    let bytes = before(this.#end.segment, this.#end.offset);
    for (const each of this.#sealed) {
      if (each.number > segment) break;
      bytes += before(each.number, each.bytes);
    }
    this.#consumedBytes = bytes;
  }
}

function isNoRoom(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOSPC" || code === "EDQUOT";
}

function writeError(dir: string, error: unknown): unknown {
  if (isNoRoom(error)) return new DiskFull(dir, { cause: error });
  const bySystem = error instanceof Error && "syscall" in error;
  return bySystem ? new LogWriteFailed(dir, { cause: error }) : error;
}

function writeFully(fd: number, buffers: readonly Uint8Array[], position: number): Promise<void> {
  return new Promise((resolve, reject) => {
    writev(fd, buffers, position, (error, written) => {
      if (error) return reject(error);
      const rest = after(buffers, written);
      if (rest.length === 0) return resolve();
      // A short write means the next one fails, with the reason.
      writeFully(fd, rest, position + written).then(resolve, reject);
    });
  });
}

function after(buffers: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let i = 0;
  for (let left = bytes; i < buffers.length; i++) {
    const { length } = buffers[i]!;
    if (left < length)
      return left === 0 ? buffers.slice(i) : [buffers[i]!.subarray(left), ...buffers.slice(i + 1)];
    left -= length;
  }
  return [];
}

function syncData(fd: number): Promise<void> {
  return new Promise((resolve, reject) => fdatasync(fd, (error) => (error ? reject(error) : resolve())));
}
